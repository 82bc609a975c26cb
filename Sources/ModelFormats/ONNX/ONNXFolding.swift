import NeuralNetwork
import Tensors

/// Computes nodes whose results do not depend on the picture's contents: constants, and the arithmetic of shapes.
extension ONNXImporter {
  /// Computes the node if it can be; `false` if it depends on the input or on what is not known yet.
  mutating func fold(_ node: ONNXNode) throws -> Bool {
    guard ["", "ai.onnx"].contains(node.proto.domain), let output = node.proto.output.first else { return false }
    if node.operation == "Shape" || node.operation == "Size" {
      guard let name = node.inputs.first, let value = values[name] else { return false }
      let extents: [Int]
      switch value {
      case .node(let source): extents = fileExtents(name, source)
      case .constant(let constant): extents = constant.shape.dimensions
      }
      let result =
        node.operation == "Size" ? [extents.reduce(1, *)] : extents.part(node.integer("start"), node.integer("end"))
      try set(output, .constant(ONNXConstant(integers: result, shape: node.operation == "Size" ? [] : nil)))
      return true
    }
    var inputs: [ONNXConstant] = []
    for name in node.inputs where !name.isEmpty {
      guard case .constant(let constant) = values[name] else { return false }
      inputs.append(constant)
    }
    do {
      guard let result = try folded(node, inputs) else { return false }
      try set(output, .constant(result))
      return true
    } catch let problem as Problem {
      throw ModelFormatError.node(
        file: path, name: node.name, operation: node.operation, problem: problem.found, advice: problem.advice)
    }
  }

  private mutating func folded(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    switch node.operation {
    case "Constant": return try constantNode(node)
    case "ConstantOfShape":
      guard let extents = inputs.first?.axes, let shape = Shape(checking: extents) else {
        throw Problem("no sound shape found")
      }
      let value = try node.tensor("value").map { try tensors.constant($0) }
      guard shape.count <= 1 << 40 else { throw Problem("shape \(shape) found") }
      return ONNXConstant(shape, .uniform(value?.number ?? 0))
    case "Expand":
      guard inputs.count == 2, let wanted = inputs[1].axes,
        let shape = Self.expanded(inputs[0].shape.dimensions, wanted)
      else { return nil }
      if shape.count == inputs[0].shape.count { return inputs[0].reshaped(shape) }
      return inputs[0].number.map { ONNXConstant(shape, .uniform($0)) }
    case "Identity", "Dropout": return inputs.first
    case "Cast":
      guard let input = inputs.first else { return nil }
      // 1, 10, 11 and 16 are floating-point types, 9 is bool, the others here are integers.
      guard let type = node.integer("to"), ![1, 10, 11, 16].contains(type) else { return input }
      guard [2, 3, 4, 5, 6, 7, 9, 12, 13].contains(type) else { return nil }
      if type == 9 {
        guard input.shape.count <= ONNXConstant.mostIntegers else { return nil }
        try spend(12 * input.shape.count)
        return ONNXConstant(
          integers: input.tensor().rowMajorElements().map { $0 == 0 ? 0 : 1 }, shape: input.shape)
      }
      if case .integers = input.elements { return input }
      try spend(12 * min(input.shape.count, ONNXConstant.mostIntegers))
      return input.truncated.map { ONNXConstant(integers: $0, shape: input.shape) } ?? input
    case "Unsqueeze", "Squeeze":
      guard let input = inputs.first else { return nil }
      let axes = node.integers("axes") ?? (inputs.count > 1 ? inputs[1].axes : nil)
      let extents = try Self.squeezed(input.shape.dimensions, axes, isInverse: node.operation == "Unsqueeze")
      return Shape(checking: extents).map { input.reshaped($0) }
    case "Reshape":
      guard inputs.count == 2, let wanted = inputs[1].axes else { return nil }
      let extents = try Self.resolve(wanted, inputs[0].shape, keepsZeros: node.integer("allowzero") == 1)
      guard let shape = Shape(checking: extents), shape.count == inputs[0].shape.count else {
        throw Problem("a constant of shape \(inputs[0].shape) to become \(extents.prefix(8)) found")
      }
      return inputs[0].reshaped(shape)
    case "Transpose":
      guard let input = inputs.first, input.shape.rank <= 2 else { return nil }
      guard input.shape.rank == 2, node.integers("perm") ?? [1, 0] == [1, 0] else { return input }
      return ONNXConstant(try transposed(numbers(of: input)))
    case "Gather", "Slice", "Concat": return try list(node, inputs)
    case "Add", "Sub", "Mul", "Div", "Min", "Max", "Equal": return try arithmetic(node, inputs)
    case "Sqrt", "Neg", "Floor", "Ceil": return try unary(node, inputs)
    default: return nil
    }
  }

  /// The shape of equal numbers repeated, aligned at the last axis.
  private static func expanded(_ extents: [Int], _ wanted: [Int]) -> Shape? {
    let rank = max(extents.count, wanted.count)
    func padded(_ extents: [Int]) -> [Int] { [Int](repeating: 1, count: rank - extents.count) + extents }
    let result = zip(padded(extents), padded(wanted)).map { $0 == 1 ? $1 : $0 }
    guard let shape = Shape(checking: result), shape.count <= 1 << 40 else { return nil }
    return shape
  }

  private mutating func constantNode(_ node: ONNXNode) throws -> ONNXConstant {
    if let tensor = node.tensor("value") { return try tensors.constant(tensor) }
    if let number = node.float("value_float") { return ONNXConstant([], .uniform(number)) }
    if let number = node.integer("value_int") { return ONNXConstant(integers: [number], shape: []) }
    if let numbers = node.integers("value_ints") { return ONNXConstant(integers: numbers) }
    if let numbers = node.floats("value_floats") {
      return ONNXConstant(Tensor([numbers.count], rowMajor: numbers, layout: .rowMajor))
    }
    throw Problem("a constant that is no tensor found")
  }

  /// Lists of integers along one axis.
  private mutating func list(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    guard inputs.allSatisfy({ $0.shape.rank <= 1 && $0.shape.count <= ONNXConstant.mostIntegers }) else { return nil }
    // Lists are copied, and their copies are kept.
    try spend(inputs.reduce(0) { $0 + 16 * $1.shape.count })
    let lists = inputs.compactMap(\.integers)
    guard lists.count == inputs.count, let first = lists.first else { return nil }
    switch node.operation {
    case "Concat":
      guard lists.reduce(0, { $0 + $1.count }) <= ONNXConstant.mostIntegers else { throw Problem("a long list found") }
      return ONNXConstant(integers: lists.flatMap { $0 })
    case "Gather":
      guard lists.count == 2 else { return nil }
      let picked = try lists[1].map { index -> Int in
        let place = index < 0 ? index + first.count : index
        guard first.indices.contains(place) else { throw Problem("index \(index) of \(first.count) found") }
        return first[place]
      }
      return ONNXConstant(integers: picked, shape: inputs[1].shape)
    default:
      guard lists.count >= 3 || node.has("starts") else { return nil }
      let starts = node.integers("starts") ?? lists[1]
      let ends = node.integers("ends") ?? (lists.count > 2 ? lists[2] : [])
      guard starts.count == 1, ends.count == 1, lists.count < 5 || lists[4] == [1] else { return nil }
      return ONNXConstant(integers: first.part(starts[0], ends[0]))
    }
  }

  private mutating func arithmetic(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    guard inputs.count == 2 else { return nil }
    let (left, right) = (inputs[0], inputs[1])
    guard left.shape == right.shape || left.shape.count == 1 || right.shape.count == 1 else { return nil }
    let shape = left.shape.count == 1 && right.shape.rank >= left.shape.rank ? right.shape : left.shape
    guard shape.count <= 1 << 40 else { return nil }
    try spend(16 * shape.count)
    if case .integers(let a) = left.elements, case .integers(let b) = right.elements {
      let integers = try (0..<shape.count).map { index -> Int in
        let (x, y) = (a[a.count == 1 ? 0 : index], b[b.count == 1 ? 0 : index])
        guard let result = Self.compute(node.operation, x, y) else {
          throw Problem("a result of \(x) and \(y) beyond 64 bits found")
        }
        return result
      }
      return ONNXConstant(integers: integers, shape: shape)
    }
    guard ["Add", "Sub", "Mul", "Div"].contains(node.operation) else { return nil }
    let (a, b) = (try numbers(of: left).rowMajorElements(), try numbers(of: right).rowMajorElements())
    let floats = (0..<shape.count).map { index -> Float in
      let (x, y) = (a[a.count == 1 ? 0 : index], b[b.count == 1 ? 0 : index])
      switch node.operation {
      case "Add": return x + y
      case "Sub": return x - y
      case "Mul": return x * y
      default: return x / y
      }
    }
    return ONNXConstant(Tensor(shape, rowMajor: floats, layout: .rowMajor))
  }

  private static func compute(_ operation: String, _ x: Int, _ y: Int) -> Int? {
    let result: (partialValue: Int, overflow: Bool)
    switch operation {
    case "Add": result = x.addingReportingOverflow(y)
    case "Sub": result = x.subtractingReportingOverflow(y)
    case "Mul": result = x.multipliedReportingOverflow(by: y)
    case "Div": result = x.dividedReportingOverflow(by: y)
    case "Min": return min(x, y)
    case "Max": return max(x, y)
    default: return x == y ? 1 : 0
    }
    return result.overflow ? nil : result.partialValue
  }

  private mutating func unary(_ node: ONNXNode, _ inputs: [ONNXConstant]) throws -> ONNXConstant? {
    guard let input = inputs.first, input.shape.count <= 1 << 40 else { return nil }
    try spend(8 * input.shape.count)
    if case .integers(let integers) = input.elements {
      guard node.operation == "Neg" else { return nil }
      return ONNXConstant(integers: integers.map { 0 &- $0 }, shape: input.shape)
    }
    let tensor = try numbers(of: input)
    switch node.operation {
    case "Sqrt": return ONNXConstant(tensor.map { $0.squareRoot() })
    case "Neg": return ONNXConstant(tensor.map { -$0 })
    case "Floor": return ONNXConstant(tensor.map { $0.rounded(.down) })
    default: return ONNXConstant(tensor.map { $0.rounded(.up) })
    }
  }
}

extension ONNXConstant {
  /// A number for each of at most 32 axes, or `nil`.
  fileprivate var axes: [Int]? { shape.count <= 32 ? integers : nil }

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
    func place(_ index: Int) -> Int { Swift.min(Swift.max(index < 0 ? index + count : index, 0), count) }
    let (from, to) = (place(start ?? 0), place(end ?? count))
    return from < to ? Array(self[from..<to]) : []
  }
}
