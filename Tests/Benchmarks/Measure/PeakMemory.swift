import Foundation
import Heatmaps
import ModelFormats
import ModelZoo
import Tensors

/// The most memory that an explanation takes as a user has it made: by a whole process that reads the parameters from a
/// file, the same for both sides.
struct PeakMemory {
  private let item: Case
  private let subject: Subject
  /// `nil` for a model that brings its parameters along.
  private let weights: String?
  private let folder: URL

  /// Writes the files.
  init(_ item: Case) throws {
    self.item = item
    subject = try Subject(item.model)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("lrp-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard !subject.isEmbedded else {
      weights = nil
      return
    }
    let path = folder.appendingPathComponent("weights.safetensors").path
    try SafetensorsFile.write(Self.parameters(of: item.model), to: path)
    weights = path
    try NPYFile.write(subject.input(item), to: input)
  }

  /// Takes the files away.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  private var input: String {
    get throws { try subject.isEmbedded ? subject.picturePath : folder.appendingPathComponent("input.npy").path }
  }

  /// In bytes, of `lrp attribute`.
  func ours() throws -> Double {
    let program = URL(fileURLWithPath: Child.ownPath).deletingLastPathComponent().appendingPathComponent("lrp").path
    var arguments = [
      "attribute", "--model", item.model, "--composite", item.composite, "--target", "\(Case.target)", "--input",
      try input,
      "--output", folder.appendingPathComponent("relevance.npy").path, "--time",
    ]
    if let weights { arguments += ["--weights", weights] }
    let text = String(decoding: try Child.output(of: program, arguments, errors: true), as: UTF8.self)
    guard let found = text.firstMatch(of: /peak memory ([0-9]+) MiB/), let size = Double(found.1) else {
      throw Child.Failure(description: "\(program): no peak memory found in its report: \(text)")
    }
    return size * 1_048_576
  }

  /// In bytes, of a process that imports zennit.
  func theirs(python: String) throws -> Double? {
    try Reference(python: python)?.run(item, weights: weights)?.answer.peak
  }

  /// For all parameters of the original, with its number of classes, numbers like those of the other cases.
  private static func parameters(of model: String) throws -> [(name: String, tensor: Tensor)] {
    let seeded = SeededParameters(seed: Case.seed)
    return try ModelZoo.outline(model).parameters.sorted { $0.key < $1.key }.map { name, shape in
      let numbers = seeded.uniform(name, shape)
      if shape.rank > 1 {
        let bound = (6 / Float(shape.sampleCount)).squareRoot()
        return (name, numbers.map { (2 * $0 - 1) * bound })
      }
      let isFactor = name.hasSuffix("weight") || name.hasSuffix("running_var")
      return (name, numbers.map { isFactor ? $0 + 0.5 : 0.2 * (2 * $0 - 1) })
    }
  }
}
