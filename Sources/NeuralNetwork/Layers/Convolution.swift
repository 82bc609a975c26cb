import Compute
import Tensors

/// A convolution or transposed convolution over 1 to 3 spatial axes.
public struct Convolution: ParameterizedLayer {
  public var kind: LayerKind {
    switch (geometry.rank, geometry.isTransposed) {
    case (1, false): .conv1d
    case (2, false): .conv2d
    case (_, false): .conv3d
    case (1, true): .convTranspose1d
    case (2, true): .convTranspose2d
    case (_, true): .convTranspose3d
    }
  }

  /// `Conv 3→32 3×3 /2`, with what differs from the plain case.
  public var summary: String {
    let shape = weight.shape
    let features = geometry.isTransposed ? shape[1] * geometry.groups : shape[0]
    let channels = geometry.isTransposed ? shape[0] : shape[1] * geometry.groups
    var text = (geometry.isTransposed ? "ConvT " : "Conv ") + "\(channels)→\(features) \(Extents.text(shape.spatial))"
    if geometry.strides.contains(where: { $0 != 1 }) { text += " /\(Extents.step(geometry.strides))" }
    if geometry.dilations.contains(where: { $0 != 1 }) { text += " dilation \(Extents.step(geometry.dilations))" }
    if geometry.groups > 1 { text += geometry.groups == channels ? " depthwise" : " groups \(geometry.groups)" }
    return text
  }

  public var geometry: ConvolutionGeometry { kernels.geometry }
  public var weight: Tensor { kernels.weight }
  public var bias: Tensor? { kernels.bias }
  /// The parameters, reordered ones, and compiled kernels, shared by all copies of this layer.
  private let kernels: ConvolutionKernels
  private let shapes = ShapeCache<Shape, Shape>()

  /// - Parameters:
  ///   - weight: `(O, I/groups, kernel…)`, transposed `(I, O/groups, kernel…)`.
  ///   - bias: `(O)`.
  /// - Throws: ``LayerError`` if the weight does not belong to the geometry.
  public init(geometry: ConvolutionGeometry, weight: Tensor, bias: Tensor? = nil) throws {
    guard (1...3).contains(geometry.rank), weight.shape.rank == geometry.rank + 2 else {
      throw LayerError("a weight of shape \(weight.shape) found, \(geometry.rank + 2) axes expected")
    }
    self.init(ConvolutionKernels(geometry: geometry, weight: weight, bias: bias))
  }

  private init(_ kernels: ConvolutionKernels) { self.kernels = kernels }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(geometry.rank + 2), isFunctional: false, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  /// Each number of the gathered side meets every weight of its channel once.
  public func flops(inputs: [Shape], output: Shape) -> Double {
    2 * Double(weight.shape.sampleCount) * (geometry.isTransposed ? inputs.elementCount : Double(output.count))
  }
  public var tensors: [Tensor] { [weight] + [bias].compactMap { $0 } }
  public var secondOrder: SecondOrder { .affine(bias == nil ? self : replacing(weight: weight, bias: nil)) }
  public var parameterTraits: ParameterTraits {
    ParameterTraits(offsetAxis: 1, areModifiable: true, areKeptReordered: true)
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let input = try inputs.only()
    return try shapes.value(for: input) {
      let shape = try geometry.outputShape(input: input, weight: weight.shape)
      if let bias, bias.count != shape.channels {
        throw ComputeError.shape(
          operation: geometry.name, found: bias.shape, expected: "a bias of \(shape.channels) numbers")
      }
      return shape
    }
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    return try kernels.forward(input, to: outputShape(for: [input.shape]))
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [try gradient(seed, inputShape: inputs.only().shape)]
  }

  /// ``vjp(_:inputs:output:)``, for which the input's shape is enough.
  package func gradient(_ seed: Tensor, inputShape: Shape) throws -> Tensor {
    let output = try outputShape(for: [inputShape])
    guard seed.shape == output else {
      throw ComputeError.shape(
        operation: "gradient of \(geometry.name)", found: seed.shape,
        expected: "\(output) for an input of \(inputShape)")
    }
    return try kernels.adjoint(seed, to: inputShape)
  }

  public func replacing(weight: Tensor, bias: Tensor?) -> Convolution {
    Convolution(ConvolutionKernels(geometry: geometry, weight: weight, bias: bias))
  }
}

extension Convolution: LinearInParameters {
  public func weightGradient(_ seed: Tensor, input: Tensor) throws -> Tensor {
    try WeightGradient.convolution(geometry, weight: weight.shape, seed: seed, input: input)
  }

  public func biasGradient(_ seed: Tensor) -> Tensor {
    let sums = seed.channelSums()
    return Tensor([sums.count], rowMajor: sums.map { Float($0) })
  }
}
