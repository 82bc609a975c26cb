import Synchronization

/// Sums and extremes of a tensor, accumulated in double.
public struct Summary: Sendable, Equatable {
  public var sum = 0.0
  public var positive = 0.0
  public var negative = 0.0
  public var minimum = Float.infinity
  public var maximum = -Float.infinity
  public var zeros = 0
  public var count = 0
  public var hasNaN = false

  public init() {}
}

extension Tensor {
  /// Sum of all elements in double.
  public func sum() -> Double {
    reduce(0..<count, { Lanes.sum($0) }, { $0 + $1 })
  }

  /// Per-sample sums in double, `N` of them.
  public func sampleSums() -> [Double] {
    let size = shape.sampleCount
    return (0..<shape.batch).map { sample in
      reduce(sample * size..<(sample + 1) * size, { Lanes.sum($0) }, { $0 + $1 })
    }
  }

  /// Smallest element, `+∞` if empty; NaN is passed over.
  public func minimum() -> Float { reduce(0..<count, { Lanes.minimum($0) }, { Swift.min($0, $1) }) }

  /// Largest element, `−∞` if empty; NaN is passed over.
  public func maximum() -> Float { reduce(0..<count, { Lanes.maximum($0) }, { Swift.max($0, $1) }) }

  /// All sums and extremes in one pass.
  public func summary() -> Summary {
    var result = reduce(0..<count, { Lanes.summary($0) }, { $0.merged(with: $1) })
    result.sum = result.hasNaN ? .nan : result.positive + result.negative
    return result
  }

  /// For each channel, the sum in double over batch and space: `C` numbers.
  public func channelSums() -> [Double] {
    let zeros = [Double](repeating: 0, count: shape.channels)
    return sampleChannelSums().reduce(zeros) { sums, sample in zip(sums, sample).map { $0 + $1 } }
  }

  /// For each sample and channel, the sum in double over space.
  public func sampleChannelSums() -> [[Double]] {
    let tensor = converted(to: .channelsLast)
    let (channels, size) = (shape.channels, shape.sampleCount)
    guard channels > 0 else { return (0..<shape.batch).map { _ in [] } }
    return (0..<shape.batch).map { sample in
      // Counted in positions: a piece is a run of whole rows of C elements.
      tensor.reduceRows(sample * size / channels..<(sample + 1) * size / channels, width: channels) { rows in
        Lanes.columnSums(rows, width: channels)
      } combine: { left, right in
        zip(left, right).map { $0 + $1 }
      }
    }
  }

  private func reduce<R: Sendable>(
    _ range: Range<Int>, _ part: @Sendable (UnsafeBufferPointer<Float>) -> R, _ combine: (R, R) -> R
  ) -> R {
    reduceRows(range, width: 1, part, combine: combine)
  }

  /// Reduces rows of `width` elements in parallel; parts are combined in order, so that results are reproducible.
  private func reduceRows<R: Sendable>(
    _ rows: Range<Int>, width: Int, _ part: @Sendable (UnsafeBufferPointer<Float>) -> R, combine: (R, R) -> R
  ) -> R {
    let base = UncheckedPointer(unsafeAddress)
    let parts = Mutex<[(start: Int, value: R)]>([])
    parallelFor(rows.count, grain: max(1, Parallelism.grain / width)) { piece in
      let start = (rows.lowerBound + piece.lowerBound) * width
      let value = part(UnsafeBufferPointer(start: base.pointer + start, count: piece.count * width))
      parts.withLock { $0.append((start, value)) }
    }
    withExtendedLifetime(self) {}
    let sorted = parts.withLock { $0.sorted { $0.start < $1.start }.map(\.value) }
    guard let first = sorted.first else { return part(UnsafeBufferPointer(start: nil, count: 0)) }
    return sorted.dropFirst().reduce(first, combine)
  }
}

extension Summary {
  fileprivate func merged(with other: Summary) -> Summary {
    var result = self
    result.positive += other.positive
    result.negative += other.negative
    result.minimum = Swift.min(minimum, other.minimum)
    result.maximum = Swift.max(maximum, other.maximum)
    result.zeros += other.zeros
    result.count += other.count
    result.hasNaN = hasNaN || other.hasNaN
    return result
  }
}

/// Reductions over eight elements at a time.
private enum Lanes {
  private typealias Floats = SIMD8<Float>
  private typealias Doubles = SIMD8<Double>
  private static let width = 8

  /// Calls `body` with eight elements at a time, the last ones filled up with `filling`.
  @inline(__always)
  private static func forEach(_ buffer: UnsafeBufferPointer<Float>, filling: Float, _ body: (Floats) -> Void) {
    let raw = UnsafeRawBufferPointer(buffer)
    let whole = buffer.count / width * width
    for i in stride(from: 0, to: whole, by: width) {
      body(raw.loadUnaligned(fromByteOffset: i &* 4, as: Floats.self))
    }
    guard whole < buffer.count else { return }
    var last = Floats(repeating: filling)
    for i in whole..<buffer.count { last[i - whole] = buffer[i] }
    body(last)
  }

  static func sum(_ buffer: UnsafeBufferPointer<Float>) -> Double {
    var sums = Doubles.zero
    forEach(buffer, filling: 0) { sums += Doubles($0) }
    return sums.sum()
  }

  static func minimum(_ buffer: UnsafeBufferPointer<Float>) -> Float {
    var least = Floats(repeating: .infinity)
    forEach(buffer, filling: .infinity) { least = least.replacing(with: $0, where: $0 .< least) }
    return least.min()
  }

  static func maximum(_ buffer: UnsafeBufferPointer<Float>) -> Float {
    var most = Floats(repeating: -.infinity)
    forEach(buffer, filling: -.infinity) { most = most.replacing(with: $0, where: $0 .> most) }
    return most.max()
  }

  static func summary(_ buffer: UnsafeBufferPointer<Float>) -> Summary {
    var (positive, negative) = (Doubles.zero, Doubles.zero)
    var (least, most) = (Floats(repeating: .infinity), Floats(repeating: -.infinity))
    var (zeros, nans) = (SIMD8<Int32>.zero, SIMD8<Int32>.zero)
    forEach(buffer, filling: 0) { values in
      positive += Doubles(Floats.zero.replacing(with: values, where: values .> 0))
      negative += Doubles(Floats.zero.replacing(with: values, where: values .< 0))
      least = least.replacing(with: values, where: values .< least)
      most = most.replacing(with: values, where: values .> most)
      zeros = zeros.replacing(with: zeros &+ 1, where: values .== 0)
      nans = nans.replacing(with: 1, where: values .!= values)
    }
    var result = Summary()
    result.count = buffer.count
    result.positive = positive.sum()
    result.negative = negative.sum()
    result.hasNaN = nans.max() > 0
    let filled = (width - buffer.count % width) % width
    result.zeros = (0..<width).reduce(0) { $0 + Int(zeros[$1]) } - filled
    result.minimum = least.min()
    result.maximum = most.max()
    if filled > 0 {
      // The filling must not count as an extreme.
      let whole = buffer.count - buffer.count % width
      let tail = UnsafeBufferPointer(rebasing: buffer[whole...])
      let head = UnsafeBufferPointer(rebasing: buffer[..<whole])
      if result.minimum == 0 { result.minimum = Swift.min(minimum(head), minimum(tail)) }
      if result.maximum == 0 { result.maximum = Swift.max(maximum(head), maximum(tail)) }
    }
    return result
  }

  static func columnSums(_ buffer: UnsafeBufferPointer<Float>, width: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    guard let base = buffer.baseAddress else { return sums }
    sums.withUnsafeMutableBufferPointer { sums in
      guard let target = sums.baseAddress else { return }
      for row in 0..<buffer.count / width {
        let source = base + row &* width
        for c in 0..<width { target[c] += Double(source[c]) }
      }
    }
    return sums
  }
}
