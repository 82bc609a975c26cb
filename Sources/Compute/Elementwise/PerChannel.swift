import Tensors

extension Tensor {
  /// Adds one number per channel, in place.
  /// - Precondition: channels-last, `values.count` channels.
  public mutating func addPerChannel(_ values: Tensor) {
    let channels = shape.channels
    precondition(layout == .channelsLast && values.count == channels, "\(values.count) numbers for \(shape)")
    let values = values
    let addend = UncheckedPointer(values.unsafeAddress)
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, channels > 0 else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / channels, grain: max(1, Parallelism.grain / channels)) { range in
        let addend = addend.pointer
        for position in range {
          let row = target.pointer + position &* channels
          for c in 0..<channels { row[c] += addend[c] }
        }
      }
    }
    withExtendedLifetime(values) {}
  }

  /// `x · factor + addend` with one number of each per channel; the result is channels-last.
  /// - Precondition: as many factors (and addends) as channels.
  public func scaledPerChannel(by factors: Tensor, plus addends: Tensor?) -> Tensor {
    let input = converted(to: .channelsLast)
    let channels = shape.channels
    precondition(factors.count == channels && addends?.count ?? channels == channels, "\(factors.count) for \(shape)")
    var result = Tensor(uninitialized: shape)
    let (source, factor) = (UncheckedPointer(input.unsafeAddress), UncheckedPointer(factors.unsafeAddress))
    let addend = addends.map { UncheckedPointer($0.unsafeAddress) }
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, channels > 0 else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / channels, grain: max(1, Parallelism.grain / channels)) { range in
        let factor = factor.pointer
        for position in range {
          let (from, to) = (source.pointer + position &* channels, target.pointer + position &* channels)
          if let addend = addend?.pointer {
            for c in 0..<channels { to[c] = from[c] * factor[c] + addend[c] }
          } else {
            for c in 0..<channels { to[c] = from[c] * factor[c] }
          }
        }
      }
    }
    withExtendedLifetime((input, factors, addends)) {}
    return result
  }
}
