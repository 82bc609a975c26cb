import Compute
import NeuralNetwork
import Tensors

/// Operators that only move elements.
extension ONNXImporter {
  /// Flatten, Reshape, Squeeze and Unsqueeze: all are known by the shape they make.
  mutating func reshape(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let extents = try newExtents(node, input)
    guard let result = Shape(checking: extents), result.count == input.count else {
      throw Problem.unsound(
        "an input of shape \(input) cannot become one of \(extents.prefix(8)), which has another count")
    }
    if result.rank == 1, try fusePicking(node, source) { return }
    if try fuseGroupNorm(node, source, to: result) { return }
    try reshape(node, source, to: result)
  }

  /// - Parameter main: the node's own layer, if the reshaping only follows it.
  mutating func reshape(_ node: ONNXNode, _ source: Int, to result: Shape, after main: (any Layer)? = nil) throws {
    let input = shape(of: source)
    if result == input { return try set(node.proto.output.first, .node(source)) }
    guard result.rank >= 1, result[0] == 1 else {
      throw Problem(
        "it makes an array of \(result) of one of \(input), which mixes the samples of a batch",
        advice: "keep the batch as the first axis: torch.flatten(x, 1)")
    }
    let layer: any Layer = result.rank == 2 ? Flatten() : Reshape(sample: Array(result.dimensions.dropFirst()))
    try add(node, layer, from: [source], as: main.map { Part(result.rank == 2 ? "flatten" : "reshape", of: $0) })
  }

  func newExtents(_ node: ONNXNode, _ input: Shape) throws -> [Int] {
    switch node.operation {
    case "Flatten":
      return try Self.flattened(input, node.integer("axis") ?? 1)
    case "Reshape":
      guard let wanted = try node.integers("shape") ?? integers(node, 1) else {
        throw Problem.unsound("it has no shape")
      }
      return try Self.resolve(wanted, input, keepsZeros: node.integer("allowzero") == 1)
    default:
      var axes = try node.integers("axes") ?? integers(node, 1)
      // All axes of extent 1; the batch may be larger than here.
      if node.operation == "Squeeze", axes == nil { axes = (1..<max(1, input.rank)).filter { input[$0] == 1 } }
      return try Self.squeezed(input.dimensions, axes, isInverse: node.operation == "Unsqueeze")
    }
  }

  /// The extents of a matrix: the axes before `axis`, and the others.
  static func flattened(_ shape: Shape, _ axis: Int) throws -> [Int] {
    let resolved = axis < 0 ? axis &+ shape.rank : axis
    guard (0...shape.rank).contains(resolved) else {
      throw Problem.unsound("it flattens from axis \(axis) of an array of shape \(shape) on")
    }
    return [shape.dimensions[..<resolved].reduce(1, *), shape.dimensions[resolved...].reduce(1, *)]
  }

  /// Replaces 0 by the input's extent and −1 by what is left.
  static func resolve(_ wanted: [Int], _ input: Shape, keepsZeros: Bool) throws -> [Int] {
    var result = wanted
    for (axis, extent) in wanted.enumerated() where extent == 0 && !keepsZeros {
      guard axis < input.rank else {
        throw Problem.unsound("it keeps an axis that an array of shape \(input) does not have")
      }
      result[axis] = input[axis]
    }
    guard result.allSatisfy({ $0 >= -1 }), result.count <= 32, let known = Shape(checking: result.filter { $0 != -1 })
    else {
      throw Problem.unsound("\(wanted.prefix(8)) is no shape")
    }
    guard let open = result.firstIndex(of: -1) else { return result }
    guard result.filter({ $0 == -1 }).count == 1, known.count > 0, input.count % known.count == 0 else {
      throw Problem.unsound(
        "an input of shape \(input) cannot become one of \(wanted.prefix(8)), which has another count")
    }
    result[open] = input.count / known.count
    return result
  }

  /// Extents without (or with more) axes of extent 1.
  static func squeezed(_ extents: [Int], _ axes: [Int]?, isInverse: Bool) throws -> [Int] {
    if isInverse {
      guard let axes, axes.count + extents.count <= 32 else { throw Problem.unsound("it has no axes, or more than 32") }
      let rank = extents.count + axes.count
      let places = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
      guard places.count == axes.count, places.allSatisfy({ (0..<rank).contains($0) }) else {
        throw Problem.unsound("it cannot put axes in at \(axes.prefix(8))")
      }
      var rest = extents[...]
      return (0..<rank).map { places.contains($0) ? 1 : rest.popFirst() ?? 1 }
    }
    let places = Set(
      axes.map { $0.map { $0 < 0 ? $0 + extents.count : $0 } } ?? extents.indices.filter { extents[$0] == 1 })
    guard places.allSatisfy({ extents.indices.contains($0) && extents[$0] == 1 }) else {
      throw Problem.unsound("it takes axes \((axes ?? []).prefix(8)) out of \(extents), which are not of extent 1")
    }
    return extents.indices.filter { !places.contains($0) }.map { extents[$0] }
  }

  mutating func transpose(_ node: ONNXNode) throws {
    let source = try activation(node)
    let rank = shape(of: source).rank
    let order = node.integers("perm") ?? (0..<rank).reversed()
    guard order.sorted() == Array(0..<rank) else {
      throw Problem.unsound("its perm \(order.prefix(8)) is no order of \(rank) axes")
    }
    if order == Array(0..<rank) { return try set(node.proto.output.first, .node(source)) }
    try add(node, Transpose(order: order), from: [source])
  }
}
