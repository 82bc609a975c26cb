import Compute
import Tensors

/// Rows added at the ends of the spatial axes, or cut off.
public struct Padding: Layer {
  public var kind: LayerKind { .padding }
  public var summary: String { "Pad \(Extents.text(operation.begin)) \(Extents.text(operation.end))" }
  private let operation: SpatialPadding

  public init(_ operation: SpatialPadding) { self.operation = operation }

  /// - Parameters:
  ///   - begin: rows before the first one, per spatial axis; negative numbers cut.
  ///   - end: rows after the last one.
  public init(_ mode: SpatialPadding.Mode = .constant(0), begin: [Int], end: [Int]) {
    self.init(SpatialPadding(mode, begin: begin, end: end))
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: constant == 0 ? .linear : .affine, signs: constant >= 0 ? .keepsNonnegative : .unknown,
      axes: .kept(operation.begin.count + 2), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder {
    .affine(constant == 0 ? self : Padding(begin: operation.begin, end: operation.end))
  }
  /// What new rows hold beside what they take from others.
  private var constant: Float {
    if case .constant(let value) = operation.mode { value } else { 0 }
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, inputShape: inputs.only().shape)]
  }
}
