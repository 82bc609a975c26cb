import Compute
import Tensors

/// An activation that is the identity between two thresholds of its channel and constant outside: a ReLU or ReLU6 with
/// the batch norm before it moved elsewhere.
public struct ChannelClamp: Layer, TwiceDifferentiable {
  public var kind: LayerKind { .threshold }
  public var summary: String { "Threshold \(lower.count)" }
  /// Values below are raised to this, per channel; −∞ for none.
  public let lower: [Float]
  /// Values above are cut to this, per channel; ∞ for none.
  public let upper: [Float]

  /// - Throws: ``LayerError`` if the bounds are not one pair per channel, or NaN, or the lower one is above.
  public init(lower: [Float], upper: [Float]) throws {
    guard lower.count == upper.count, !lower.isEmpty, zip(lower, upper).allSatisfy({ $0 <= $1 }) else {
      throw LayerError("\(lower.count) lower and \(upper.count) upper thresholds found, a pair per channel expected")
    }
    self.lower = lower
    self.upper = upper
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .unknown, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .curved(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2, shape.channels == lower.count else {
      throw LayerError("an input of shape \(shape) found, (N, \(lower.count), …) expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    var result = try inputs.only().converted(to: .channelsLast)
    let channels = lower.count
    result.withUnsafeMutableBufferPointer { values in
      lower.withUnsafeBufferPointer { lower in
        upper.withUnsafeBufferPointer { upper in
          var channel = 0
          for index in values.indices {
            values[index] = min(max(values[index], lower[channel]), upper[channel])
            channel = channel + 1 == channels ? 0 : channel + 1
          }
        }
      }
    }
    return result
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try passing(seed, where: inputs.only())]
  }

  public func jvp(_ tangent: Tensor, input: Tensor) throws -> Tensor { passing(tangent, where: input) }

  public func curvature(_ tangent: Tensor, seed: Tensor, input: Tensor) throws -> Tensor? { nil }

  /// The tensor's elements where the input lies between the thresholds, else 0.
  private func passing(_ tensor: Tensor, where input: Tensor) -> Tensor {
    let channels = lower.count
    let input = input.converted(to: .channelsLast)
    var result = tensor.converted(to: .channelsLast)
    result.withUnsafeMutableBufferPointer { values in
      input.withUnsafeBufferPointer { input in
        for index in values.indices {
          let channel = index % channels
          if input[index] <= lower[channel] || input[index] >= upper[channel] { values[index] = 0 }
        }
      }
    }
    return result
  }
}
