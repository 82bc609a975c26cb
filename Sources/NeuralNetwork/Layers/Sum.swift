import Tensors

/// A sum that takes a rule, as zennit's `Sum` module does: of several inputs, which are repeated along axes
/// of extent 1, or of one input over an axis.
public struct Sum: Layer {
  public var kind: LayerKind { .sum }
  public var summary: String { axis.map { "Sum over axis \($0)" } ?? "Sum" }
  /// The axis of a single input that is summed and goes away, counted from either end; `nil` sums inputs.
  public let axis: Int?

  public init(axis: Int? = nil) { self.axis = axis }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: axis == nil ? .kept(nil) : .fewer(1), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { max(0, inputs.elementCount - Double(output.count)) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    guard let axis else { return try .broadcast(inputs) }
    let shape = try inputs.only()
    return Shape(try Axis(axis, of: shape).without.dimensions)
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    guard let axis else { return try sumForward(inputs) }
    let input = try inputs.only()
    let summed = try Axis(axis, of: input.shape)
    let elements = input.rowMajorElements()
    let sums = (0..<summed.without.count).map { position -> Float in
      let start = summed.start(position)
      return Float((0..<summed.extent).reduce(0.0) { $0 + Double(elements[start + $1 * summed.inner]) })
    }
    return Tensor(summed.without, rowMajor: sums)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    guard let axis else { return inputs.map { seed.summed(to: $0.shape) } }
    let shape = try inputs.only().shape
    let summed = try Axis(axis, of: shape)
    let seeds = seed.rowMajorElements()
    var result = [Float](repeating: 0, count: shape.count)
    for (position, seed) in seeds.enumerated() {
      let start = summed.start(position)
      for step in 0..<summed.extent { result[start + step * summed.inner] = seed }
    }
    return [Tensor(shape, rowMajor: result)]
  }
}

/// One axis of a shape, and where its lines begin in row-major order.
private struct Axis {
  let extent: Int
  /// Elements between neighbours along the axis.
  let inner: Int
  /// The shape without the axis.
  let without: Shape

  init(_ axis: Int, of shape: Shape) throws {
    let index = axis < 0 ? axis + shape.rank : axis
    guard shape.dimensions.indices.contains(index), index > 0 else {
      throw LayerError("axis \(axis) found, one of \(shape) but the first expected")
    }
    extent = shape[index]
    inner = shape.dimensions[(index + 1)...].reduce(1, *)
    var rest = shape.dimensions
    rest.remove(at: index)
    without = Shape(rest)
  }

  /// Where the line of the element `position` of ``without`` begins.
  func start(_ position: Int) -> Int { position / inner * inner * extent + position % inner }
}

/// A plain `+` in a model's code, which no rule reaches: every input gets the whole relevance.
public struct Add: Layer {
  public var kind: LayerKind { .add }
  public var summary: String { "+" }
  public init() {}
  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: true, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { max(0, inputs.elementCount - Double(output.count)) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try .broadcast(inputs) }
  public func forward(_ inputs: [Tensor]) throws -> Tensor { try sumForward(inputs) }
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    inputs.map { seed.summed(to: $0.shape) }
  }
}

private func sumForward(_ inputs: [Tensor]) throws -> Tensor {
  let shape = try Shape.broadcast(inputs.map(\.shape))
  let parts = inputs.map { $0.expanded(to: shape) }
  return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
}
