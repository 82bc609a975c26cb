import Foundation
import Tensors

/// `exp(x) / Σ exp(x)` along one logical axis, or its logarithm.
public struct SoftmaxFunction: Hashable, Sendable {
  /// Negative numbers count from the end.
  public var axis: Int
  public var isLogarithmic: Bool

  public init(axis: Int = 1, isLogarithmic: Bool = false) {
    self.axis = axis
    self.isLogarithmic = isLogarithmic
  }

  /// Extent of the axis and elements between its neighbours, in row-major order.
  private func extents(_ shape: Shape) throws -> (extent: Int, inner: Int) {
    let index = axis < 0 ? axis + shape.rank : axis
    guard shape.dimensions.indices.contains(index) else {
      throw ComputeError.shape(operation: "softmax", found: shape, expected: "an axis \(axis)")
    }
    return (shape[index], shape.dimensions[(index + 1)...].reduce(1, *))
  }

  /// The result, of the input's shape.
  public func forward(_ input: Tensor) throws -> Tensor {
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

  /// The vector-Jacobian product from the forward result: `y (s − Σ y s)`, for the logarithm `s − exp(y) Σ s`.
  public func vjp(_ seed: Tensor, output: Tensor) throws -> Tensor {
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
    return result.converted(to: .channelsLast)
  }

  /// Calls `body` with the position of the first element of every line along the axis.
  private static func forEachLine(_ count: Int, _ extent: Int, _ inner: Int, _ body: (Int) -> Void) {
    guard extent > 0, inner > 0 else { return }
    for outer in stride(from: 0, to: count, by: extent * inner) {
      for offset in 0..<inner { body(outer + offset) }
    }
  }
}
