import ONNXProto
import Tensors

/// Computes a node all of whose inputs are constants, as numpy would: integers stay integers, arrays are repeated to fit
/// each other.
///
/// Operators: https://onnx.ai/onnx/operators/. Strings, random numbers and operators of networks (convolutions and the
/// like) are not computed.
struct ONNXEvaluator {
  typealias Problem = ONNXImporter.Problem

  let node: ONNXNode
  let operatorSet: Int
  private let constants: [ONNXConstant?]
  var budget: ONNXBudget

  /// - Parameter inputs: `nil` for those that are left out.
  init(_ node: ONNXNode, operatorSet: Int, inputs: [ONNXConstant?], budget: ONNXBudget) {
    self.node = node
    self.operatorSet = operatorSet
    constants = inputs
    self.budget = budget
  }

  /// The outputs; `nil` if the operator is none of those that are computed here.
  mutating func results() throws -> [ONNXConstant]? {
    let arrays = try elementwise() ?? reduction() ?? product() ?? movement() ?? picking() ?? made()
    return arrays?.map(\.constant)
  }

  // MARK: Inputs

  var inputCount: Int { constants.count }

  func constant(_ index: Int) -> ONNXConstant? { constants.indices.contains(index) ? constants[index] : nil }

  /// An input's numbers.
  mutating func array(_ index: Int) throws -> ONNXArray {
    guard let constant = constant(index) else { throw Problem("its input \(index) is missing") }
    try budget.spend(8 * min(constant.shape.count, 1 << 40))
    try budget.work(constant.shape.count)
    switch constant.elements {
    case .integers(let integers): return ONNXArray(constant.shape, integers)
    case .raw(_, let type) where type.isInteger:
      if let integers = constant.integers { return ONNXArray(constant.shape, integers) }
    case .raw, .floats, .uniform: break
    }
    return ONNXArray(constant.shape, constant.tensor().rowMajorElements())
  }

  /// All inputs' numbers.
  mutating func arrays() throws -> [ONNXArray] {
    try constants.indices.filter { constants[$0] != nil }.map { try array($0) }
  }

  /// A few integers: an attribute, or an input where newer operator sets have one.
  func list(_ name: String, _ index: Int) throws -> [Int]? {
    if let list = node.integers(name) { return list }
    guard let constant = constant(index) else { return nil }
    guard constant.shape.count <= 1 << 12, let integers = constant.integers else {
      throw Problem("its input \(index), of shape \(constant.shape), is not a short list of integers")
    }
    return integers
  }

  /// An axis counted from the front.
  func axis(_ given: Int, rank: Int) throws -> Int {
    let axis = given < 0 ? given &+ rank : given
    guard (0..<rank).contains(axis) else { throw Problem("it has axis \(given) of an array of \(rank) axes") }
    return axis
  }

  func axes(_ given: [Int], rank: Int) throws -> [Int] {
    let axes = try given.map { try axis($0, rank: rank) }
    guard Set(axes).count == axes.count else { throw Problem("it names an axis twice: \(given.prefix(8))") }
    return axes
  }

  // MARK: Memory and time

  /// A shape whose numbers there is room for.
  mutating func room(_ extents: [Int]) throws -> Shape {
    guard extents.count <= 32, let shape = Shape(checking: extents) else {
      throw Problem("its result would have the shape \(extents.prefix(8))")
    }
    try reserve(shape)
    return shape
  }

  /// For numbers and for where they come from.
  mutating func reserve(_ shape: Shape) throws {
    guard shape.count <= 1 << 40 else { throw Problem("an array of shape \(shape) is too large for a constant") }
    try budget.spend(16 * shape.count)
    try budget.work(shape.count)
  }

  /// The array repeated to `shape`.
  mutating func expanded(_ array: ONNXArray, to shape: Shape) throws -> ONNXArray {
    if array.shape == shape { return array }
    try reserve(shape)
    return array.taking(
      ONNXArray.places(shape.dimensions, ONNXArray.strides(array.extents, repeatedTo: shape.dimensions)), as: shape)
  }

  /// The shape to which arrays are repeated when they meet.
  mutating func common(_ arrays: [ONNXArray]) throws -> Shape {
    guard let shape = ONNXArray.broadcast(arrays.map(\.shape)) else {
      throw Problem(
        "its constants of shapes \(arrays.map(\.shape.description).joined(separator: ", ")) do not fit each other")
    }
    return try room(shape.dimensions)
  }
}

extension ElementType {
  var isInteger: Bool { ![.float32, .float64, .float16, .bfloat16].contains(self) }
}
