import Compute
import NeuralNetwork
import Tensors

/// Operators that take, repeat or add rows along axes.
extension ONNXImporter {
  /// Rows of an array along some axes, −1 for constants.
  @discardableResult
  private mutating func select(
    _ node: ONNXNode, _ source: Int, _ kind: LayerKind, _ rows: [Int: [Int]], filling: Float = 0, as part: Part? = nil
  ) throws -> Int {
    let layer = try Selection(kind, rows: rows, of: shape(of: source), filling: filling)
    return try insert(node, layer, from: [source], as: part)
  }

  /// Runs along one axis or several, with any step; `starts` and `ends` are attributes before operator set 10.
  mutating func slice(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let ends = try node.integers("ends") ?? integers(node, 2)
    let axes = try node.integers("axes") ?? integers(node, 3)
    let runs = try ONNXRun.all(
      input.dimensions, starts: node.integers("starts") ?? integers(node, 1), ends: ends, axes: axes,
      steps: integers(node, 4))
    var last = source
    var stepped: [Int: [Int]] = [:]
    for (place, run) in runs.enumerated() {
      guard run.count > 0 else {
        throw Problem(
          "it takes no rows of axis \(run.axis) of an array of shape \(input)", advice: "nothing is left of it")
      }
      let isWhole = run.range == 0..<input[run.axis]
      // One sample is all of the batch here, but not of others.
      if isWhole, run.axis > 0 || (ends?[place] ?? 0) > 1 { continue }
      guard run.axis > 0 else {
        throw Problem("it slices the batch", advice: "slice channels or spatial axes, and all samples alike")
      }
      if let range = run.range {
        last = try insert(node, Slice(axis: run.axis, range: range), from: [last])
      } else {
        try spend(16 * run.count)
        stepped[run.axis] = run.indices
      }
    }
    if !stepped.isEmpty { last = try select(node, last, .gather, stepped) }
    try set(node.proto.output.first, .node(last))
  }

  /// Rows by constant indices; a single one, as exporters write `x[:, 0]`, takes the axis away.
  mutating func gather(_ node: ONNXNode) throws {
    if case .constant = try value(node, 0) {
      throw Problem(
        "it looks rows of a table up by what is computed from the picture",
        advice: "lrp explains real inputs only, not embeddings of numbers")
    }
    let source = try activation(node)
    let input = shape(of: source)
    let given = node.integer("axis") ?? 0
    let axis = given < 0 ? given &+ input.rank : given
    guard let constant = try constant(node, 1), axis < input.rank, axis >= 0 else {
      throw Problem.unsound("it has no indices, or takes them along axis \(given) of an array of shape \(input)")
    }
    guard axis > 0 else {
      throw Problem("it takes samples out of the batch", advice: "select channels or rows, of all samples alike")
    }
    let rest = Array(input.dimensions[..<axis]) + constant.shape.dimensions + input.dimensions[(axis + 1)...]
    guard rest.count > 1, let result = Shape(checking: rest) else {
      throw Problem("it leaves one number of each sample", advice: "keep an axis beside the batch: x[:, i:i + 1]")
    }
    let main = try selection(node, constant, along: axis, of: input)
    if constant.shape.rank == 1 {
      try add(node, main, from: [source])
    } else {
      try reshape(node, insert(node, main, from: [source]), to: result, after: main)
    }
  }

  /// The layer that takes the rows of constant indices along an axis of the network's.
  mutating func selection(
    _ node: ONNXNode, _ constant: ONNXConstant, along axis: Int, of input: Shape
  ) throws -> any Layer {
    try spend(16 * min(constant.shape.count, 1 << 40))
    guard let indices = constant.integers, !indices.isEmpty,
      indices.allSatisfy({ (-input[axis]..<input[axis]).contains($0) })
    else {
      throw Problem.unsound("its indices are not among the \(input[axis]) rows of the axis that it selects along")
    }
    let places = indices.map { $0 < 0 ? $0 + input[axis] : $0 }
    let run = places[0]..<places[0] + places.count
    return places == Array(run)
      ? Slice(axis: axis, range: run) : try Selection(.gather, rows: [axis: places], of: input)
  }

  /// Slices side by side, one for each output.
  mutating func split(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let axis = node.integer("axis") ?? 0
    let resolved = axis < 0 ? axis &+ input.rank : axis
    guard resolved > 0, resolved < input.rank else {
      throw Problem(
        "it splits axis \(axis) of an array of shape \(input)", advice: "split channels or spatial axes, not the batch")
    }
    let sizes = try ONNXRun.parts(
      of: input[resolved], count: node.proto.output.count, sizes: node.integers("split") ?? integers(node, 1))
    var start = 0
    for (output, size) in zip(node.proto.output, sizes) where size > 0 {
      if !output.isEmpty {
        let index = try insert(node, Slice(axis: resolved, range: start..<start + size), from: [source])
        try set(output, .node(index))
      }
      start += size
    }
  }

  /// Rows repeated where an axis has one. In front of arithmetic that would do it itself nothing is added.
  mutating func expand(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    guard let wanted = try node.integers("shape") ?? integers(node, 1), let target = Shape(checking: wanted),
      let result = ONNXArray.broadcast([input, target])
    else {
      throw Problem.unsound("it cannot repeat an array of shape \(input) to the shape its second input gives")
    }
    guard result.rank == input.rank, result[0] == 1 else {
      throw Problem(
        "it repeats an array of shape \(input) to \(result), along or before the axis of the batch",
        advice: "keep the batch as the first axis, and repeat along others")
    }
    if result == input || isRepeatedAnyway(node, source, result) {
      return try set(node.proto.output.first, .node(source))
    }
    var rows: [Int: [Int]] = [:]
    for axis in 1..<input.rank where input[axis] != result[axis] {
      guard result[axis] <= 1 << 28 else { throw Problem("it makes an array of shape \(result)") }
      try spend(8 * result[axis])
      rows[axis] = [Int](repeating: 0, count: result[axis])
    }
    try set(node.proto.output.first, .node(select(node, source, .expand, rows)))
  }

  /// Whether all that read the result are products with an array of that shape.
  private func isRepeatedAnyway(_ node: ONNXNode, _ source: Int, _ result: Shape) -> Bool {
    let readers = readers(of: node)
    return !readers.isEmpty
      && readers.allSatisfy { _, reader in
        guard reader.operation == "Mul", reader.inputs.count == 2, let output = node.proto.output.first else {
          return false
        }
        return reader.inputs.contains { name in
          guard name != output, case .node(let other) = values[name] else { return false }
          return shape(of: other) == result
        }
      }
  }

  mutating func tile(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    guard let repeats = try integers(node, 1), repeats.count == input.rank,
      repeats.allSatisfy({ (1...1 << 20).contains($0) })
    else {
      throw Problem("it does not say how often each axis of an array of shape \(input) is repeated")
    }
    guard repeats[0] == 1 else {
      throw Problem("it repeats the batch", advice: "repeat along other axes than the first")
    }
    var rows: [Int: [Int]] = [:]
    for axis in 1..<input.rank where repeats[axis] > 1 {
      let count = input[axis].multipliedReportingOverflow(by: repeats[axis])
      guard !count.overflow, count.partialValue <= 1 << 28 else { throw Problem("it repeats axis \(axis) too often") }
      try spend(8 * count.partialValue)
      rows[axis] = (0..<count.partialValue).map { $0 % input[axis] }
    }
    if rows.isEmpty { return try set(node.proto.output.first, .node(source)) }
    try set(node.proto.output.first, .node(select(node, source, .expand, rows)))
  }

  mutating func pad(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let rank = input.rank
    // From operator set 18 on an input may say which axes are padded.
    let axes = try (integers(node, 3) ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 }
    guard let given = try node.integers("pads") ?? integers(node, 1), given.count == 2 * axes.count,
      Set(axes).count == axes.count, axes.allSatisfy({ (0..<rank).contains($0) })
    else {
      throw Problem.unsound("its pads are not two numbers for each of \(rank) axes at most")
    }
    var pads = [Int](repeating: 0, count: 2 * rank)
    for (place, axis) in axes.enumerated() {
      (pads[axis], pads[axis + rank]) = (given[place], given[place + axes.count])
    }
    guard pads[0] == 0, pads[rank] == 0 else {
      throw Problem("it pads the batch", advice: "pad channels or spatial axes")
    }
    guard pads.allSatisfy({ (-(1 << 20)...1 << 20).contains($0) }) else {
      throw Problem("it pads by \(pads.prefix(8)), and lrp adds at most 2^20 rows")
    }
    let value: Float
    if let number = node.float("value") {
      value = number
    } else {
      value = operatorSet < 11 ? 0 : try constant(node, 2)?.number ?? 0
    }
    let name = node.text("mode") ?? "constant"
    let modes: [String: Padding.Mode] = [
      "constant": .constant(value), "reflect": .reflect, "edge": .replicate, "wrap": .circular,
    ]
    guard let mode = modes[name] else { throw Problem("lrp does not know its mode '\(printable(name))'") }
    if pads.allSatisfy({ $0 == 0 }) { return try set(node.proto.output.first, .node(source)) }
    if (3...5).contains(rank), pads[1] == 0, pads[rank + 1] == 0 {
      let layer = Padding(mode, begin: Array(pads[2..<rank]), end: Array(pads[(rank + 2)...]))
      if (try? layer.outputShape(for: [input])) != nil {
        try add(node, layer, from: [source])
        return
      }
    }
    var rows: [Int: [Int]] = [:]
    for axis in 1..<rank where pads[axis] != 0 || pads[axis + rank] != 0 {
      let (begin, end) = (pads[axis], pads[axis + rank])
      try spend(8 * (max(begin, 0) + max(end, 0) + input[axis]))
      rows[axis] = try ONNXRun.padded(input[axis], begin: begin, end: end, mode: name)
    }
    try set(node.proto.output.first, .node(select(node, source, .padding, rows, filling: value)))
  }

  /// Elements picked from a flat copy, as torch's newer exporter writes pooling and indexing.
  /// - Returns: whether the reshape `node` begins that.
  mutating func fusePicking(_ node: ONNXNode, _ source: Int) throws -> Bool {
    let input = shape(of: source)
    guard let pick = onlyReader(of: node), pick.node.operation == "Gather", (pick.node.integer("axis") ?? 0) == 0,
      pick.node.inputs.count == 2, pick.node.inputs[0] == node.proto.output.first,
      let indices = try constant(pick.node, 1), indices.shape.rank > 1, indices.shape[0] == 1
    else {
      return false
    }
    try spend(24 * indices.shape.count)
    guard let places = indices.integers, places.allSatisfy({ (0..<input.count).contains($0) }), !places.isEmpty else {
      return false
    }
    take(pick.index)
    if places == Array(0..<input.count) {
      try reshape(pick.node, source, to: indices.shape)
      return true
    }
    var flat = source
    if input.rank > 2 { flat = try insert(node, Flatten(), from: [source]) }
    let main = try Selection(.gather, rows: [1: places], of: shape(of: flat))
    try reshape(pick.node, insert(pick.node, main, from: [flat]), to: indices.shape, after: main)
    return true
  }
}
