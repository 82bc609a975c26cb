import Synchronization

extension Tensor {
  /// For each sample, the sum in double of `transform` over matching elements.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func sampleSums(with other: Tensor, _ transform: @Sendable (Float, Float) -> Float) -> [Double] {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
    let size = shape.sampleCount
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    return withExtendedLifetime((self, other)) {
      (0..<shape.batch).map { sample in
        let parts = Mutex<[Int: Double]>([:])
        parallelFor(size) { range in
          let (a, b) = (left.pointer + sample &* size, right.pointer + sample &* size)
          var lanes = SIMD8<Double>.zero
          var i = range.lowerBound
          while i &+ 8 <= range.upperBound {
            var values = SIMD8<Float>.zero
            for lane in 0..<8 { values[lane] = transform(a[i &+ lane], b[i &+ lane]) }
            lanes += SIMD8<Double>(values)
            i &+= 8
          }
          var sum = lanes.sum()
          while i < range.upperBound {
            sum += Double(transform(a[i], b[i]))
            i &+= 1
          }
          parts.withLock { $0[range.lowerBound] = sum }
        }
        // In order of position, so that results do not depend on which thread was first.
        return parts.withLock { parts in parts.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } }
      }
    }
  }

  /// Whether `predicate` holds for any pair of matching elements.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func contains(with other: Tensor, where predicate: @Sendable (Float, Float) -> Bool) -> Bool {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    return withExtendedLifetime((self, other)) {
      let isFound = Atomic(false)
      parallelFor(count) { range in
        let (a, b) = (left.pointer, right.pointer)
        var start = range.lowerBound
        // Blocks without branches inside, so that they vectorise; the result is looked at between them.
        while start < range.upperBound, !isFound.load(ordering: .relaxed) {
          let end = Swift.min(start &+ 4096, range.upperBound)
          var hits: Int32 = 0
          for i in start..<end { hits |= predicate(a[i], b[i]) ? 1 : 0 }
          if hits != 0 { isFound.store(true, ordering: .relaxed) }
          start = end
        }
      }
      return isFound.load(ordering: .relaxed)
    }
  }
}
