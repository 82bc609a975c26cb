import Tensors

/// A product with one constant for each channel in a model's code, such as ConvNeXt's layer scale: no module.
public struct Scale: Layer {
  public var kind: LayerKind { .scale }
  public var summary: String { "Scale \(weight.count)" }
  /// `(C)`.
  public let weight: Tensor

  public init(weight: Tensor) { self.weight = weight.viewed(as: [weight.count]) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2, shape.channels == weight.count else {
      throw LayerError("an input of shape \(shape) found, (N, \(weight.count), …) expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try inputs.only().scaled(by: weight) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [seed.scaled(by: weight)] }
}

extension Tensor {
  fileprivate func scaled(by weight: Tensor) -> Tensor {
    var result = converted(to: .channelsLast)
    let channels = weight.count
    guard channels > 0 else { return result }
    result.withUnsafeMutableBufferPointer { target in
      weight.withUnsafeBufferPointer { weight in
        for start in stride(from: 0, to: target.count, by: channels) {
          for channel in 0..<channels { target[start + channel] *= weight[channel] }
        }
      }
    }
    return result
  }
}
