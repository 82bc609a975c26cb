import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import Tensors

/// One row of the benchmark: what is explained with what.
struct Case: Hashable, Sendable, Codable {
  let model: String
  let composite: String
  let batch: Int

  var title: String { "\(model), \(composite), batch \(batch)" }

  /// Seeds parameters and inputs, as `Tests/Fixtures/reference` does.
  static let seed: UInt64 = 11
  static let target = 5
  static let classes = 10

  static let quick = [
    Case(model: "efficientnet_lite0", composite: "epsilon_plus", batch: 1),
    Case(model: "efficientnet_lite0", composite: "epsilon_gamma_box", batch: 1),
  ]
  static let all =
    quick + [
      Case(model: "vgg16", composite: "gradient", batch: 1),
      Case(model: "vgg16", composite: "epsilon_plus", batch: 1),
      Case(model: "vgg16", composite: "epsilon_gamma_box", batch: 1),
      Case(model: "vgg16", composite: "all_gamma", batch: 1),
      Case(model: "resnet50", composite: "epsilon_plus", batch: 1),
      Case(model: "resnet50", composite: "epsilon_gamma_box", batch: 1),
      Case(model: "vgg16", composite: "epsilon_plus", batch: 8),
      Case(model: "vgg16", composite: "epsilon_gamma_box", batch: 8),
      Case(model: "resnet50", composite: "epsilon_plus", batch: 8),
      Case(model: "resnet50", composite: "epsilon_gamma_box", batch: 8),
    ]
}

/// A model with its input, ready to be explained.
struct Subject {
  let network: Network
  let canonizers: [any Canonizer]
  private let sample: Tensor?

  init(_ name: String) throws {
    let isEmbedded = ModelZoo.list.contains { $0.name == name && $0.isEmbedded }
    let model = try ModelZoo.load(name, classes: isEmbedded ? nil : Case.classes, seed: Case.seed)
    network = model.network
    canonizers = try model.card.defaultCanonizers.map { try CanonizerCatalog.make($0) }
    sample = isEmbedded ? try Self.picture(model.card) : nil
  }

  private static func picture(_ card: ModelCard) throws -> Tensor {
    let picture = try Picture(contentsOfFile: AssetLocator().path(card.defaultPicture))
    return try card.preprocessing.tensor(rgb: picture.rgb, width: picture.width, height: picture.height)
  }

  /// `(batch, 3, 224, 224)`.
  func input(batch: Int) -> Tensor {
    if let sample { return .stacked([Tensor](repeating: sample, count: batch)) }
    let uniform = SeededParameters(seed: Case.seed).uniform("input", [batch, 3, 224, 224])
    return uniform.map { 2 * $0 - 1 }.converted(to: .channelsLast)
  }

  func composite(_ name: String) throws -> (any Composite)? {
    switch name {
    case "gradient": return nil
    case "all_gamma":
      return LayerMapComposite(layerMap: .base() + [LayerMapEntry(.linear, Gamma())], canonizers: canonizers)
    default:
      var options = PresetOptions()
      options.canonizers = canonizers
      options.low = .scalar(-3)
      options.high = .scalar(3)
      return try Preset.named(name).composite(options)
    }
  }
}
