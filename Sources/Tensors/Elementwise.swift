import Foundation

// These are inlined into their callers, so that each closure becomes one vectorised loop. For that the writable
// address must not come through a closure of its own.

extension Tensor {
  /// Applies `transform` to every element.
  @inlinable @inline(__always)
  public func map(_ transform: @Sendable (Float) -> Float) -> Tensor {
    var result = Tensor(uninitialized: shape, layout: layout)
    let (source, target) = (UncheckedPointer(unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count) { range in
      let (source, target) = (source.pointer, target.pointer)
      for i in range { target[i] = transform(source[i]) }
    }
    withExtendedLifetime((self, result)) {}
    return result
  }

  /// Applies `transform` to each element of `self` and the matching one of `other`.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func map(with other: Tensor, _ transform: @Sendable (Float, Float) -> Float) -> Tensor {
    requireAlike(other)
    var result = Tensor(uninitialized: shape, layout: layout)
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    let target = UncheckedMutablePointer(result.uniqueAddress())
    parallelFor(count) { range in
      let (left, right, target) = (left.pointer, right.pointer, target.pointer)
      for i in range { target[i] = transform(left[i], right[i]) }
    }
    withExtendedLifetime((self, other, result)) {}
    return result
  }

  /// Replaces each element by `transform(element, matching element of other)`, in place where the memory is unshared.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public mutating func update(with other: Tensor, _ transform: @Sendable (Float, Float) -> Float) {
    requireAlike(other)
    let (target, right) = (UncheckedMutablePointer(uniqueAddress()), UncheckedPointer(other.unsafeAddress))
    parallelFor(count) { range in
      let (right, target) = (right.pointer, target.pointer)
      for i in range { target[i] = transform(target[i], right[i]) }
    }
    withExtendedLifetime((self, other)) {}
  }

  /// Applies `transform` to each element of `self` and the matching ones of two others.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public func map(
    with second: Tensor, and third: Tensor, _ transform: @Sendable (Float, Float, Float) -> Float
  ) -> Tensor {
    requireAlike(second)
    requireAlike(third)
    var result = Tensor(uninitialized: shape, layout: layout)
    let (a, b) = (UncheckedPointer(unsafeAddress), UncheckedPointer(second.unsafeAddress))
    let (c, target) = (UncheckedPointer(third.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count) { range in
      let (a, b, c, target) = (a.pointer, b.pointer, c.pointer, target.pointer)
      for i in range { target[i] = transform(a[i], b[i], c[i]) }
    }
    withExtendedLifetime((self, second, third, result)) {}
    return result
  }

  /// Replaces each element by `transform(element, matching element of second, matching element of third)`.
  /// - Precondition: shapes and layouts agree.
  @inlinable @inline(__always)
  public mutating func update(
    with second: Tensor, and third: Tensor, _ transform: @Sendable (Float, Float, Float) -> Float
  ) {
    requireAlike(second)
    requireAlike(third)
    let target = UncheckedMutablePointer(uniqueAddress())
    let (b, c) = (UncheckedPointer(second.unsafeAddress), UncheckedPointer(third.unsafeAddress))
    parallelFor(count) { range in
      let (b, c, target) = (b.pointer, c.pointer, target.pointer)
      for i in range { target[i] = transform(target[i], b[i], c[i]) }
    }
    withExtendedLifetime((self, second, third)) {}
  }

  @usableFromInline
  func requireAlike(_ other: Tensor) {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
  }

  public static func + (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 + $1 } }
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 - $1 } }
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 * $1 } }
  public static func / (left: Tensor, right: Tensor) -> Tensor { left.map(with: right) { $0 / $1 } }
  public static func += (left: inout Tensor, right: Tensor) { left.update(with: right) { $0 + $1 } }
  public static func *= (left: inout Tensor, right: Tensor) { left.update(with: right) { $0 * $1 } }
  public static func * (left: Tensor, right: Float) -> Tensor { left.map { $0 * right } }

  /// `x⁺ = max(x, 0)`; NaN stays NaN.
  public var positivePart: Tensor { map { $0 < 0 ? 0 : $0 } }
  /// `x⁻ = min(x, 0)`; NaN stays NaN.
  public var negativePart: Tensor { map { $0 > 0 ? 0 : $0 } }
}
