import ArgumentParser
import Foundation
import LRP
import ModelZoo
import NeuralNetwork
import Tensors

/// `lrp evaluate`: how good explanations are, in numbers and curves.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how good explanations are: pixel flipping, relevance inside a rectangle.",
    discussion: """
      pixel-flipping: blocks of pixels are deleted (or inserted), those with the most relevance first, and the target's \
      logit and probability are followed. The smaller the area under the curve while deleting, the better the \
      explanation; a random order is the baseline. Several inputs give the mean curve.

      relevance-share: the share of the relevance, and of the positive relevance (the energy-based pointing game), that \
      lies in a rectangle; to be compared with the share of the pixels.

      Examples:
        lrp evaluate --input cat.png --composite epsilon_plus --composite none --output curve.png
        lrp evaluate --input cat.png --composite epsilon_plus --mode insertion --fill blur --block 16 --output curve.csv
        lrp evaluate --input cat.png --metric relevance-share --rectangle 40,20,120,150
      """)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A picture, or an array (.npy, .npz); may be given several times.", valueName: "file"))
  var input: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A preset, a composite file, or 'none' for the plain gradient; may be given several times. Without --model, the "
        + "files' own 'model' is explained. "
        + "(default: what suits the model)", valueName: "preset|file|none"))
  var composite: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The class that is explained and followed: its number, its label, or top1, the strongest of each sample. "
        + "(default: top1)", valueName: "class"))
  var target: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Curves or shares: .csv, .json, or .png, .svg, .pdf for a figure. The areas or shares are printed in any case.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("pixel-flipping: what the figure shows.", valueName: "probability|logit"))
  var quantity: FlippingCurve.Quantity = .probability

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pictures computed at a time; the results do not depend on it.", valueName: "count"))
  var batchSize = 8

  @OptionGroup(title: "Metric") var metric: MetricOptions

  mutating func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size: \(batchSize) found, at least 1 expected") }
    if input.isEmpty { throw ValidationError("no --input found, at least one expected") }
  }

  func run() throws {
    let file = try output.map { try OutputFile($0, option: "--output", formats: EvaluationFile.formats) }
    try OutputFile.checkDistinct(file.map { [$0] } ?? [], inputs: input + (model.weights.map { [$0] } ?? []))
    Interruption.listen()
    let model = try self.model.load(for: composite)
    let inputs = try input.map { try InputLoading.load($0, card: model.card) }
    for (path, input) in zip(self.input, inputs) {
      _ = try InputLoading.shapes(of: model.network, for: input, in: path, card: model.card)
      try BatchMemory.check(
        batchSize: batchSize, samples: (metric.steps ?? 50) &+ 1, of: model.network, sample: input.shape)
    }
    let resolver = CompositeResolver(model: model)
    var subjects: [EvaluationSubject] = []
    let names: [String?] = composite.isEmpty ? [nil] : composite
    for name in names {
      let resolved = try resolver.resolve(name)
      resolved.warnings.forEach(StandardError.warn)
      subjects.append(
        EvaluationSubject(name: resolved.name, gradient: try Gradient(model.network, composite: resolved.composite)))
    }
    let evaluation = Evaluation(
      network: model.network, subjects: subjects, inputs: inputs, target: try model.card.target(target))
    let heading = EvaluationFile.Heading(
      model: model.card.name, inputs: input, target: target ?? "top1", metric: metric.metric.rawValue)
    let progress = StandardErrorProgress("evaluating")
    func report(_ share: Double) throws {
      try Interruption.check()
      progress.show(share)
    }
    switch metric.metric {
    case .pixelFlipping:
      let flipping = metric.flipping(for: model.card, batchSize: batchSize)
      let curves = try evaluation.curves(flipping, seed: self.model.seed, progress: report)
      progress.finish()
      try model.network.checkUnchanged()
      if !curves.allSatisfy({ $0.curve.isFinite }) {
        StandardError.warn("the model's output is not finite; check the input and the weights")
      }
      print(EvaluationFile.table(curves), terminator: "")
      if let file { try EvaluationFile.write(curves, flipping, quantity, heading: heading, to: file) }
    case .relevanceShare:
      guard let rectangle = metric.rectangle else { return }
      let shares = try evaluation.shares(in: rectangle, progress: report)
      progress.finish()
      try model.network.checkUnchanged()
      print(EvaluationFile.table(shares), terminator: "")
      if let file { try EvaluationFile.write(shares, heading: heading, to: file) }
    }
  }
}

extension FlippingCurve.Quantity: ExpressibleByArgument {}
