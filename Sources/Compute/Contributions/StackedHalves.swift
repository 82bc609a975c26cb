import CKernels
import Tensors

// Two inputs side by side, `(N, 2C, …)`, so that one convolution of twice the channels does what two would.

extension Shape {
  /// `(N, 2C, …)` for `(N, C, …)`.
  package var withTwiceTheChannels: Shape {
    var extents = dimensions
    extents[1] *= 2
    return Shape(extents)
  }
}

extension Tensor {
  /// `(N, 2C, …)` for `(N, C, …)`, channels last: for each position all `x⁺`, then all `x⁻`.
  package var signParts: Tensor {
    let channels = max(1, shape.channels)
    var result = Tensor(uninitialized: shape.withTwiceTheChannels)
    let (source, target) = (UncheckedPointer(unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count / channels, grain: max(1, Parallelism.fineGrain / channels)) { range in
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
  package func signedProduct(with gradients: Tensor, times factor: Float) -> Tensor {
    rows(with: gradients) { x, high, low, to, channels in
      lrp_signed_product(x, high, low, factor, to, Int64(channels))
    }
  }

  /// `factor · (x · c₁ + c₂)` for gradients `(N, 2C, …)`.
  package func productPlusSecondHalf(of gradients: Tensor, times factor: Float) -> Tensor {
    rows(with: gradients) { x, first, second, to, channels in
      for c in 0..<channels { to[c] = factor * (x[c] * first[c] + second[c]) }
    }
  }

  private typealias Row = UnsafePointer<Float>

  /// For each position a row of `x`, one of each half, and one of the result.
  private func rows(
    with halves: Tensor, _ body: @Sendable (Row, Row, Row, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Tensor {
    let channels = max(1, shape.channels)
    var result = Tensor(uninitialized: shape)
    let (source, parts) = (UncheckedPointer(unsafeAddress), UncheckedPointer(halves.unsafeAddress))
    let target = UncheckedMutablePointer(result.uniqueAddress())
    parallelFor(count / channels, grain: max(1, Parallelism.fineGrain / channels)) { range in
      for position in range {
        let start = position &* channels
        let first = parts.pointer + 2 &* start
        body(source.pointer + start, first, first + channels, target.pointer + start, channels)
      }
    }
    withExtendedLifetime((self, halves, result)) {}
    return result
  }

  /// Zeros in the first half of the channels, ones in the second.
  package static func onesInSecondHalf(of shape: Shape) -> Tensor {
    let channels = shape.channels
    var ones = Tensor.zeros(shape)
    ones.withUnsafeMutableBufferPointer { ones in
      for position in 0..<ones.count / max(1, channels) {
        for c in channels / 2..<channels { ones[position * channels + c] = 1 }
      }
    }
    return ones
  }

  /// For each sample, plus what all of them share, `(1, C, …)`, less a number for each channel.
  package func adding(_ shared: Tensor, minusPerChannel numbers: Tensor?) -> Tensor {
    let plain = converted(to: .channelsLast)
    let (channels, size) = (max(1, shape.channels), shape.sampleCount)
    var result = Tensor(uninitialized: shape)
    let (x, y) = (UncheckedPointer(plain.unsafeAddress), UncheckedPointer(shared.unsafeAddress))
    let (b, target) = (
      numbers.map { UncheckedPointer($0.unsafeAddress) }, UncheckedMutablePointer(result.uniqueAddress())
    )
    parallelFor(count / channels, grain: max(1, Parallelism.fineGrain / channels)) { range in
      for position in range {
        let start = position &* channels
        let (x, y, to) = (x.pointer + start, y.pointer + start % size, target.pointer + start)
        for c in 0..<channels { to[c] = x[c] + y[c] }
        if let b = b?.pointer {
          for c in 0..<channels { to[c] -= b[c] }
        }
      }
    }
    withExtendedLifetime((plain, shared, numbers, result)) {}
    return result
  }

  /// Weights `(O, I, kernel…)` of one shape as one of `(O, parts · I, kernel…)`.
  package static func joiningSecondAxis(_ parts: [Tensor]) -> Tensor {
    let parts = parts.map { $0.converted(to: .rowMajor) }
    var extents = parts[0].shape.dimensions
    extents[1] *= parts.count
    var joined = Tensor(uninitialized: Shape(extents), layout: .rowMajor)
    let run = parts[0].shape.sampleCount
    joined.withUnsafeMutableBufferPointer { target in
      for (part, weight) in parts.enumerated() {
        weight.withUnsafeBufferPointer { source in
          for output in 0..<extents[0] {
            let row = UnsafeBufferPointer(rebasing: source[output * run..<(output + 1) * run])
            let start = (output * parts.count + part) * run
            _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + run]).update(from: row)
          }
        }
      }
    }
    return joined
  }

  /// A row-major weight `(O, I, kernel…)` times a number for each `I`.
  package func scalingSecondAxis(by factors: [Float]) -> Tensor {
    var result = self
    let (channels, size) = (shape[1], shape.spatialCount)
    result.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices { buffer[index] *= factors[index / size % channels] }
    }
    return result
  }
}
