import Compute
import NeuralNetwork
import Tensors

/// All passes of a step as one: several inputs side by side as that many times the channels, the parameters likewise.
///
/// A sum of convolutions is then a single one, and one adjoint gives all gradients.
struct FusedPass {
  /// The layer for all inputs, with what the passes add to their denominator as its bias.
  let layer: Convolution
  private let fusion: Plan.Fusion
  private let context: RuleContext
  private let input: Tensor
  private let original: Convolution

  /// - Returns: `nil` where the passes are run one after the other.
  init?(of step: Plan.Step, in context: RuleContext) {
    // Parameters of each pass have a share of their own; only those for either sign are still told apart afterwards.
    guard step.fusion == .signs || step.fusion == .constants && context.parameterAccount == nil,
      let original = context.layer as? Convolution
    else { return nil }
    fusion = step.fusion
    self.context = context
    self.original = original
    input = context.inputs[0].converted(to: .channelsLast)
    func make() -> Convolution {
      let bias = original.bias.flatMap { _ in Self.bias(of: step, original) }
      if step.fusion == .signs {
        return original.joining(step.terms.map { $0.parameters.apply(to: original.weight, as: .weight) }, bias: bias)
      }
      return original.joining([original.weight, Self.constants(step, original)], bias: bias)
    }
    layer = context.cache.cached(context.index, .fused(step.terms), make) as? Convolution ?? make()
  }

  /// `Σ sign_k b̃_k`; `nil` where nothing is left.
  private static func bias(of step: Plan.Step, _ layer: Convolution) -> Tensor? {
    var sum: Tensor?
    for term in step.terms {
      guard let bias = term.parameters.bias(of: layer) else { continue }
      sum = sum.map { $0 + bias * term.sign } ?? bias * term.sign
    }
    return sum.flatMap { $0.rowMajorElements().contains { $0 != 0 } ? $0 : nil }
  }

  /// `Σ sign_k · x̃_k · w̃_k` of the terms whose input is the same everywhere: weights for an input of ones.
  private static func constants(_ step: Plan.Step, _ layer: Convolution) -> Tensor {
    let channels = layer.weight.shape[1]
    var sum = Tensor.zeros(layer.weight.shape, layout: .rowMajor)
    for term in step.terms.dropFirst() {
      guard let values = term.input.constants(channels: channels) else { continue }
      let weight = term.parameters.apply(to: layer.weight, as: .weight).converted(to: .rowMajor)
      sum += weight.scalingSecondAxis(by: values.map { $0 * term.sign })
    }
    return sum
  }

  /// `z̃ = Σ sign_k z_k`.
  func forward() throws -> Tensor {
    if fusion == .signs { return try layer.forward([input.signParts]) }
    // The first pass is the layer's own. What the others give is the same for every sample.
    let constant = try layer.forward([Tensor.onesInSecondHalf(of: input.shape.withTwiceTheChannels.withBatch(1))])
    return context.output.adding(constant, minusPerChannel: original.bias)
  }

  /// `Σ sign_k · x̃_k · c_k`, times a factor.
  func share(of seed: Tensor, times factor: Float) throws -> Tensor {
    let gradients = try layer.gradient(seed, inputShape: input.shape.withTwiceTheChannels)
    return fusion == .signs
      ? input.signedProduct(with: gradients, times: factor) : input.productPlusSecondHalf(of: gradients, times: factor)
  }
}

extension Convolution {
  /// A convolution of as many times the channels, the weights of which are `parts`, each of this one's shape.
  fileprivate func joining(_ parts: [Tensor], bias: Tensor?) -> Convolution {
    replacing(weight: Tensor.joiningSecondAxis(parts), bias: bias)
  }
}
