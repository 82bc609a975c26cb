import Compute
import Foundation
import Tensors

/// `exp(x) / Σ exp(x)` along one axis, or its logarithm.
public struct Softmax: Layer {
  public var kind: LayerKind { isLogarithmic ? .logSoftmax : .softmax }
  public var summary: String { kind.rawValue }
  /// Negative numbers count from the end.
  public let axis: Int
  public let isLogarithmic: Bool

  public init(axis: Int = 1, isLogarithmic: Bool = false) { (self.axis, self.isLogarithmic) = (axis, isLogarithmic) }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: isLogarithmic ? .unknown : .nonnegative, axes: .kept(nil),
      isFunctional: false, isSampleWise: axis > 0,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 4 * Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    _ = try extents(shape)
    return shape
  }

  /// Extent of the axis and elements between its neighbours, in row-major order.
  private func extents(_ shape: Shape) throws -> (extent: Int, inner: Int) {
    let index = axis < 0 ? axis + shape.rank : axis
    guard shape.dimensions.indices.contains(index) else {
      throw LayerError("an input of shape \(shape) found, an axis \(axis) expected")
    }
    return (shape[index], shape.dimensions[(index + 1)...].reduce(1, *))
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let (extent, inner) = try extents(input.shape)
    var result = input.converted(to: .rowMajor)
    let isLogarithmic = isLogarithmic
    result.withUnsafeMutableBufferPointer { buffer in
      Self.forEachLine(buffer.count, extent, inner) { start in
        var largest = -Float.infinity
        for i in 0..<extent { largest = max(largest, buffer[start + i * inner]) }
        var sum = 0.0
        for i in 0..<extent { sum += exp(Double(buffer[start + i * inner] - largest)) }
        for i in 0..<extent {
          let shifted = Double(buffer[start + i * inner] - largest)
          buffer[start + i * inner] = Float(isLogarithmic ? shifted - log(sum) : exp(shifted) / sum)
        }
      }
    }
    return result.converted(to: .channelsLast)
  }

  /// `y (s − Σ y s)`, for the logarithm `s − exp(y) Σ s`.
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    guard seed.shape == output.shape else {
      throw ComputeError.shape(operation: "gradient of softmax", found: seed.shape, expected: "\(output.shape)")
    }
    let (extent, inner) = try extents(output.shape)
    let y = output.converted(to: .rowMajor)
    var result = seed.converted(to: .rowMajor)
    let isLogarithmic = isLogarithmic
    y.withUnsafeBufferPointer { y in
      result.withUnsafeMutableBufferPointer { s in
        Self.forEachLine(s.count, extent, inner) { start in
          var sum = 0.0
          for i in stride(from: start, to: start + extent * inner, by: inner) {
            sum += isLogarithmic ? Double(s[i]) : Double(y[i]) * Double(s[i])
          }
          for i in stride(from: start, to: start + extent * inner, by: inner) {
            s[i] = Float(
              isLogarithmic ? Double(s[i]) - exp(Double(y[i])) * sum : Double(y[i]) * (Double(s[i]) - sum))
          }
        }
      }
    }
    return [result.converted(to: .channelsLast)]
  }

  /// Calls `body` with the position of the first element of every line along the axis.
  private static func forEachLine(_ count: Int, _ extent: Int, _ inner: Int, _ body: (Int) -> Void) {
    guard extent > 0, inner > 0 else { return }
    for outer in stride(from: 0, to: count, by: extent * inner) {
      for offset in 0..<inner { body(outer + offset) }
    }
  }
}
