// Each call becomes one vectorised loop on every thread if the function is a type (see ``UnaryFunction``). Closures are
// called for each element: they are for what costs more than that, or is done once.

extension Tensor {
  /// Applies `function` to every element.
  @inlinable
  public func map(_ function: some UnaryFunction) -> Tensor {
    var result = Tensor(uninitialized: shape, layout: layout)
    let (source, target) = (UncheckedPointer(unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count, grain: Parallelism.fineGrain) { range in
      let start = range.lowerBound
      function.fill(target.pointer + start, source.pointer + start, count: range.count)
    }
    withExtendedLifetime((self, result)) {}
    return result
  }

  /// Applies `function` to each element of `self` and the matching one of `other`.
  /// - Precondition: shapes and layouts agree.
  @inlinable
  public func map(with other: Tensor, _ function: some BinaryFunction) -> Tensor {
    requireAlike(other)
    var result = Tensor(uninitialized: shape, layout: layout)
    let (left, right) = (UncheckedPointer(unsafeAddress), UncheckedPointer(other.unsafeAddress))
    let target = UncheckedMutablePointer(result.uniqueAddress())
    parallelFor(count, grain: Parallelism.fineGrain) { range in
      let start = range.lowerBound
      function.fill(target.pointer + start, left.pointer + start, right.pointer + start, count: range.count)
    }
    withExtendedLifetime((self, other, result)) {}
    return result
  }

  /// Replaces each element by `function(element, matching element of other)`, in place where the memory is unshared.
  /// - Precondition: shapes and layouts agree.
  @inlinable
  public mutating func update(with other: Tensor, _ function: some BinaryFunction) {
    requireAlike(other)
    let (target, right) = (UncheckedMutablePointer(uniqueAddress()), UncheckedPointer(other.unsafeAddress))
    parallelFor(count, grain: Parallelism.fineGrain) { range in
      let to = target.pointer + range.lowerBound
      function.fill(to, to, right.pointer + range.lowerBound, count: range.count)
    }
    withExtendedLifetime((self, other)) {}
  }

  /// Applies `function` to each element of `self` and the matching ones of two others.
  /// - Precondition: shapes and layouts agree.
  @inlinable
  public func map(with second: Tensor, and third: Tensor, _ function: some TernaryFunction) -> Tensor {
    requireAlike(second)
    requireAlike(third)
    var result = Tensor(uninitialized: shape, layout: layout)
    let (a, b) = (UncheckedPointer(unsafeAddress), UncheckedPointer(second.unsafeAddress))
    let (c, target) = (UncheckedPointer(third.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count, grain: Parallelism.fineGrain) { range in
      let start = range.lowerBound
      function.fill(
        target.pointer + start, a.pointer + start, b.pointer + start, c.pointer + start, count: range.count)
    }
    withExtendedLifetime((self, second, third, result)) {}
    return result
  }

  /// Replaces each element by `function(element, matching element of second, matching element of third)`.
  /// - Precondition: shapes and layouts agree.
  @inlinable
  public mutating func update(with second: Tensor, and third: Tensor, _ function: some TernaryFunction) {
    requireAlike(second)
    requireAlike(third)
    let target = UncheckedMutablePointer(uniqueAddress())
    let (b, c) = (UncheckedPointer(second.unsafeAddress), UncheckedPointer(third.unsafeAddress))
    parallelFor(count, grain: Parallelism.fineGrain) { range in
      let (start, to) = (range.lowerBound, target.pointer + range.lowerBound)
      function.fill(to, to, b.pointer + start, c.pointer + start, count: range.count)
    }
    withExtendedLifetime((self, second, third)) {}
  }

  @usableFromInline
  func requireAlike(_ other: Tensor) {
    precondition(shape == other.shape && layout == other.layout, "\(shape) with \(other.shape)")
  }

  /// Applies `transform` to every element.
  public func map(_ transform: @escaping @Sendable (Float) -> Float) -> Tensor { map(UnaryClosure(transform)) }

  /// Applies `transform` to each element of `self` and the matching one of `other`.
  /// - Precondition: shapes and layouts agree.
  public func map(with other: Tensor, _ transform: @escaping @Sendable (Float, Float) -> Float) -> Tensor {
    map(with: other, BinaryClosure(transform))
  }

  /// Replaces each element by `transform(element, matching element of other)`, in place where the memory is unshared.
  /// - Precondition: shapes and layouts agree.
  public mutating func update(with other: Tensor, _ transform: @escaping @Sendable (Float, Float) -> Float) {
    update(with: other, BinaryClosure(transform))
  }

  /// Applies `transform` to each element of `self` and the matching ones of two others.
  /// - Precondition: shapes and layouts agree.
  public func map(
    with second: Tensor, and third: Tensor, _ transform: @escaping @Sendable (Float, Float, Float) -> Float
  ) -> Tensor {
    map(with: second, and: third, TernaryClosure(transform))
  }

  public static func + (left: Tensor, right: Tensor) -> Tensor { left.map(with: right, Sum()) }
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.map(with: right, Sum(factor: -1)) }
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.map(with: right, Product()) }
  public static func / (left: Tensor, right: Tensor) -> Tensor { left.map(with: right, Quotient()) }
  public static func += (left: inout Tensor, right: Tensor) { left.update(with: right, Sum()) }
  public static func *= (left: inout Tensor, right: Tensor) { left.update(with: right, Product()) }
  public static func * (left: Tensor, right: Float) -> Tensor { left.map(Scaled(by: right)) }

  /// `x⁺ = max(x, 0)`; NaN stays NaN.
  public var positivePart: Tensor { map(PositivePart()) }
  /// `x⁻ = min(x, 0)`; NaN stays NaN.
  public var negativePart: Tensor { map(NegativePart()) }
}
