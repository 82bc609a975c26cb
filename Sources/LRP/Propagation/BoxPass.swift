import NeuralNetwork
import Tensors

/// The three terms of zᴮ as one pass: what the bounds contribute is a convolution with `v = low·w⁺ + high·w⁻`, the same
/// for every sample, so that `z = f(x) − Σ v − b` and `R_in = x · Jᵀ s − J(v)ᵀ s`.
struct BoxPass: JoinedPass {
  /// `w`, then `v`; without a bias, as what the bounds are given is taken away again.
  let layer: Convolution
  private let place: RulePlace
  private let input: Tensor

  /// Whether a group is made of such terms, with bounds that are the same at every position.
  static func suits(_ group: TermGroup, _ layer: any Layer) -> Bool {
    guard group.terms.count == 3, let layer = layer as? Convolution, layer.geometry.groups == 1,
      !layer.geometry.isTransposed, group.terms.map(\.sign) == [1, -1, -1],
      group.terms.map(\.parameters.change) == [.none, .positive, .negative],
      group.terms[0].input == .identity, bounds(of: group, channels: layer.weight.shape[1]) != nil
    else { return false }
    return group.terms.allSatisfy { $0.parameters.zero.isEmpty || layer.bias == nil && $0.parameters.zero == [.bias] }
  }

  /// For each channel.
  private static func bounds(of group: TermGroup, channels: Int) -> (low: [Float], high: [Float])? {
    guard case .bound(let low) = group.terms[1].input, case .bound(let high) = group.terms[2].input,
      let low = low.numbers(channels: channels), let high = high.numbers(channels: channels)
    else { return nil }
    return (low, high)
  }

  /// - Returns: `nil` where the terms or the layer are others, or parameters' relevance is asked for.
  init?(of group: TermGroup, at place: RulePlace) {
    guard Self.suits(group, place.layer), place.parameterAccount == nil, place.inputs.count == 1,
      let original = place.layer as? Convolution,
      let bounds = Self.bounds(of: group, channels: original.weight.shape[1])
    else { return nil }
    self.place = place
    input = place.inputs[0].converted(to: .channelsLast)
    func make() -> Convolution {
      original.joining([original.weight, original.weight.atBounds(bounds.low, bounds.high)], bias: nil)
    }
    layer = place.cache.cached(place.index, .joined(group.terms), make) as? Convolution ?? make()
  }

  func forward() throws -> Tensor {
    // The bounds meet `v` alone.
    var one = input.shape.withTwiceTheChannels.dimensions
    one[0] = 1
    let (channels, positions) = (input.shape.channels, input.shape.spatialCount)
    var ones = Tensor.zeros(Shape(one))
    ones.withUnsafeMutableBufferPointer { ones in
      for position in 0..<positions {
        for c in channels..<2 * channels { ones[2 * position * channels + c] = 1 }
      }
    }
    let bounds = try layer.forward([ones])
    return place.output.minus(bounds, bias: (place.layer as? Convolution)?.bias)
  }

  func share(of seed: Tensor, times factor: Float) throws -> Tensor {
    let gradients = try layer.gradient(seed, inputShape: input.shape.withTwiceTheChannels)
    let channels = max(1, input.shape.channels)
    var result = Tensor(uninitialized: input.shape)
    let (source, parts) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(gradients.unsafeAddress))
    let target = UncheckedMutablePointer(result.uniqueAddress())
    parallelFor(input.count / channels, grain: max(1, Parallelism.fineGrain / channels)) { range in
      for position in range {
        let start = position &* channels
        let (x, to, c) = (source.pointer + start, target.pointer + start, parts.pointer + 2 &* start)
        for i in 0..<channels { to[i] = factor * (x[i] * c[i] - c[channels &+ i]) }
      }
    }
    withExtendedLifetime((input, gradients, result)) {}
    return result
  }
}

extension Tensor {
  /// `low·w⁺ + high·w⁻` for a weight `(O, I, kernel…)`, bounds for each input channel.
  fileprivate func atBounds(_ low: [Float], _ high: [Float]) -> Tensor {
    var result = converted(to: .rowMajor)
    let (channels, size) = (shape[1], shape.spatialCount)
    result.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices {
        let (channel, w) = (index / size % channels, buffer[index])
        buffer[index] = w > 0 ? low[channel] * w : high[channel] * w
      }
    }
    return result
  }

  /// For each sample, less what all of them share: `(1, C, …)` and a number for each channel.
  fileprivate func minus(_ shared: Tensor, bias: Tensor?) -> Tensor {
    let plain = converted(to: .channelsLast)
    let (channels, size) = (max(1, shape.channels), shape.sampleCount)
    var result = Tensor(uninitialized: shape)
    let (x, y) = (UncheckedPointer(plain.unsafeAddress), UncheckedPointer(shared.unsafeAddress))
    let (b, target) = (bias.map { UncheckedPointer($0.unsafeAddress) }, UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count / channels, grain: max(1, Parallelism.fineGrain / channels)) { range in
      for position in range {
        let start = position &* channels
        let (x, y, to) = (x.pointer + start, y.pointer + start % size, target.pointer + start)
        for c in 0..<channels { to[c] = x[c] - y[c] }
        if let b = b?.pointer {
          for c in 0..<channels { to[c] -= b[c] }
        }
      }
    }
    withExtendedLifetime((plain, shared, bias, result)) {}
    return result
  }
}
