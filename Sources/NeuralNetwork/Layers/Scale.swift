import Tensors

/// A product with constants in a model's code, such as ConvNeXt's layer scale: no module.
public struct Scale: Layer {
  public var kind: LayerKind { .scale }
  public var summary: String { "Scale \(weight.count)" }
  /// One factor for each channel, `(C)`, or factors for the axes of a sample, `(1, …)`, repeated along those of extent 1.
  public let weight: Tensor

  public init(weight: Tensor) { self.weight = weight.viewed(as: [weight.count]) }

  /// - Parameter factors: `(1, …)`, with as many axes as the input.
  /// - Throws: ``LayerError`` if they are for several samples.
  public init(factors: Tensor) throws {
    guard factors.shape.rank > 1, factors.shape[0] == 1 else {
      throw LayerError("factors of shape \(factors.shape) found, those of one sample (1, …) expected")
    }
    weight = factors.converted(to: .channelsLast)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [weight] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard weight.shape.rank == 1 else { return try .broadcast([shape, weight.shape.withBatch(shape.batch)]) }
    guard shape.rank >= 2, shape.channels == weight.count else {
      throw LayerError("an input of shape \(shape) found, (N, \(weight.count), …) expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try scaled(inputs.only(), inputs.only().shape) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only().shape
    return [try scaled(seed, input).summed(to: input)]
  }

  private func scaled(_ tensor: Tensor, _ input: Shape) throws -> Tensor {
    if weight.count == 1, weight.shape.rank == tensor.shape.rank {
      return tensor * weight.withUnsafeBufferPointer { $0[0] }
    }
    guard weight.shape.rank > 1 else { return tensor.scaled(by: weight) }
    let shape = try outputShape(for: [input])
    return tensor.expanded(to: shape) * weight.expanded(to: shape)
  }
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
