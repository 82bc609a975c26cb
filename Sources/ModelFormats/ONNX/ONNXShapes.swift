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
      throw Problem("an input of shape \(input) to become \(extents.prefix(8)) found, as many elements were expected")
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
        "an input of shape \(input) to become \(result) found, which mixes the samples of a batch",
        advice: "keep the batch as the first axis: torch.flatten(x, 1)")
    }
    let layer: any Layer = result.rank == 2 ? Flatten() : Reshape(sample: Array(result.dimensions.dropFirst()))
    try add(node, layer, from: [source], as: main.map { Part(result.rank == 2 ? "flatten" : "reshape", of: $0) })
  }

  func newExtents(_ node: ONNXNode, _ input: Shape) throws -> [Int] {
    switch node.operation {
    case "Flatten":
      let axis = node.integer("axis") ?? 1
      let resolved = axis < 0 ? axis + input.rank : axis
      guard (0...input.rank).contains(resolved) else { throw Problem("axis \(axis) of \(input) found") }
      let parts = (input.dimensions[..<resolved], input.dimensions[resolved...])
      return [parts.0.reduce(1, *), parts.1.reduce(1, *)]
    case "Reshape":
      guard let wanted = try node.integers("shape") ?? integers(node, 1) else { throw Problem("no shape found") }
      return try Self.resolve(wanted, input, keepsZeros: node.integer("allowzero") == 1)
    default:
      let axes = try node.integers("axes") ?? integers(node, 1)
      return try Self.squeezed(input.dimensions, axes, isInverse: node.operation == "Unsqueeze")
    }
  }

  /// Replaces 0 by the input's extent and −1 by what is left.
  static func resolve(_ wanted: [Int], _ input: Shape, keepsZeros: Bool) throws -> [Int] {
    var result = wanted
    for (axis, extent) in wanted.enumerated() where extent == 0 && !keepsZeros {
      guard axis < input.rank else { throw Problem("an extent of 0 beyond the axes of \(input) found") }
      result[axis] = input[axis]
    }
    guard result.allSatisfy({ $0 >= -1 }), result.count <= 32, let known = Shape(checking: result.filter { $0 != -1 })
    else {
      throw Problem("the shape \(wanted.prefix(8)) found")
    }
    guard let open = result.firstIndex(of: -1) else { return result }
    guard result.filter({ $0 == -1 }).count == 1, known.count > 0, input.count % known.count == 0 else {
      throw Problem("an input of shape \(input) to become \(wanted.prefix(8)) found, as many elements were expected")
    }
    result[open] = input.count / known.count
    return result
  }

  /// Extents without (or with more) axes of extent 1.
  static func squeezed(_ extents: [Int], _ axes: [Int]?, isInverse: Bool) throws -> [Int] {
    if isInverse {
      guard let axes, axes.count + extents.count <= 32 else { throw Problem("no axes, or more than 32, found") }
      let rank = extents.count + axes.count
      let places = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
      guard places.count == axes.count, places.allSatisfy({ (0..<rank).contains($0) }) else {
        throw Problem("axes \(axes.prefix(8)) found")
      }
      var rest = extents[...]
      return (0..<rank).map { places.contains($0) ? 1 : rest.popFirst() ?? 1 }
    }
    let places = Set(
      axes.map { $0.map { $0 < 0 ? $0 + extents.count : $0 } } ?? extents.indices.filter { extents[$0] == 1 })
    guard places.allSatisfy({ extents.indices.contains($0) && extents[$0] == 1 }) else {
      throw Problem("axes \((axes ?? []).prefix(8)) of \(extents) found, axes of extent 1 were expected")
    }
    return extents.indices.filter { !places.contains($0) }.map { extents[$0] }
  }

  mutating func transpose(_ node: ONNXNode) throws {
    let source = try activation(node)
    let rank = shape(of: source).rank
    let order = node.integers("perm") ?? (0..<rank).reversed()
    if order == Array(0..<rank) { return try set(node.proto.output.first, .node(source)) }
    try add(node, Transpose(order: order), from: [source])
  }

  /// A run along one axis or several; `starts` and `ends` are attributes before operator set 10.
  mutating func slice(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    guard let starts = try node.integers("starts") ?? integers(node, 1),
      let ends = try node.integers("ends") ?? integers(node, 2), (1...input.rank).contains(starts.count),
      ends.count == starts.count,
      case let axes = try (node.integers("axes") ?? integers(node, 3) ?? Array(starts.indices)).map({
        $0 < 0 ? $0 + input.rank : $0
      }), axes.count == starts.count, Set(axes).count == axes.count,
      axes.allSatisfy({ (0..<input.rank).contains($0) }), try (integers(node, 4) ?? []).allSatisfy({ $0 == 1 })
    else {
      throw Problem("a slice of other than one run along each of its axes found", advice: "slice with steps of 1")
    }
    var last = source
    for (axis, (start, end)) in zip(axes, zip(starts, ends)) {
      let extent = input[axis]
      func place(_ index: Int) -> Int { min(max(index < 0 ? index + extent : index, 0), extent) }
      let range = (place(start), place(end))
      guard range.0 < range.1 else { throw Problem("an empty slice \(start)..<\(end) of \(input) found") }
      if range == (0, extent), axis > 0 || end > extent { continue }
      guard axis > 0 else { throw Problem("a slice of the batch found", advice: "slice channels or spatial axes") }
      last = try insert(node, Slice(axis: axis, range: range.0..<range.1), from: [last])
    }
    try set(node.proto.output.first, .node(last))
  }

  /// One channel or row, as exporters write `x[:, 0]`.
  mutating func gather(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let given = node.integer("axis") ?? 0
    let axis = given < 0 ? given + input.rank : given
    guard axis > 0, axis < input.rank, input.rank > 2, try constant(node, 1)?.shape.rank == 0,
      let index = try integers(node, 1)?.first, (-input[axis]..<input[axis]).contains(index)
    else {
      throw Problem(
        "a selection from \(input) along axis \(given) found, one channel or row was expected",
        advice: "slice channels or spatial axes instead")
    }
    let place = index < 0 ? index + input[axis] : index
    let slice = Slice(axis: axis, range: place..<place + 1)
    let run = try insert(node, slice, from: [source])
    var rest = input.dimensions
    rest.remove(at: axis)
    try reshape(node, run, to: Shape(rest), after: slice)
  }

  /// Slices side by side, one for each output.
  mutating func split(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let outputs = node.proto.output
    let axis = node.integer("axis") ?? 0
    let resolved = axis < 0 ? axis + input.rank : axis
    guard resolved > 0, resolved < input.rank, !outputs.isEmpty else {
      throw Problem("a split of axis \(axis) of \(input) found", advice: "split channels or spatial axes")
    }
    let extent = input[resolved]
    let even = (extent + outputs.count - 1) / outputs.count
    let sizes =
      try node.integers("split") ?? integers(node, 1)
      ?? outputs.indices.map { max(0, min(even, extent - $0 * even)) }
    guard sizes.count == outputs.count, sizes.allSatisfy({ (1...extent).contains($0) }), sizes.reduce(0, +) == extent
    else {
      throw Problem("parts of \(sizes.prefix(8)) of \(input) along axis \(axis) found")
    }
    var start = 0
    for (output, size) in zip(outputs, sizes) {
      let index = try insert(node, Slice(axis: resolved, range: start..<start + size), from: [source])
      try set(output, .node(index))
      start += size
    }
  }

  mutating func pad(_ node: ONNXNode) throws {
    let source = try activation(node)
    let rank = shape(of: source).rank
    // From operator set 18 on an input may say which axes are padded.
    let axes = try (integers(node, 3) ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 }
    guard let given = try node.integers("pads") ?? integers(node, 1), given.count == 2 * axes.count,
      given.allSatisfy({ (-(1 << 20)...1 << 20).contains($0) }), Set(axes).count == axes.count,
      axes.allSatisfy({ (0..<rank).contains($0) })
    else {
      throw Problem("pads found that are not two numbers for each axis of \(rank) at most")
    }
    var pads = [Int](repeating: 0, count: 2 * rank)
    for (place, axis) in axes.enumerated() {
      (pads[axis], pads[axis + rank]) = (given[place], given[place + axes.count])
    }
    guard rank > 2, pads[0] == 0, pads[1] == 0, pads[rank] == 0, pads[rank + 1] == 0 else {
      throw Problem("padding of the batch or the channels found", advice: "only spatial axes can be padded")
    }
    let mode: SpatialPadding.Mode
    switch node.text("mode") ?? "constant" {
    case "constant":
      mode = .constant(try node.float("value") ?? (operatorSet < 11 ? nil : constant(node, 2)?.number) ?? 0)
    case "reflect": mode = .reflect
    case "edge": mode = .replicate
    case "wrap": mode = .circular
    case let other: throw Problem("mode '\(printable(other))' found")
    }
    try add(
      node, Padding(mode, begin: Array(pads[2..<rank]), end: Array(pads[(rank + 2)...])), from: [source])
  }
}
