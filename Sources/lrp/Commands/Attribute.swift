import ArgumentParser
import CompositeFiles
import Foundation
import LRP
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors

/// `lrp attribute`: explains pictures or arrays and writes the relevance to files.
struct Attribute: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain what a model says about a picture, an array, or a folder of pictures.",
    discussion: """
      Examples:
        lrp attribute --input cat.png --output heatmap.png
        lrp attribute --input cat.png --composite epsilon_plus --target 'tiger cat' --output r.npy --ledger r.csv
        lrp attribute --model resnet18 --classes 10 --weights w.safetensors --input x.npy \\
            --composite rules.yaml --output r.npy --layers-output layers.safetensors
        lrp attribute --model vgg16_bn --weights w.pth --dataset val --output 'heatmaps/{sample:04d}.png'

      Pictures (PNG, JPEG, WebP) are resized, cropped and normalised as the model expects. Arrays (NPY, NPZ; N x C x H x W or \
      C x H x W, float32) are used as they are.
      """)

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Rules") var rules: CompositeOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("A picture, or an array (.npy, .npz).", valueName: "file"))
  var input: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the relevance goes: .npy (float32, the input's shape), .png (heatmap), or .safetensors (relevance, "
        + "output and input); with --dataset, a format such as 'heatmaps/{sample:04d}.png'. A file that exists is "
        + "replaced, once all is computed.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Relevance at the output of every node, under the node's name.", valueName: "file.safetensors"))
  var layersOutput: String?

  @Option(
    help: ArgumentHelp(
      "How much relevance each weight and bias of linear layers with a rule carries, summed over the samples, under the "
        + "parameter's name.", valueName: "file.safetensors"))
  var parametersOutput: String?

  @Option(
    help: ArgumentHelp("Where each layer's relevance went: .json or .csv.", valueName: "file"))
  var ledger: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The class that is explained: its number, its label, or top1, the strongest of each sample; with --dataset also "
        + "label, the number of the picture's folder. (default: top1, with --dataset label)",
      valueName: "class"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "What is put in at the output: the target's logit, one, or the whole output.", valueName: "logit|one|output"))
  var outputRelevance: OutputRelevanceChoice = .logit

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples computed at a time; the results do not depend on it.", valueName: "count"))
  var batchSize = 8

  @Flag(help: "Say on standard error what the canonizers changed in the network.")
  var verbose = false

  @Flag(help: "Report seconds and peak memory on standard error.")
  var time = false

  @OptionGroup(title: "Folder of pictures") var dataset: DatasetOptions
  @OptionGroup(title: "Attributor") var attributor: AttributorOptions
  @OptionGroup(title: "Heatmap (.png)") var heatmap: HeatmapOptions

  mutating func validate() throws {
    guard (input == nil) != (dataset.folder == nil) else {
      let found = input == nil ? "neither --input nor --dataset" : "both --input and --dataset"
      throw ValidationError("\(found) found, one of them expected")
    }
    if dataset.folder != nil, layersOutput != nil || parametersOutput != nil || ledger != nil {
      throw ValidationError(
        "--layers-output, --parameters-output and --ledger belong to --input; explain single pictures to see them")
    }
    if batchSize < 1 { throw ValidationError("--batch-size: \(batchSize) found, at least 1 expected") }
    if outputRelevance == .output, target != nil {
      throw ValidationError("--target has no use with --output-relevance output, which explains all outputs")
    }
    if attributor.kind != .gradient, layersOutput != nil || parametersOutput != nil || ledger != nil {
      throw ValidationError(
        "--layers-output, --parameters-output and --ledger are of a single backward pass; '\(attributor.kind.rawValue)' makes many"
      )
    }
  }

  func run() throws {
    if let folder = dataset.folder { return try explain(dataset: folder) }
    if let input { try explain(input: input) }
  }

  private func explain(input path: String) throws {
    let clock = ContinuousClock()
    let began = clock.now
    let files = try OutputFiles(self)
    Interruption.listen()
    let model = try self.model.load(for: [rules.composite])
    let input = try InputLoading.load(path, card: model.card)
    let composite = try resolvedComposite(for: model)
    let assignment =
      try composite.composite?.apply(to: model.network) ?? Assignment(gradientOf: model.network)
    try assignment.check(
      shapes: try InputLoading.shapes(of: assignment.network, for: input, in: path, card: model.card))
    try BatchMemory.check(
      batchSize: batchSize, samples: input.shape.batch, of: assignment.network, sample: input.shape)
    if verbose {
      let changes = try CanonizerChange.list(composite.composite?.canonizers ?? [], on: model.network)
      CanonizerChange.summary(changes).forEach(StandardError.write)
    }
    let target = try model.card.target(self.target)
    var gradient = Gradient(
      assignment, keepsNodeRelevance: files.layers != nil, keepsLedger: files.ledger != nil,
      isUsedOnce: attributor.kind == .gradient && input.shape.batch <= batchSize)
    gradient.keepsParameterRelevance = files.parameters != nil
    let loading = clock.now - began

    let progress = StandardErrorProgress("explaining")
    assignment.warnings.forEach(StandardError.warn)
    let run = try AttributionRun(
      network: assignment.network, of: model.network, input: input, batchSize: batchSize,
      outputRelevance: { try relevance(of: target, network: assignment.network, input: input.samples($0)) },
      attributor: attributor.attributor(gradient, input: input.shape, seed: self.model.seed),
      progress: { share in
        try Interruption.check()
        progress.show(share)
      })
    progress.finish()
    warnOfNumbers(run)
    try write(run, to: files, path: path, input: input, model: model.card, composite: composite.name)
    if time {
      StandardError.write(TimeReport(load: loading, run: run.times, total: clock.now - began).text)
    }
  }

  // MARK: Steps

  func resolvedComposite(for model: Model) throws -> ResolvedComposite {
    let resolver = try CompositeResolver(model: model, options: rules)
    guard attributor.kind == .occlusion else {
      let composite = try resolver.resolve(rules.composite)
      composite.warnings.forEach(StandardError.warn)
      return composite
    }
    if let name = rules.composite, name != "none" {
      StandardError.warn("--composite has no effect: occlusion only looks at outputs")
    }
    return try resolver.resolve("none")
  }

  /// What is put in at the output. The strongest class is that of the input itself, also for attributors that look at
  /// changed inputs.
  func relevance(of target: Target, network: Network, input: Tensor) throws -> OutputRelevance {
    var target = target
    if target == .top1, attributor.kind != .gradient, outputRelevance != .output {
      let output = try network.forward(input) { _ in try Interruption.check() }[network.output]
      target = .indices(try target.classes(for: output))
    }
    switch outputRelevance {
    case .output: return .output
    case .logit: return .logit(target)
    case .one: return .one(target)
    }
  }

  private func warnOfNumbers(_ run: AttributionRun) {
    if !run.output.isFinite {
      StandardError.warn("the model's output is not finite; check the input and the weights")
    } else if let place = run.notFinitePlace {
      StandardError.warn(
        "relevance is not finite, from \(place) on; a larger stabilizer or epsilon keeps denominators away from zero")
    }
  }

  private func write(
    _ run: AttributionRun, to files: OutputFiles, path: String, input: Tensor, model card: ModelCard, composite: String
  ) throws {
    let targets =
      try outputRelevance == .output ? nil : card.target(target).classes(for: run.output)
    let metadata = [
      "model": card.name, "composite": composite, "input": path, "attributor": attributor.kind.rawValue,
      "output_relevance": outputRelevance.rawValue,
      "targets": targets.map { $0.map(String.init).joined(separator: ",") } ?? "",
    ]
    try Interruption.check()
    if let file = files.layers {
      try SafetensorsFile.write(run.nodeRelevance, metadata: metadata, to: file.path)
    }
    if let file = files.parameters {
      try SafetensorsFile.write(run.parameterRelevance, metadata: metadata, to: file.path)
    }
    if let file = files.ledger, let report = run.ledger {
      let heading = LedgerFile.Heading(
        model: card.name, composite: composite, input: path, targets: targets)
      try LedgerFile.write(report, heading: heading, to: file)
    }
    try RelevanceFile.write(
      run.relevance, to: files.output, options: try heatmap.imageOptions(),
      extra: [("output", run.output), ("input", input)], metadata: metadata)
  }
}

/// The files that are going to be written, checked before anything is computed.
private struct OutputFiles {
  let output: OutputFile
  let layers: OutputFile?
  let parameters: OutputFile?
  let ledger: OutputFile?

  init(_ command: Attribute) throws {
    output = try OutputFile(command.output, option: "--output", formats: RelevanceFile.formats)
    layers = try command.layersOutput.map {
      try OutputFile($0, option: "--layers-output", formats: ["safetensors"])
    }
    parameters = try command.parametersOutput.map {
      try OutputFile($0, option: "--parameters-output", formats: ["safetensors"])
    }
    ledger = try command.ledger.map { try OutputFile($0, option: "--ledger", formats: ["json", "csv"]) }
    let inputs = [command.input, command.model.weights, command.attributor.baseline].compactMap { $0 }
    try OutputFile.checkDistinct([output, layers, parameters, ledger].compactMap { $0 }, inputs: inputs)
  }
}
