import Compute
import Tensors

/// `y = x Wᵀ + b` along the last axis: `torch.nn.Linear`, or a product with a matrix that a model's code writes out.
public struct FullyConnected: ParameterizedLayer {
  public let kind: LayerKind
  public var summary: String { "Linear \(weight.shape[1])→\(weight.shape[0])" }
  public var weight: Tensor { kernels.weight }
  public var bias: Tensor? { kernels.bias }
  /// The parameters and compiled kernels, shared by all copies of this layer.
  private let kernels: MatrixKernels

  /// - Parameters:
  ///   - weight: `(O, I)`.
  ///   - bias: `(O)`.
  ///   - kind: `.matrixProduct` for what is no module, so that no rule reaches it.
  /// - Throws: ``LayerError`` if the weight is not a matrix.
  public init(weight: Tensor, bias: Tensor? = nil, kind: LayerKind = .fullyConnected) throws {
    guard weight.shape.rank == 2 else {
      throw LayerError("a weight of shape \(weight.shape) found, a matrix (O, I) expected")
    }
    self.init(MatrixKernels(weight: weight, bias: bias), kind)
  }

  private init(_ kernels: MatrixKernels, _ kind: LayerKind) {
    self.kernels = kernels
    self.kind = kind
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(nil), isFunctional: kind == .matrixProduct, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 2 * Double(weight.shape[1]) * Double(output.count) }
  public var tensors: [Tensor] { [weight] + [bias].compactMap { $0 } }
  public var secondOrder: SecondOrder { .affine(bias == nil ? self : replacing(weight: weight, bias: nil)) }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: -1, areModifiable: true, areKeptReordered: false)
  }

  private static let name = "fully connected"

  /// The input's shape with its last extent replaced by O.
  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let input = try inputs.only()
    guard weight.count > 0 else {
      throw ComputeError.shape(operation: Self.name, found: weight.shape, expected: "a weight (O, I)")
    }
    guard input.rank >= 2, input.dimensions.last == weight.shape[1] else {
      throw ComputeError.shape(
        operation: Self.name, found: input, expected: "(N, …, \(weight.shape[1])) for a weight \(weight.shape)")
    }
    if let bias, bias.count != weight.shape[0] {
      throw ComputeError.shape(
        operation: Self.name, found: bias.shape, expected: "a bias of \(weight.shape[0]) numbers")
    }
    return Shape(input.dimensions.dropLast() + [weight.shape[0]])
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    _ = try outputShape(for: [input.shape])
    return try kernels.forward(input)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only().shape
    let output = try outputShape(for: [input])
    guard seed.shape == output else {
      throw ComputeError.shape(
        operation: "gradient of \(Self.name)", found: seed.shape, expected: "\(output) for an input of \(input)")
    }
    return [try kernels.adjoint(seed)]
  }

  public func replacing(weight: Tensor, bias: Tensor?) -> FullyConnected {
    FullyConnected(MatrixKernels(weight: weight, bias: bias), kind)
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
