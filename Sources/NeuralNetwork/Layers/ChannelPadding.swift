import Compute
import Tensors

/// Rows added at the ends of the spatial axes that hold a value of their own in each channel.
public struct ChannelPadding: Layer {
  public var kind: LayerKind { .padding }
  public var summary: String { "Pad per channel \(Extents.text(zeros.begin)) \(Extents.text(zeros.end))" }
  /// What the new rows hold, per channel.
  public let values: [Float]
  private let zeros: Padding

  /// - Parameters:
  ///   - begin: rows before the first one, per spatial axis.
  ///   - end: rows after the last one.
  /// - Throws: ``LayerError`` if a value is not finite.
  public init(values: [Float], begin: [Int], end: [Int]) throws {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else {
      throw LayerError("values that are not finite found, a finite number per channel expected")
    }
    self.values = values
    zeros = Padding(begin: begin, end: end)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .affine, signs: .unknown, axes: .kept(zeros.begin.count + 2), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(zeros) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2, shape.channels == values.count else {
      throw LayerError("an input of shape \(shape) found, (N, \(values.count), …) expected")
    }
    return try zeros.outputShape(for: [shape])
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    var result = try zeros.forward([input])
    // 1 in the new rows, 0 elsewhere; the same for all channels and samples.
    let border = try Padding(.constant(1), begin: zeros.begin, end: zeros.end)
      .forward([Tensor.zeros(Shape([1, 1] + input.shape.spatial))])
    let channels = values.count
    result.withUnsafeMutableBufferPointer { result in
      border.withUnsafeBufferPointer { border in
        for position in 0..<result.count / channels where border[position % border.count] != 0 {
          for channel in 0..<channels { result[position * channels + channel] = values[channel] }
        }
      }
    }
    return result
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    try zeros.vjp(seed, inputs: inputs, output: output)
  }
}
