import Tensors

/// Operators that move whole rows.
extension ONNXEvaluator {
  mutating func movement() throws -> [ONNXArray]? {
    switch node.operation {
    case "Transpose": return [try transposed()]
    case "Concat": return [try concatenated()]
    case "Slice": return [try sliced()]
    case "Split": return try split()
    case "Expand": return [try expanded()]
    case "Tile": return [try tiled()]
    case "Pad": return [try padded()]
    case "Trilu": return [try triangle()]
    default: return nil
    }
  }

  /// The rows of an array along an axis at `indices`, with `filling` where one is negative.
  mutating func rows(_ array: ONNXArray, _ axis: Int, _ indices: [Int], filling: ONNXArray? = nil) throws -> ONNXArray {
    var extents = array.extents
    let extent = extents[axis]
    extents[axis] = indices.count
    let shape = try room(extents)
    let inner = array.extents[(axis + 1)...].reduce(1, *)
    var places: [Int] = []
    places.reserveCapacity(shape.count)
    for outer in 0..<array.extents[..<axis].reduce(1, *) {
      for index in indices {
        let start = (outer * extent + index) * inner
        for offset in 0..<inner { places.append(index < 0 ? -1 : start + offset) }
      }
    }
    return array.taking(places, as: shape, filling: filling)
  }

  private mutating func transposed() throws -> ONNXArray {
    let input = try array(0)
    let rank = input.shape.rank
    let order = node.integers("perm") ?? (0..<rank).reversed()
    guard order.sorted() == Array(0..<rank) else {
      throw Problem("perm \(order.prefix(8)) is no order of \(rank) axes")
    }
    let strides = ONNXArray.strides(input.extents)
    let shape = try room(order.map { input.extents[$0] })
    return input.taking(ONNXArray.places(shape.dimensions, order.map { strides[$0] }), as: shape)
  }

  private mutating func concatenated() throws -> ONNXArray {
    let inputs = try arrays()
    guard let first = inputs.first else { throw Problem("it has no inputs") }
    let axis = try axis(node.integer("axis") ?? 0, rank: first.shape.rank)
    var extents = first.extents
    extents[axis] = 0
    for input in inputs {
      var others = input.extents
      guard others.count == extents.count else { throw Problem("its inputs differ in their number of axes") }
      extents[axis] += others[axis]
      others[axis] = first.extents[axis]
      guard others == first.extents else {
        throw Problem("its inputs of shapes \(first.shape) and \(input.shape) do not fit side by side")
      }
    }
    let shape = try room(extents)
    let (outer, inner) = (extents[..<axis].reduce(1, *), extents[(axis + 1)...].reduce(1, *))
    func joined<Number>(_ parts: [[Number]]) -> [Number] {
      var result: [Number] = []
      result.reserveCapacity(shape.count)
      for row in 0..<outer {
        for (part, input) in zip(parts, inputs) {
          let width = input.extents[axis] * inner
          result += part[row * width..<(row + 1) * width]
        }
      }
      return result
    }
    if inputs.contains(where: \.isFloat) { return ONNXArray(shape, joined(inputs.map(\.floats))) }
    return ONNXArray(shape, joined(inputs.map { $0.integers ?? [] }))
  }

  private mutating func sliced() throws -> ONNXArray {
    var result = try array(0)
    let runs = try ONNXRun.all(
      result.extents, starts: list("starts", 1), ends: list("ends", 2), axes: list("axes", 3), steps: list("steps", 4))
    for run in runs { result = try rows(result, run.axis, run.indices) }
    return result
  }

  private mutating func split() throws -> [ONNXArray] {
    let input = try array(0)
    let axis = try axis(node.integer("axis") ?? 0, rank: input.shape.rank)
    let sizes = try ONNXRun.parts(
      of: input.extents[axis], count: node.proto.output.count, sizes: list("split", 1))
    var start = 0
    return try sizes.map { size in
      defer { start += size }
      return try rows(input, axis, Array(start..<start + size))
    }
  }

  private mutating func expanded() throws -> ONNXArray {
    let input = try array(0)
    guard let wanted = try list("shape", 1), wanted.count <= 32, let target = Shape(checking: wanted),
      let shape = ONNXArray.broadcast([input.shape, target])
    else {
      throw Problem("it cannot repeat an array of shape \(input.shape) to the shape its second input gives")
    }
    return try expanded(input, to: room(shape.dimensions))
  }

  private mutating func tiled() throws -> ONNXArray {
    var result = try array(0)
    guard let repeats = try list("repeats", 1), repeats.count == result.shape.rank,
      repeats.allSatisfy({ (0...1 << 30).contains($0) })
    else {
      throw Problem("it does not say how often each axis of \(result.shape) is repeated")
    }
    for (axis, count) in repeats.enumerated() where count != 1 {
      let extent = result.extents[axis]
      _ = try room([extent, count])
      result = try rows(result, axis, (0..<extent * count).map { $0 % extent })
    }
    return result
  }

  private mutating func padded() throws -> ONNXArray {
    var result = try array(0)
    let rank = result.shape.rank
    let axes = try axes(list("axes", 3) ?? Array(0..<rank), rank: rank)
    guard let pads = try list("pads", 1), pads.count == 2 * axes.count else {
      throw Problem("its pads are not two numbers for each axis")
    }
    let mode = node.text("mode") ?? "constant"
    var filling = node.float("value").map { ONNXArray([], [$0]) }
    if constant(2) != nil { filling = try array(2) }
    for (place, axis) in axes.enumerated() {
      let sources = try ONNXRun.padded(
        result.extents[axis], begin: pads[place], end: pads[place + axes.count], mode: mode)
      result = try rows(result, axis, sources, filling: filling)
    }
    return result
  }

  private mutating func triangle() throws -> ONNXArray {
    let input = try array(0)
    guard input.shape.rank >= 2 else { throw Problem("its input of shape \(input.shape) is no matrix") }
    let (rows, columns) = (input.extents[input.shape.rank - 2], input.extents[input.shape.rank - 1])
    let (isUpper, diagonal) = (node.integer("upper") != 0, try list("k", 1)?.first ?? 0)
    let places = (0..<input.count).map { place -> Int in
      let difference = place % columns - place / columns % rows
      return (isUpper ? difference >= diagonal : difference <= diagonal) ? place : -1
    }
    return input.taking(places, as: input.shape)
  }
}
