import FileSystem
import Foundation
import Heatmaps
import LRP
import ModelFormats
import ModelZoo
import NeuralNetwork
import ProgramFiles
import Tensors
import TerminalUI

/// Explains the pictures of a plan, batch by batch; nothing is kept of a batch but what is written.
struct DatasetRun {
  struct Summary {
    var explained = 0
    /// Done by an earlier run.
    var resumed = 0
    var correct = 0
    /// Pictures that could not be read.
    var unreadable = 0
    var times = RunTimes()

    var count: Int { explained + resumed }
    /// `Accuracy: 0.83 (25 of 30)`.
    var accuracy: String {
      let share = String(format: "%.2f", Double(correct) / Double(max(1, count)))
      return "Accuracy: \(share) (\(correct) of \(count))"
    }
  }

  let plan: DatasetPlan
  let card: ModelCard
  /// The network as it was opened, whose files are asked about.
  let network: Network
  let batchSize: Int
  let record: RunRecord
  let image: ImageOptions
  let metadata: [String: String]
  /// Makes the attributor of some samples, by their numbers.
  let attributor: ([Int]) throws -> any Attributor
  /// What is explained of inputs with these classes.
  let outputRelevance: (_ input: Tensor, _ classes: [Int]) throws -> OutputRelevance

  /// - Throws: what keeps results from being made or written, `CancellationError` on control-C; pictures that cannot be
  ///   read are warned about and left out.
  func run() throws -> Summary {
    var summary = Summary()
    var waiting: [DatasetPlan.Sample] = []
    for sample in plan.samples {
      guard let entry = finished(sample) else {
        waiting.append(sample)
        continue
      }
      summary.resumed += 1
      if entry.predicted == entry.class { summary.correct += 1 }
    }
    let progress = DatasetProgress(total: plan.samples.count, before: summary.resumed)
    defer { progress.finish() }
    var watch = Stopwatch()
    for start in stride(from: 0, to: waiting.count, by: batchSize) {
      let samples = Array(waiting[start..<min(start + batchSize, waiting.count)])
      try run(samples, start: start, progress, &watch, &summary)
    }
    summary.times = watch.times
    return summary
  }

  private func finished(_ sample: DatasetPlan.Sample) -> RunRecord.Entry? {
    record.finished(
      sample: sample.number, picture: sample.picture, class: sample.classIndex, outputs: sample.outputs)
  }

  private func run(
    _ samples: [DatasetPlan.Sample], start: Int, _ progress: DatasetProgress, _ watch: inout Stopwatch,
    _ summary: inout Summary
  ) throws {
    var readable: [DatasetPlan.Sample] = []
    var inputs: [Tensor] = []
    for sample in samples {
      try Interruption.check()
      do {
        inputs.append(try InputLoading.load(sample.picture, card: card))
        readable.append(sample)
      } catch {
        summary.unreadable += 1
        progress.finish()
        StandardError.warn("\(error); left out")
      }
    }
    guard !readable.isEmpty else { return }
    let input = Tensor.stacked(inputs)
    let classes = readable.map(\.classIndex)
    watch.startBatch()
    let result = try attributor(readable.map(\.number)).attribute(input, outputRelevance(input, classes)) { step in
      watch.note(step)
      try Interruption.check()
      progress.show(Double(start) + step.share * Double(samples.count))
    }
    watch.finishBatch()
    // Parameters may lie in a file that was overwritten meanwhile: what was computed then is no result.
    try network.checkUnchanged()
    var entries: [RunRecord.Entry] = []
    for (index, sample) in readable.enumerated() {
      try write(sample, result, input, index: index)
      let predicted = result.output.strongestClass(ofSample: index)
      if predicted == sample.classIndex { summary.correct += 1 }
      entries.append(
        .init(sample: sample.number, picture: sample.picture, class: sample.classIndex, predicted: predicted))
    }
    try record.append(entries)
    summary.explained += readable.count
  }

  private func write(_ sample: DatasetPlan.Sample, _ result: Attribution, _ input: Tensor, index: Int) throws {
    let relevance = result.relevance.sample(index)
    if !relevance.isFinite {
      StandardError.warn(
        "\(sample.picture): relevance is not finite; a larger stabilizer or epsilon keeps denominators away from zero")
    }
    let own = ["picture": sample.picture, "class": "\(sample.classIndex)"]
    try RelevanceFile.write(
      relevance, to: try file(sample.output, option: "--output", formats: RelevanceFile.formats), options: image,
      extra: [("output", result.output.sample(index)), ("input", input.sample(index))],
      metadata: metadata.merging(own) { $1 })
    guard let path = sample.inputOutput else { return }
    let target = try file(path, option: "--inputs-output", formats: ["png", "npy"])
    let picture = input.sample(index)
    if target.format == "npy" {
      try NPYFile.write(picture, to: target.path)
    } else if let view = card.preprocessing.picture(of: picture) {
      try RasterImage(Picture(width: view.width, height: view.height, rgb: view.rgb)).write(toPNG: target.path)
    }
  }

  private func file(_ path: String, option: String, formats: [String]) throws -> OutputFile {
    let folder = Folder.containing(path)
    if !folder.isEmpty { try Folder.make(folder) }
    return try OutputFile(path, option: option, formats: formats)
  }
}

/// The bar of a run, with rate and time left.
private final class DatasetProgress {
  private let bar = StandardErrorProgress("explaining")
  private let pace: Pace
  private let before: Double
  private let began = ContinuousClock.now

  init(total: Int, before: Int) {
    pace = Pace(total: total, unit: "pictures")
    self.before = Double(before)
  }

  /// - Parameter done: pictures done since the beginning.
  func show(_ done: Double) {
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    bar.show((before + done) / Double(max(1, pace.total))) {
      pace.text(done: before + done, seconds: seconds, unmeasured: before)
    }
  }

  func finish() { bar.finish() }
}
