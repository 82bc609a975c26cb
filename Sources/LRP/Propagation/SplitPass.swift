import CKernels
import NeuralNetwork
import Tensors

/// Two terms, one for the positive and one for the negative part of the input, as one pass:
/// `f(x⁺; w₁) + f(x⁻; w₂)`.
struct SplitPass: JoinedPass {
  let layer: Convolution
  private let input: Tensor

  /// Whether a group is made of such terms, the first of which brings the bias.
  static func suits(_ group: TermGroup, _ layer: any ParameterizedLayer) -> Bool {
    group.terms.map(\.input) == [.positive, .negative] && group.terms.allSatisfy { $0.sign == 1 }
      && (layer.bias == nil || group.terms[1].parameters.zero.contains(.bias))
  }

  /// - Returns: `nil` where the terms or the layer are others, or the input has one sign only, so that a term is zero.
  init?(of group: TermGroup, at place: RulePlace) {
    guard let original = place.layer as? Convolution, Self.suits(group, original),
      original.geometry.groups == 1, !original.geometry.isTransposed, place.inputs.count == 1,
      place.signs(ofInput: 0) == .mixed
    else { return nil }
    input = place.inputs[0].converted(to: .channelsLast)
    func make() -> Convolution {
      let layers = group.terms.map { $0.parameters.apply(to: original as any ParameterizedLayer) }
      return original.joining(layers.map(\.weight), bias: layers.first?.bias)
    }
    layer = place.cache.cached(place.index, .joined(group.terms), make) as? Convolution ?? make()
  }

  func forward() throws -> Tensor { try layer.forward([input.signParts]) }

  /// `x⁺ · c₁ + x⁻ · c₂`, times a factor.
  func share(of seed: Tensor, times factor: Float) throws -> Tensor {
    let gradients = try layer.gradient(seed, inputShape: input.shape.withTwiceTheChannels)
    return input.signedProduct(with: gradients, times: factor)
  }
}

extension Tensor {
  /// `(N, 2C, …)`: for each position all `x⁺`, then all `x⁻`.
  fileprivate var signParts: Tensor {
    let channels = shape.channels
    var result = Tensor(uninitialized: shape.withTwiceTheChannels)
    let (source, target) = (UncheckedPointer(unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count / max(1, channels), grain: max(1, Parallelism.fineGrain / max(1, channels))) { range in
      let (positive, negative) = (PositivePart(), NegativePart())
      for position in range {
        let row = source.pointer + position &* channels
        let (high, low) = (target.pointer + 2 &* position &* channels, target.pointer + (2 &* position + 1) &* channels)
        for c in 0..<channels { high[c] = positive(row[c]) }
        for c in 0..<channels { low[c] = negative(row[c]) }
      }
    }
    withExtendedLifetime((self, result)) {}
    return result
  }

  /// `factor · (x⁺ · c₁ + x⁻ · c₂)` for gradients `(N, 2C, …)`.
  fileprivate func signedProduct(with gradients: Tensor, times factor: Float) -> Tensor {
    let channels = shape.channels
    var result = Tensor(uninitialized: shape)
    let (source, parts) = (UncheckedPointer(unsafeAddress), UncheckedPointer(gradients.unsafeAddress))
    let target = UncheckedMutablePointer(result.uniqueAddress())
    parallelFor(count / max(1, channels), grain: max(1, Parallelism.fineGrain / max(1, channels))) { range in
      for position in range {
        let start = position &* channels
        let (x, to) = (source.pointer + start, target.pointer + start)
        let (high, low) = (parts.pointer + 2 &* start, parts.pointer + 2 &* start + channels)
        lrp_signed_product(x, high, low, factor, to, Int64(channels))
      }
    }
    withExtendedLifetime((self, gradients, result)) {}
    return result
  }
}
