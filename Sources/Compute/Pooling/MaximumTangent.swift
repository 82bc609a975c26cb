import Tensors

extension PoolingWindows {
  /// For every window, what `tangent` is at the element that wins it: the first of equals, the last NaN.
  package func maximumTangent(_ tangent: Tensor, input: Tensor) throws -> Tensor {
    guard tangent.shape == input.shape else {
      throw ComputeError.shape(operation: "tangent of max pooling", found: tangent.shape, expected: "\(input.shape)")
    }
    var result = Tensor(uninitialized: outputShape)
    let (input, tangent) = (input.converted(to: .channelsLast), tangent.converted(to: .channelsLast))
    let (source, change) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(tangent.unsafeAddress))
    let channels = channels
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      forEachRange { range in
        forEach(in: range) { window, offsets in
          for c in 0..<channels {
            guard var winner = offsets.first else {
              target.pointer[window &* channels &+ c] = 0
              continue
            }
            for offset in offsets.dropFirst() {
              let (value, best) = (source.pointer[offset &* channels &+ c], source.pointer[winner &* channels &+ c])
              if value > best || value != value { winner = offset }
            }
            target.pointer[window &* channels &+ c] = change.pointer[winner &* channels &+ c]
          }
        }
      }
    }
    withExtendedLifetime((input, tangent)) {}
    return result
  }
}
