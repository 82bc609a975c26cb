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
        let (first, width) = (part.lowerBound, part.count)
        let source = source.pointer + first
        let arriving = arriving.pointer + first
        let target = target.pointer + first
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { bestBuffer in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { winnerBuffer in
            guard let best = bestBuffer.baseAddress, let winner = winnerBuffer.baseAddress else { return }
            forEach(in: windows) { window, offsets in
              guard let start = offsets.first else { return }
              let row = source + start &* channels
              for c in 0..<width {
                best[c] = row[c]
                winner[c] = 0
              }
              for index in 1..<max(1, offsets.count) {
                challenge(best, winner, source + offsets[index] &* channels, number: index, width)
              }
              let relevance = arriving + window &* channels
              guard isDisjoint else {
                award(target, winner, relevance, offsets, channels, width)
                return
              }
              for (index, offset) in offsets.enumerated() {
                assign(target + offset &* channels, winner, relevance, number: index, width)
              }
            }
          }
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

/// Lets the elements of a row that are larger than the best so far, or NaN, take their place. (Everything is loaded
/// before the comparisons, because only then the loop vectorises.)
private func challenge(
  _ best: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<Int32>, _ row: UnsafePointer<Float>,
  number: Int, _ width: Int
) {
  let mark = Int32(truncatingIfNeeded: number)
  for c in 0..<width {
    let (value, held, holder) = (row[c], best[c], winner[c])
    let (larger, number) = value > held ? (value, mark) : (held, holder)
    best[c] = value != value ? value : larger
    winner[c] = value != value ? mark : number
  }
}

/// Adds the relevance of a window to the elements that won it, one for each channel.
private func award(
  _ target: UnsafeMutablePointer<Float>, _ winner: UnsafePointer<Int32>, _ relevance: UnsafePointer<Float>,
  _ offsets: UnsafeBufferPointer<Int>, _ channels: Int, _ width: Int
) {
  guard let offsets = offsets.baseAddress else { return }
  for c in 0..<width { target[offsets[Int(winner[c])] &* channels &+ c] += relevance[c] }
}

/// Writes the relevance of the windows that element `number` won to its row, in which no other window has a share. One
/// pass per element of the window, rather than scattered writes, because this vectorises.
private func assign(
  _ row: UnsafeMutablePointer<Float>, _ winner: UnsafePointer<Int32>, _ relevance: UnsafePointer<Float>,
  number: Int, _ width: Int
) {
  let mark = Int32(truncatingIfNeeded: number)
  for c in 0..<width {
    let amount = relevance[c]
    row[c] = winner[c] == mark ? amount : 0
  }
}
