import Tensors

extension PoolingWindows {
  /// What each window's sum is multiplied by, for the windows of one sample.
  /// - Parameters:
  ///   - countsPadding: whether zeros of the padding count as elements.
  ///   - divisor: the number to divide by instead of counting.
  package func averageFactors(countsPadding: Bool, divisor: Int?) -> [Float] {
    let (depths, heights, widths) = (axes[0], axes[1], axes[2])
    var factors: [Float] = []
    factors.reserveCapacity(windowCount)
    for d in depths.starts.indices {
      for h in heights.starts.indices {
        for w in widths.starts.indices {
          let count =
            countsPadding
            ? depths.sizes[d] * heights.sizes[h] * widths.sizes[w]
            : depths.counts[d] * heights.counts[h] * widths.counts[w]
          factors.append(1 / Float(divisor ?? max(1, count)))
        }
      }
    }
    return factors
  }

  /// The sum over every window times its factor.
  package func average(of input: Tensor, factors: [Float]) -> Tensor {
    var result = Tensor(uninitialized: outputShape)
    let input = input.converted(to: .channelsLast)
    let source = UncheckedPointer(input.unsafeAddress)
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      forEachRange { range in
        forEach(in: range) { window, offsets in
          let sum = target.pointer + window &* channels
          for c in 0..<channels { sum[c] = 0 }
          for offset in offsets {
            let row = source.pointer + offset &* channels
            for c in 0..<channels { sum[c] += row[c] }
          }
          let factor = factors[window % factors.count]
          for c in 0..<channels { sum[c] *= factor }
        }
      }
    }
    withExtendedLifetime(input) {}
    return result
  }

  /// Spreads each element of `seed`, times its window's factor, over the window.
  package func averageAdjoint(_ seed: Tensor, inputShape: Shape, factors: [Float]) -> Tensor {
    var result = Tensor.zeros(inputShape)
    let seed = seed.converted(to: .channelsLast)
    let arriving = UncheckedPointer(seed.unsafeAddress)
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      forEachPart { samples, part in
        let width = part.count
        let arriving = arriving.pointer + part.lowerBound
        let target = target.pointer + part.lowerBound
        forEach(in: samples.lowerBound * windowCount..<samples.upperBound * windowCount) { window, offsets in
          let factor = factors[window % factors.count]
          let row = arriving + window &* channels
          for offset in offsets {
            let spread = target + offset &* channels
            for c in 0..<width { spread[c] += row[c] * factor }
          }
        }
      }
    }
    withExtendedLifetime(seed) {}
    return result
  }
}
