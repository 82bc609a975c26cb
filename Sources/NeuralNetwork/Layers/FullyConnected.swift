import Compute
import Tensors

/// `y = x Wᵀ + b` along the last axis: `torch.nn.Linear`, or a product with a matrix that a model's code writes out.
public struct FullyConnected: ParameterizedLayer {
  public let kind: LayerKind
  public var summary: String { "Linear \(weight.shape[1])→\(weight.shape[0])" }
  public var weight: Tensor { operation.weight }
  public var bias: Tensor? { operation.bias }
  /// Compiled kernels, shared by all copies of this layer.
  private let operation: FullyConnectedOperator

  /// - Parameters:
  ///   - weight: `(O, I)`.
  ///   - bias: `(O)`.
  ///   - kind: `.matrixProduct` for what is no module, so that no rule reaches it.
  /// - Throws: ``LayerError`` if the weight is not a matrix.
  public init(weight: Tensor, bias: Tensor? = nil, kind: LayerKind = .fullyConnected) throws {
    guard weight.shape.rank == 2 else {
      throw LayerError("a weight of shape \(weight.shape) found, a matrix (O, I) expected")
    }
    self.init(FullyConnectedOperator(weight: weight, bias: bias), kind)
  }

  private init(_ operation: FullyConnectedOperator, _ kind: LayerKind) {
    self.operation = operation
    self.kind = kind
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(nil), isFunctional: kind == .matrixProduct, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 2 * Double(weight.shape[1]) * Double(output.count) }
  public var secondOrder: SecondOrder { .affine(bias == nil ? self : replacing(weight: weight, bias: nil)) }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: -1, areModifiable: true, areKeptReordered: false)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try operation.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try operation.forward(inputs.only()) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try operation.vjp(seed, inputShape: inputs.only().shape)]
  }

  public func replacing(weight: Tensor, bias: Tensor?) -> FullyConnected {
    FullyConnected(FullyConnectedOperator(weight: weight, bias: bias), kind)
  }
}

extension FullyConnected: LinearInParameters {
  public func weightGradient(_ seed: Tensor, input: Tensor) throws -> Tensor {
    try WeightGradient.fullyConnected(weight: weight.shape, seed: seed, input: input)
  }

  public func biasGradient(_ seed: Tensor) -> Tensor {
    let outputs = weight.shape[0]
    let rows = seed.rowMajorElements()
    let sums = (0..<outputs).map { output in
      stride(from: output, to: rows.count, by: outputs).reduce(0.0) { $0 + Double(rows[$1]) }
    }
    return Tensor([outputs], rowMajor: sums.map { Float($0) })
  }
}
