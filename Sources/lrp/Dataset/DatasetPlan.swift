import FileSystem
import Foundation
import Heatmaps
import ModelZoo
import Tensors

/// Which pictures are explained, in which order, and where the results go.
struct DatasetPlan {
  struct Sample {
    /// Counted from 0 in the order of the run.
    let number: Int
    let picture: String
    let classIndex: Int
    let output: String
    let inputOutput: String?

    var outputs: [String] { [output] + (inputOutput.map { [$0] } ?? []) }
  }

  let folder: ImageFolder
  let samples: [Sample]

  /// - Parameter seed: of the order, if it is shuffled.
  /// - Throws: if the folder, the formats or the paths they give cannot be used.
  init(_ folder: ImageFolder, options: DatasetOptions, output: String, seed: UInt64) throws {
    self.folder = folder
    let template = try DatasetOptions.template(output, option: "--output", formats: RelevanceFile.formats)
    let inputs = try options.inputsOutput.map {
      try DatasetOptions.template($0, option: "--inputs-output", formats: ["png", "npy"])
    }
    var chosen = folder.samples
    if options.shuffle == true {
      var generator = SplitMix64(seed: seed)
      chosen.shuffle(using: &generator)
    }
    samples = chosen.prefix(options.maxSamples ?? .max).enumerated().map { number, sample in
      let name = ((sample.path as NSString).lastPathComponent as NSString).deletingPathExtension
      let values: [String: PathTemplate.Value] = [
        "sample": .number(number), "class": .number(sample.classIndex),
        "label": .text(folder.classes[sample.classIndex]), "name": .text(name),
      ]
      return Sample(
        number: number, picture: sample.path, classIndex: sample.classIndex, output: template.path(values),
        inputOutput: inputs?.path(values))
    }
    try checkDistinct()
  }

  /// No two results may go to one file, nor any over a picture.
  private func checkDistinct() throws {
    var owners: [String: String] = [:]
    for sample in samples { owners[Self.identity(sample.picture)] = sample.picture }
    for sample in samples {
      for path in sample.outputs {
        if let other = owners.updateValue("the result of \(sample.picture)", forKey: Self.identity(path)) {
          throw CommandFailure(
            "\(path): the result of \(sample.picture) would overwrite \(other); put {sample} into the format")
        }
      }
    }
  }

  private static func identity(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// What of the folder may not be what it seems, for the user.
  func notes(for card: ModelCard) -> [String] {
    var notes: [String] = []
    if let first = folder.skipped.first {
      let others = folder.skipped.count > 1 ? " and \(folder.skipped.count - 1) other files" : ""
      notes.append("no pictures, left out: \(first)\(others)")
    }
    if let first = folder.unreadable.first {
      let others = folder.unreadable.count > 1 ? " and \(folder.unreadable.count - 1) others" : ""
      notes.append("names that are not UTF-8, left out: \(first)\(others); rename them")
    }
    // Folders called like classes, but in another order.
    let labels = Dictionary(card.labels.enumerated().map { ($1.lowercased(), $0) }) { first, _ in first }
    let names = folder.classes.enumerated().map { (index: $0, name: $1) }
    let misplaced = names.first { entry in
      let meant = labels[entry.name.lowercased()] ?? Int(entry.name)
      return meant.map { $0 != entry.index && (0..<card.classes).contains($0) } ?? false
    }
    if let misplaced {
      notes.append(
        "the folder '\(misplaced.name)' is number \(misplaced.index) by name, which is \(card.title(ofClass: misplaced.index))"
          + " to \(card.name); folders are counted, not read: add empty ones or rename them if another class is meant")
    }
    return notes
  }

  /// - Throws: ``CommandFailure`` if there are more folders than classes.
  func check(for card: ModelCard) throws {
    guard let sample = samples.first(where: { $0.classIndex >= card.classes }) else { return }
    throw CommandFailure(
      "\(sample.picture): is in folder number \(sample.classIndex), counted from 0 by name, \(card.name) has the "
        + "classes 0 to \(card.classes - 1); give another --model or --classes, or another --target")
  }
}
