import Compute
import Tensors

/// Spatial axes of other extents by interpolation: `torch.nn.Upsample`, which is linear in its input.
public struct Upsample: Layer {
  public var kind: LayerKind { .upsample }
  public var summary: String { "Upsample \(Extents.text(operation.input))→\(Extents.text(operation.output))" }
  private let operation: Interpolation

  public init(_ operation: Interpolation) { self.operation = operation }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(operation.axes.count + 2), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [try operation.vjp(seed)] }
}
