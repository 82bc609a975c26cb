import NeuralNetwork
import Tensors

/// Two terms, one for the positive and one for the negative part of the input, as one pass: the parts side by side as
/// twice as many channels, the parameters joined likewise.
///
/// `f(x⁺; w₁) + f(x⁻; w₂)` is then one convolution instead of two and an addition, and its adjoint gives both gradients.
struct SplitPass {
  let layer: Convolution
  private let input: Tensor
  private let parts: Tensor

  /// Whether a group is made of such terms.
  private static func suits(_ group: TermGroup) -> Bool {
    group.terms.map(\.input) == [.positive, .negative] && group.terms.allSatisfy { $0.sign == 1 }
  }

  /// - Returns: `nil` where the terms or the layer are others, or the input has one sign only, so that a term is zero.
  init?(of group: TermGroup, at place: RulePlace) {
    guard Self.suits(group), let original = place.layer as? Convolution,
      original.geometry.groups == 1, !original.geometry.isTransposed, place.inputs.count == 1,
      place.signs(ofInput: 0) == .mixed
    else { return nil }
    input = place.inputs[0].converted(to: .channelsLast)
    layer = place.cache.layer(place.index, original, splitBy: group.terms.map(\.parameters))
    parts = input.signParts
  }

  func forward() throws -> Tensor { try layer.forward([parts]) }

  /// `x⁺ · c₁ + x⁻ · c₂`, times a factor.
  func share(of seed: Tensor, times factor: Float) throws -> Tensor {
    let gradients = try layer.vjp(seed, inputs: [parts], output: seed)
    return input.signedProduct(with: gradients[0], times: factor)
  }
}

extension PropagationCache {
  /// The layer for both parts of the input: the modified weights side by side, the first bias.
  fileprivate func layer(_ index: Int, _ original: Convolution, splitBy modifiers: [ParameterModifier]) -> Convolution {
    let made = cached(index, .split(modifiers)) { original.split(by: modifiers) }
    return made as? Convolution ?? original.split(by: modifiers)
  }
}

extension Convolution {
  /// A convolution of twice as many channels, the weights of which are those of two modified ones.
  fileprivate func split(by modifiers: [ParameterModifier]) -> Convolution {
    let layers = modifiers.map { $0.apply(to: self as any ParameterizedLayer) }
    let weights = layers.map { $0.weight.converted(to: .rowMajor) }
    var extents = weight.shape.dimensions
    extents[1] = weights.reduce(0) { $0 + $1.shape[1] }
    var joined = Tensor(uninitialized: Shape(extents), layout: .rowMajor)
    let run = weight.shape.sampleCount
    joined.withUnsafeMutableBufferPointer { target in
      for (part, weight) in weights.enumerated() {
        weight.withUnsafeBufferPointer { source in
          for output in 0..<extents[0] {
            let row = UnsafeBufferPointer(rebasing: source[output * run..<(output + 1) * run])
            let start = (output * weights.count + part) * run
            _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + run]).update(from: row)
          }
        }
      }
    }
    return replacing(weight: joined, bias: layers.first?.bias)
  }
}

extension Tensor {
  /// `(N, 2C, …)`: for each position all `x⁺`, then all `x⁻`.
  fileprivate var signParts: Tensor {
    var extents = shape.dimensions
    let channels = extents[1]
    extents[1] *= 2
    var result = Tensor(uninitialized: Shape(extents))
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
        for c in 0..<channels {
          let (value, positive, negative) = (x[c], high[c], low[c])
          to[c] = factor * value * (value < 0 ? negative : positive)
        }
      }
    }
    withExtendedLifetime((self, gradients, result)) {}
    return result
  }
}
