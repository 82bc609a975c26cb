import NeuralNetwork
import Tensors

/// Computes nodes whose results do not depend on the picture's contents: constants, and the arithmetic of shapes.
extension ONNXImporter {
  /// Computes the node if it can be; `false` if it depends on the input or on what is not known yet.
  mutating func fold(_ node: ONNXNode) throws -> Bool {
    guard ["", "ai.onnx"].contains(node.proto.domain), let output = node.proto.output.first else { return false }
    do {
      if node.operation == "Shape" || node.operation == "Size" { return try foldExtents(node, output) }
      var inputs: [ONNXConstant?] = []
      for (index, name) in node.inputs.enumerated() {
        switch values[name] {
        case .constant(let constant): inputs.append(constant)
        case nil where name.isEmpty: inputs.append(nil)
        // Only its type is asked for.
        case .node where node.operation == "CastLike" && index == 1: inputs.append(ONNXConstant([], .uniform(0)))
        default: return false
        }
      }
      if let result = try foldInPlace(node, inputs.compactMap { $0 }) {
        try set(output, .constant(result))
        keep(output, sharedWith: node.inputs)
        return true
      }
      return try compute(node, inputs)
    } catch let problem as Problem {
      throw error(node, problem)
    }
  }

  private mutating func foldExtents(_ node: ONNXNode, _ output: String) throws -> Bool {
    guard let name = node.inputs.first, let value = values[name] else { return false }
    let extents: [Int]
    switch value {
    case .node(let source): extents = fileExtents(name, source)
    case .constant(let constant): extents = constant.shape.dimensions
    }
    let isSize = node.operation == "Size"
    let result = isSize ? [extents.reduce(1, *)] : extents.part(node.integer("start"), node.integer("end"))
    try set(output, .constant(ONNXConstant(integers: result, shape: isSize ? [] : nil)))
    return true
  }

  private mutating func compute(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> Bool {
    let before = tensors.budget.remaining
    var evaluator = ONNXEvaluator(node, operatorSet: operatorSet, inputs: inputs, budget: tensors.budget)
    guard let results = try evaluator.results() else { return false }
    // What it took beside the results is free again.
    tensors.budget = evaluator.budget
    tensors.budget.refund(before - tensors.budget.remaining)
    for (name, result) in zip(node.proto.output, results) where !name.isEmpty {
      try spend(result.byteCount + 64)
      try set(name, .constant(result))
      keep(name, byteCount: result.byteCount)
    }
    return true
  }

  /// Nodes that hand on the numbers that are there, however many.
  private mutating func foldInPlace(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    switch node.operation {
    case "Constant": return try constantNode(node)
    case "ConstantOfShape": return try constantOfShape(node, inputs)
    case "Identity", "Dropout": return inputs.first
    case "Cast", "CastLike": return try cast(node, inputs)
    case "Expand":
      guard inputs.count == 2, let number = inputs[0].uniformNumber, let wanted = inputs[1].axes,
        let target = Shape(checking: wanted), let shape = ONNXArray.broadcast([inputs[0].shape, target]),
        shape.count <= 1 << 40
      else {
        return nil
      }
      return ONNXConstant(shape, .uniform(number))
    case "Unsqueeze", "Squeeze":
      guard let input = inputs.first else { return nil }
      let axes = node.integers("axes") ?? (inputs.count > 1 ? inputs[1].axes : nil)
      let extents = try Self.squeezed(input.shape.dimensions, axes, isInverse: node.operation == "Unsqueeze")
      return Shape(checking: extents).map { input.reshaped($0) }
    case "Flatten":
      guard let input = inputs.first else { return nil }
      return input.reshaped(Shape(try Self.flattened(input.shape, node.integer("axis") ?? 1)))
    case "Reshape":
      guard inputs.count == 2, let wanted = inputs[1].axes else { return nil }
      let extents = try Self.resolve(wanted, inputs[0].shape, keepsZeros: node.integer("allowzero") == 1)
      guard let shape = Shape(checking: extents), shape.count == inputs[0].shape.count else {
        throw Problem("a constant of shape \(inputs[0].shape) cannot become one of \(extents.prefix(8))")
      }
      return inputs[0].reshaped(shape)
    case "Transpose":
      guard let input = inputs.first, input.shape.rank <= 2, !input.isInteger else { return nil }
      guard input.shape.rank == 2, node.integers("perm") ?? [1, 0] == [1, 0] else { return input }
      return ONNXConstant(try transposed(numbers(of: input)))
    default: return nil
    }
  }

  private mutating func constantNode(_ node: ONNXNode) throws -> ONNXConstant {
    if let tensor = node.tensor("value") { return try tensors.constant(tensor) }
    if let number = node.float("value_float") { return ONNXConstant([], .uniform(number)) }
    if let number = node.integer("value_int") { return ONNXConstant(integers: [number], shape: []) }
    if let numbers = node.integers("value_ints") { return ONNXConstant(integers: numbers) }
    if let numbers = node.floats("value_floats") {
      return ONNXConstant(Tensor([numbers.count], rowMajor: numbers, layout: .rowMajor))
    }
    let kind = node.has("sparse_value") ? "sparse array" : "text"
    throw Problem("it is a \(kind), and lrp reads plain arrays of numbers", advice: "leave it out of the exported part")
  }

  private mutating func constantOfShape(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    guard let extents = inputs.first?.axes, let shape = Shape(checking: extents), shape.count <= 1 << 40 else {
      throw Problem("its input is not the shape of an array")
    }
    guard let value = try node.tensor("value").map({ try tensors.constant($0) }) else {
      return ONNXConstant(shape, .uniform(0))
    }
    guard case .integers(let integers) = value.elements, let number = integers.first,
      shape.count <= ONNXConstant.mostIntegers
    else {
      return ONNXConstant(shape, .uniform(value.number ?? 0))
    }
    try spend(8 * shape.count)
    return ONNXConstant(integers: [Int](repeating: number, count: shape.count), shape: shape)
  }

  private mutating func cast(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    guard let input = inputs.first else { return nil }
    var type = node.integer("to") ?? 1
    if node.operation == "CastLike" { type = inputs.count > 1 && inputs[1].isInteger ? 7 : 1 }
    // 1, 10, 11 and 16 are floating-point types, 9 is bool, the others here are integers.
    if [1, 10, 11, 16].contains(type) {
      guard case .integers(let integers) = input.elements else { return input }
      try spend(4 * integers.count)
      return ONNXConstant(input.tensor())
    }
    guard [2, 3, 4, 5, 6, 7, 9, 12, 13].contains(type), input.shape.count <= ONNXConstant.mostIntegers else {
      return nil
    }
    if type != 9, case .integers = input.elements { return input }
    try spend(12 * input.shape.count)
    if type == 9 {
      return ONNXConstant(
        integers: input.tensor().rowMajorElements().map { $0 == 0 ? 0 : 1 }, shape: input.shape)
    }
    return input.truncated.map { ONNXConstant(integers: $0, shape: input.shape) } ?? input
  }
}

extension ONNXConstant {
  /// A number for each of at most 32 axes, or `nil`.
  fileprivate var axes: [Int]? { shape.count <= 32 ? integers : nil }

  /// The number that all are, of those that are no integers.
  fileprivate var uniformNumber: Float? {
    if case .uniform(let number) = elements { return number }
    return shape.count == 1 && !isInteger ? number : nil
  }

  /// Whether its numbers are integers or booleans.
  var isInteger: Bool {
    switch elements {
    case .integers: true
    case .raw(_, let type): type.isInteger
    case .floats, .uniform: false
    }
  }

  /// What its numbers take beyond the file's own.
  fileprivate var byteCount: Int {
    switch elements {
    case .integers: 8 * shape.count
    case .floats: 4 * shape.count
    case .uniform, .raw: 0
    }
  }

  /// Integers rounded towards zero, or `nil` for what is not finite.
  fileprivate var truncated: [Int]? {
    if let integers { return integers }
    guard shape.count <= Self.mostIntegers else { return nil }
    let numbers = tensor().rowMajorElements().map { Int(exactly: $0.rounded(.towardZero)) }
    return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
  }
}

extension [Int] {
  /// The items from `start` to before `end`; negative numbers count from the end, and both are cut to the list.
  fileprivate func part(_ start: Int?, _ end: Int?) -> [Int] {
    func place(_ index: Int) -> Int { Swift.min(Swift.max(index < 0 ? index &+ count : index, 0), count) }
    let (from, to) = (place(start ?? 0), place(end ?? count))
    return from < to ? Array(self[from..<to]) : []
  }
}
