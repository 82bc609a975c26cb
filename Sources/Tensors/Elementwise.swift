extension Tensor {
  /// Applies `transform` to every element.
  @inlinable @inline(__always)
  public func map(_ transform: @Sendable (Float) -> Float) -> Tensor {
    var result = Tensor(uninitialized: shape, layout: layout)
    let source = UncheckedPointer(unsafeAddress)
    withExtendedLifetime(self) {
      result.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count) { range in
          let (source, target) = (source.pointer, target.pointer)
          for i in range { target[i] = transform(source[i]) }
        }
      }
    }
    return result
  }

  /// Applies `transform` to each element of `self` and the matching one of `other`.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func map(with other: Tensor, _ transform: @Sendable (Float, Float) -> Float) -> Tensor {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
    var result = Tensor(uninitialized: shape, layout: layout)
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    withExtendedLifetime((self, other)) {
      result.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count) { range in
          let (left, right, target) = (left.pointer, right.pointer, target.pointer)
          for i in range { target[i] = transform(left[i], right[i]) }
        }
      }
    }
    return result
  }

  /// Replaces each element by `transform(element, matching element of other)`, in place where the memory is unshared.
  @inlinable @inline(__always)
  public mutating func update(with other: Tensor, _ transform: @Sendable (Float, Float) -> Float) {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
    let right = UncheckedPointer(other.unsafeAddress)
    withExtendedLifetime(other) {
      withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count) { range in
          let (right, target) = (right.pointer, target.pointer)
          for i in range { target[i] = transform(target[i], right[i]) }
        }
      }
    }
  }

  /// Applies `transform` to the matching elements of three tensors.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func map(
    with second: Tensor, and third: Tensor, _ transform: @Sendable (Float, Float, Float) -> Float
  ) -> Tensor {
    precondition(shape == second.shape && layout == second.layout, "\(shape) with \(second.shape)")
    precondition(shape == third.shape && layout == third.layout, "\(shape) with \(third.shape)")
    var result = Tensor(uninitialized: shape, layout: layout)
    let (a, b) = (UncheckedPointer(unsafeAddress), UncheckedPointer(second.unsafeAddress))
    let c = UncheckedPointer(third.unsafeAddress)
    withExtendedLifetime((self, second, third)) {
      result.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count) { range in
          let (a, b, c, target) = (a.pointer, b.pointer, c.pointer, target.pointer)
          for i in range { target[i] = transform(a[i], b[i], c[i]) }
        }
      }
    }
    return result
  }

  /// Replaces each element by `transform(element, matching element of second, matching element of third)`.
  @inlinable @inline(__always)
  public mutating func update(
    with second: Tensor, and third: Tensor, _ transform: @Sendable (Float, Float, Float) -> Float
  ) {
    precondition(shape == second.shape && layout == second.layout, "\(shape) with \(second.shape)")
    precondition(shape == third.shape && layout == third.layout, "\(shape) with \(third.shape)")
    let (b, c) = (UncheckedPointer(second.unsafeAddress), UncheckedPointer(third.unsafeAddress))
    withExtendedLifetime((second, third)) {
      withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count) { range in
          let (b, c, target) = (b.pointer, c.pointer, target.pointer)
          for i in range { target[i] = transform(target[i], b[i], c[i]) }
        }
      }
    }
  }

  public static func + (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 + $1 } }
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 - $1 } }
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 * $1 } }
  public static func += (left: inout Tensor, right: Tensor) { left.update(with: right) { $0 + $1 } }
  public static func *= (left: inout Tensor, right: Tensor) { left.update(with: right) { $0 * $1 } }
  public static func * (left: Tensor, right: Float) -> Tensor { left.map { $0 * right } }

  /// `x⁺ = max(x, 0)`; NaN stays NaN.
  public var positivePart: Tensor { map { $0 < 0 ? 0 : $0 } }
  /// `x⁻ = min(x, 0)`; NaN stays NaN.
  public var negativePart: Tensor { map { $0 > 0 ? 0 : $0 } }
}
