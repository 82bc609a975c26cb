import CKernels
import Tensors

extension PoolingWindows {
  /// The largest element of every window; NaN if there is one.
  package func maximum(of input: Tensor) -> Tensor {
    var result = Tensor(uninitialized: outputShape)
    let input = input.converted(to: .channelsLast)
    let source = UncheckedPointer(input.unsafeAddress)
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      forEachRange { range in
        forEach(in: range) { window, offsets in
          let best = target.pointer + window &* channels
          guard let places = offsets.baseAddress, !offsets.isEmpty else {
            for c in 0..<channels { best[c] = -.infinity }
            return
          }
          lrp_maximum(source.pointer, places, offsets.count, channels, best, channels)
        }
      }
    }
    withExtendedLifetime(input) {}
    return result
  }

  /// Sends each element of `seed` to the input element that won its window: the first of equals, the last NaN.
  package func maximumAdjoint(_ seed: Tensor, input: Tensor) -> Tensor {
    let isDisjoint = axes.allSatisfy(\.isDisjoint)
    // Every element belongs to one window, which writes it: nothing has to be cleared or added up.
    let isPartition = isDisjoint && axes.allSatisfy(\.isCovered)
    var result = isPartition ? Tensor(uninitialized: input.shape) : Tensor.zeros(input.shape)
    let (input, seed) = (input.converted(to: .channelsLast), seed.converted(to: .channelsLast))
    let (source, arriving) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(seed.unsafeAddress))
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      let body: @Sendable (Range<Int>, Range<Int>) -> Void = { windows, part in
        let first = part.lowerBound
        forEach(in: windows) { window, offsets in
          guard let places = offsets.baseAddress, !offsets.isEmpty else { return }
          lrp_award_maximum(
            source.pointer + first, places, offsets.count, channels, arriving.pointer + first + window &* channels,
            target.pointer + first, part.count, isDisjoint ? 0 : 1)
        }
      }
      if isDisjoint {
        forEachRange { body($0, 0..<channels) }
      } else {
        forEachPart { samples, part in
          body(samples.lowerBound * windowCount..<samples.upperBound * windowCount, part)
        }
      }
    }
    withExtendedLifetime((input, seed)) {}
    return result
  }
}
