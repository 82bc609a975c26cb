import Tensors

extension PoolingWindows {
  /// The largest element of every window; NaN if there is one.
  func maximum(of input: Tensor) -> Tensor {
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
          guard let first = offsets.first else {
            for c in 0..<channels { best[c] = -.infinity }
            return
          }
          let row = source.pointer + first &* channels
          for c in 0..<channels { best[c] = row[c] }
          for offset in offsets.dropFirst() {
            let row = source.pointer + offset &* channels
            for c in 0..<channels {
              let (value, held) = (row[c], best[c])
              best[c] = value > held || value != value ? value : held
            }
          }
        }
      }
    }
    withExtendedLifetime(input) {}
    return result
  }

  /// Sends each element of `seed` to the input element that won its window: the first of equals, the last NaN.
  func maximumAdjoint(_ seed: Tensor, input: Tensor) -> Tensor {
    var result = Tensor.zeros(input.shape)
    let (input, seed) = (input.converted(to: .channelsLast), seed.converted(to: .channelsLast))
    let (source, arriving) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(seed.unsafeAddress))
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      forEachPart { samples, part in
        let (first, width) = (part.lowerBound, part.count)
        let source = source.pointer + first
        let arriving = arriving.pointer + first
        let target = target.pointer + first
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { bestBuffer in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { winnerBuffer in
            guard let best = bestBuffer.baseAddress, let winner = winnerBuffer.baseAddress else { return }
            forEach(in: samples.lowerBound * windowCount..<samples.upperBound * windowCount) { window, offsets in
              guard let start = offsets.first else { return }
              let row = source + start &* channels
              for c in 0..<width {
                best[c] = row[c]
                winner[c] = 0
              }
              for index in 1..<max(1, offsets.count) {
                let row = source + offsets[index] &* channels
                let mark = Int32(truncatingIfNeeded: index)
                for c in 0..<width {
                  let (value, held) = (row[c], best[c])
                  let wins = value > held || value != value
                  best[c] = wins ? value : held
                  winner[c] = wins ? mark : winner[c]
                }
              }
              let relevance = arriving + window &* channels
              for c in 0..<width { target[offsets[Int(winner[c])] &* channels &+ c] += relevance[c] }
            }
          }
        }
      }
    }
    withExtendedLifetime((input, seed)) {}
    return result
  }
}
