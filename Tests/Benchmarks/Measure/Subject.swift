import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import Tensors

/// A model with its input, ready to be explained.
struct Subject {
  let network: Network
  let canonizers: [any Canonizer]
  private let card: ModelCard
  let isEmbedded: Bool

  init(_ name: String) throws {
    isEmbedded = ModelZoo.list.contains { $0.name == name && $0.isEmbedded }
    let model = try ModelZoo.load(name, classes: isEmbedded ? nil : Case.classes, seed: Case.seed)
    network = model.network
    card = model.card
    canonizers = try CanonizerCatalog.make(model.card.defaultCanonizers, for: model.network)
  }

  /// The model's own picture, or noise for one with random parameters; `(batch, C, H, W)`.
  func input(_ item: Case) throws -> Tensor {
    let (channels, side) = (card.inputShape[0], item.side ?? card.inputShape[1])
    guard isEmbedded, item.side == nil, channels == 3 else {
      let uniform = SeededParameters(seed: Case.seed).uniform("input", [item.batch, channels, side, side])
      return uniform.map { 2 * $0 - 1 }.converted(to: .channelsLast)
    }
    let picture = try Picture(contentsOfFile: try picturePath)
    let sample = try card.preprocessing.tensor(rgb: picture.rgb, width: picture.width, height: picture.height)
    return .stacked([Tensor](repeating: sample, count: item.batch))
  }

  /// The model's own picture.
  var picturePath: String { get throws { try AssetLocator().path(card.defaultPicture) } }

  /// `nil` for the plain gradient.
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

  /// - Parameter noiseLevel: of SmoothGrad.
  func attributor(_ item: Case, noiseLevel: Double = 0.1) throws -> any Attributor {
    let gradient = try Gradient(network, composite: composite(item.composite))
    switch item.method {
    case .gradient: return gradient
    case .smoothgrad: return SmoothGrad(gradient, noiseLevel: noiseLevel, iterations: item.iterations)
    case .integratedGradients: return IntegratedGradients(gradient, iterations: item.iterations)
    case .occlusion:
      let side = (item.side ?? card.inputShape[1]) / item.iterations
      return Occlusion(network, window: [side, side], stride: [side, side])
    }
  }
}
