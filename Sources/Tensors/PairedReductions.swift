import Synchronization

extension Tensor {
  /// For each sample, the sum in double of `function` over matching elements.
  /// - Precondition: shapes and layouts agree.
  @inlinable
  public func sampleSums(with other: Tensor, _ function: some BinaryFunction) -> [Double] {
    requireAlike(other)
    let size = shape.sampleCount
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    // One slot for each piece, by its position, so that results do not depend on which thread was first.
    let grainBits = Parallelism.grainBits
    let slots = UncheckedSlots(count: size >> grainBits + 1)
    defer { slots.deallocate() }
    return (0..<shape.batch).map { sample in
      slots.clear()
      parallelFor(size, grain: Parallelism.grain) { range in
        let (a, b) = (left.pointer + sample &* size, right.pointer + sample &* size)
        var lanes = SIMD8<Double>.zero
        var i = range.lowerBound
        while i &+ 8 <= range.upperBound {
          var values = SIMD8<Float>.zero
          for lane in 0..<8 { values[lane] = function(a[i &+ lane], b[i &+ lane]) }
          lanes += SIMD8<Double>(values)
          i &+= 8
        }
        var sum = lanes.sum()
        while i < range.upperBound {
          sum += Double(function(a[i], b[i]))
          i &+= 1
        }
        slots.pointer[range.lowerBound >> grainBits] = sum
      }
      withExtendedLifetime((self, other)) {}
      return slots.sum
    }
  }

  /// Whether any element other than zero stands where `other` has the sign of `sign`.
  /// - Precondition: shapes and layouts agree.
  public func isNonzeroAnywhere(whereSign sign: Float, of other: Tensor) -> Bool {
    requireAlike(other)
    return anywhere(with: other) { x, y in (x .!= 0) .& (y * sign .> 0) }
  }

  /// Whether any element is less than zero.
  public var isAnyNegative: Bool {
    unstoredElement.map { $0 < 0 && count > 0 } ?? anywhere(with: self) { x, _ in x .< 0 }
  }

  /// Whether any element is greater than zero.
  public var isAnyPositive: Bool {
    unstoredElement.map { $0 > 0 && count > 0 } ?? anywhere(with: self) { x, _ in x .> 0 }
  }

  /// Whether `condition` holds anywhere; looking ends soon after the first hit. It does not hold for zeros.
  @inline(__always)
  private func anywhere(
    with other: Tensor, _ condition: @Sendable (SIMD8<Float>, SIMD8<Float>) -> SIMDMask<SIMD8<Int32>>
  ) -> Bool {
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    let isFound = Atomic(false)
    parallelFor(count) { range in
      let (a, b) = (UnsafeRawPointer(left.pointer), UnsafeRawPointer(right.pointer))
      var start = range.lowerBound
      // The result is looked at between blocks only.
      while start < range.upperBound, !isFound.load(ordering: .relaxed) {
        let end = Swift.min(start &+ 4096, range.upperBound)
        var hits = SIMDMask<SIMD8<Int32>>(repeating: false)
        while start &+ 8 <= end {
          let x = a.loadUnaligned(fromByteOffset: start &* 4, as: SIMD8<Float>.self)
          let y = b.loadUnaligned(fromByteOffset: start &* 4, as: SIMD8<Float>.self)
          hits .|= condition(x, y)
          start &+= 8
        }
        while start < end {
          var (x, y) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
          (x[0], y[0]) = (left.pointer[start], right.pointer[start])
          hits .|= condition(x, y)
          start &+= 1
        }
        if any(hits) { isFound.store(true, ordering: .relaxed) }
      }
    }
    withExtendedLifetime((self, other)) {}
    return isFound.load(ordering: .relaxed)
  }
}

/// Memory for partial sums, each of which one thread writes.
@usableFromInline
struct UncheckedSlots: @unchecked Sendable {
  @usableFromInline let pointer: UnsafeMutablePointer<Double>
  private let count: Int

  @usableFromInline init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: count)
  }

  @usableFromInline func clear() { pointer.initialize(repeating: 0, count: count) }
  @usableFromInline func deallocate() { pointer.deallocate() }
  @usableFromInline var sum: Double { UnsafeBufferPointer(start: pointer, count: count).reduce(0, +) }
}
