// Functions of elements as types. A loop over one of them is compiled with the function inside, on whichever thread it
// runs; a closure handed to other threads would be called anew for each element.

/// A function of one element.
public protocol UnaryFunction: Sendable {
  func callAsFunction(_ x: Float) -> Float
  /// Writes it for a run of elements, which may be the target itself.
  func fill(_ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, count: Int)
}

/// A function of matching elements of two tensors.
public protocol BinaryFunction: Sendable {
  func callAsFunction(_ x: Float, _ y: Float) -> Float
  func fill(_ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int)
}

/// A function of matching elements of three tensors.
public protocol TernaryFunction: Sendable {
  func callAsFunction(_ x: Float, _ y: Float, _ z: Float) -> Float
  func fill(
    _ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ z: UnsafePointer<Float>, count: Int)
}

// Functions that take much of the time have kernels for the processor's widest registers instead.

extension UnaryFunction {
  @inlinable
  public func fill(_ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, count: Int) {
    for i in 0..<count { target[i] = self(x[i]) }
  }
}

extension BinaryFunction {
  @inlinable
  public func fill(
    _ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) {
    for i in 0..<count { target[i] = self(x[i], y[i]) }
  }
}

extension TernaryFunction {
  @inlinable
  public func fill(
    _ target: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ z: UnsafePointer<Float>, count: Int
  ) {
    for i in 0..<count { target[i] = self(x[i], y[i], z[i]) }
  }
}

// MARK: - One element

/// `x` moved into `low…high`; NaN stays NaN.
public struct Clamped: UnaryFunction {
  @usableFromInline let low, high: Float
  @inlinable public init(from low: Float = -.infinity, to high: Float = .infinity) {
    (self.low, self.high) = (low, high)
  }
  @inlinable public func callAsFunction(_ x: Float) -> Float { x < low ? low : (x > high ? high : x) }
}

/// `x⁺ = max(x, 0)`; NaN stays NaN.
public struct PositivePart: UnaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float) -> Float { x < 0 ? 0 : x }
}

/// `x⁻ = min(x, 0)`; NaN stays NaN.
public struct NegativePart: UnaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float) -> Float { x > 0 ? 0 : x }
}

/// `|x|`
public struct Magnitude: UnaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float) -> Float { abs(x) }
}

/// `factor · x`
public struct Scaled: UnaryFunction {
  @usableFromInline let factor: Float
  @inlinable public init(by factor: Float) { self.factor = factor }
  @inlinable public func callAsFunction(_ x: Float) -> Float { factor * x }
}

/// `x + positive · x⁺ + negative · x⁻`
public struct Boosted: UnaryFunction {
  @usableFromInline let positive, negative: Float
  @inlinable public init(positive: Float = 0, negative: Float = 0) {
    (self.positive, self.negative) = (positive, negative)
  }
  @inlinable public func callAsFunction(_ x: Float) -> Float {
    let share = x > 0 ? positive : (x < 0 ? negative : 0)
    return x + share * x
  }
}

/// `x²`
public struct Squared: UnaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float) -> Float { x * x }
}

// MARK: - Two elements

/// `x + factor · y`
public struct Sum: BinaryFunction {
  @usableFromInline let factor: Float
  @inlinable public init(factor: Float = 1) { self.factor = factor }
  @inlinable public func callAsFunction(_ x: Float, _ y: Float) -> Float { x + factor * y }
}

/// `factor · x · y`
public struct Product: BinaryFunction {
  @usableFromInline let factor: Float
  @inlinable public init(factor: Float = 1) { self.factor = factor }
  @inlinable public func callAsFunction(_ x: Float, _ y: Float) -> Float { factor * x * y }
}

/// `x / y`
public struct Quotient: BinaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float, _ y: Float) -> Float { x / y }
}

/// `y` where `low < x < high`, else 0: how a seed passes what clamps its input.
public struct PassedBetween: BinaryFunction {
  @usableFromInline let low, high: Float
  @inlinable public init(_ low: Float, _ high: Float = .infinity) { (self.low, self.high) = (low, high) }
  @inlinable public func callAsFunction(_ x: Float, _ y: Float) -> Float { x <= low || x >= high ? 0 : y }
}

/// `x`, with the sign turned where `y < 0`.
public struct Signed: BinaryFunction {
  @inlinable public init() {}
  @inlinable public func callAsFunction(_ x: Float, _ y: Float) -> Float { y < 0 ? -x : x }
}

// MARK: - Three elements

/// `x + factor · y · z`
public struct ProductAdded: TernaryFunction {
  @usableFromInline let factor: Float
  @inlinable public init(factor: Float = 1) { self.factor = factor }
  @inlinable public func callAsFunction(_ x: Float, _ y: Float, _ z: Float) -> Float { x + factor * y * z }
}

// MARK: - Closures

struct UnaryClosure: UnaryFunction {
  private let function: @Sendable (Float) -> Float
  init(_ function: @escaping @Sendable (Float) -> Float) { self.function = function }
  func callAsFunction(_ x: Float) -> Float { function(x) }
}

struct BinaryClosure: BinaryFunction {
  private let function: @Sendable (Float, Float) -> Float
  init(_ function: @escaping @Sendable (Float, Float) -> Float) { self.function = function }
  func callAsFunction(_ x: Float, _ y: Float) -> Float { function(x, y) }
}

struct TernaryClosure: TernaryFunction {
  private let function: @Sendable (Float, Float, Float) -> Float
  init(_ function: @escaping @Sendable (Float, Float, Float) -> Float) { self.function = function }
  func callAsFunction(_ x: Float, _ y: Float, _ z: Float) -> Float { function(x, y, z) }
}
