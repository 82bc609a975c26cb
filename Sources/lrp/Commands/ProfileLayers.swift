import ArgumentParser
import Compute
import Foundation
import LRP
import ModelZoo
import NeuralNetwork
import Tensors

/// `lrp profile`: what each layer takes, beside what the machine could do it in.
struct ProfileLayers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Measure each layer of an explanation against what the machine can do.",
    discussion: """
      The limits are measured first: arithmetic of large products, and the bandwidth of memory and of the caches, which \
      counts where a layer's data fits one. Every layer's passes, forward and under its rule, are counted and timed; 'of \
      limit' is the share of the time that the limits would allow. Layers that lose the most time (all times are in ms) come \
      first. 'in cache' stands where the layer before left the data in a nearer cache, so that none of it had to be fetched.

      Example: OMP_NUM_THREADS=1 lrp profile --model vgg16 --composite epsilon_plus
      """)

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Rules") var rules: CompositeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A picture, or an array (.npy, .npz). (default: the model's picture)", valueName: "file"))
  var input: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The class that is explained, as for 'lrp attribute'. (default: top1)", valueName: "class"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples explained at a time; the input's first one is repeated.", valueName: "count"))
  var batchSize = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Counted runs; medians are reported.", valueName: "count"))
  var repeats = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only so many layers, the worst.", valueName: "count"))
  var layers: Int?

  @Flag(help: "Write JSON.") var json = false

  mutating func validate() throws {
    for (name, value) in [("--batch-size", batchSize), ("--repeats", repeats), ("--layers", layers ?? 1)]
    where value < 1 {
      throw ValidationError("\(name): \(value) found, at least 1 expected")
    }
  }

  func run() throws {
    Interruption.listen()
    let model = try self.model.load(for: [rules.composite])
    let path = try self.input ?? AssetLocator().path(model.card.defaultPicture)
    let sample = try InputLoading.load(path, card: model.card)
    _ = try InputLoading.shapes(of: model.network, for: sample, in: path, card: model.card)
    try BatchMemory.check(batchSize: batchSize, samples: .max, of: model.network, sample: sample.shape)
    let input = Tensor.stacked([Tensor](repeating: sample.sample(0), count: batchSize))
    let composite = try CompositeResolver(model: model, options: rules).resolve(rules.composite)
    composite.warnings.forEach(StandardError.warn)
    let assignment = try composite.composite?.apply(to: model.network) ?? Assignment(gradientOf: model.network)
    let target = try model.card.target(self.target)
    let progress = StandardErrorProgress("measuring")
    let profile = try Profile(
      of: assignment, input: input, output: .logit(target), repeats: repeats, limits: .measured(),
      progress: { share in
        try Interruption.check()
        progress.show(share)
      })
    progress.finish()
    try model.network.checkUnchanged()
    let report = ProfileReport(
      profile, model: model.card.name, composite: composite.name, batch: batchSize, limit: layers)
    print(json ? try JSONText.text(report) : report.text, terminator: "")
  }
}
