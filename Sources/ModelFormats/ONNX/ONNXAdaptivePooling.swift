import NeuralNetwork
import Tensors

/// Adaptive average pooling whose windows are no even share of the input: torch's newer exporter picks all windows, padded
/// to one size, by a transposition, a `GatherND` and one back, masks what is beyond a window, sums and divides.
extension ONNXImporter {
  /// Where the windows of an axis begin, and how long they are.
  private struct Windows {
    let starts: [Int]
    let lengths: [Int]

    init(extent: Int, count: Int) {
      starts = (0..<count).map { $0 * extent / count }
      lengths = (0..<count).map { (($0 + 1) * extent + count - 1) / count - $0 * extent / count }
    }
  }

  private struct Pooling {
    let node: ONNXNode
    let output: [Int]
    let taken: [Int]
    let result: String
  }

  /// Makes pooling layers of the nodes from the transposition `node` on.
  /// - Returns: whether all that reads it is such pooling.
  mutating func fuseAdaptivePooling(_ node: ONNXNode) throws -> Bool {
    guard node.operation == "Transpose", node.integers("perm") == [2, 3, 0, 1], let name = node.inputs.first,
      case .node(let source) = values[name], batchAxes[name] == nil, shape(of: source).rank == 4
    else {
      return false
    }
    let readers = readers(of: node)
    let poolings = readers.compactMap { pooling($0.index, $0.node, shape(of: source)) }
    guard !readers.isEmpty, poolings.count == readers.count else { return false }
    for pooling in poolings {
      for index in pooling.taken { take(index) }
      let index = try add(pooling.node, AdaptiveAveragePool(output: pooling.output), from: [source])
      try set(pooling.result, .node(index))
    }
    return true
  }

  private func pooling(_ index: Int, _ pick: ONNXNode, _ input: Shape) -> Pooling? {
    guard pick.operation == "GatherND", (pick.integer("batch_dims") ?? 0) == 0, pick.inputs.count == 2,
      case .constant(let constant) = values[pick.inputs[1]], constant.shape.rank == 5, constant.shape[4] == 2,
      constant.shape.count > 0, let indices = constant.integers, let back = onlyReader(of: pick),
      back.node.operation == "Transpose", back.node.integers("perm") == [4, 5, 0, 1, 2, 3]
    else {
      return nil
    }
    let extents = Array(constant.shape.dimensions[..<4])
    let (rows, columns) = (
      Windows(extent: input[2], count: extents[0]), Windows(extent: input[3], count: extents[2])
    )
    var taken = [index, back.index]
    var last = back.node
    // What each mask leaves out, for each place of each window.
    var isMasked = [Bool](repeating: false, count: indices.count / 2)
    while let mask = onlyReader(of: last), mask.node.operation == "Where", mask.node.inputs.count == 3,
      mask.node.inputs[2] == last.proto.output.first, case .constant(let filling) = values[mask.node.inputs[1]],
      filling.number == 0, case .constant(let condition) = values[mask.node.inputs[0]],
      ONNXArray.broadcast([condition.shape, Shape(extents)]) == Shape(extents)
    {
      let numbers = condition.tensor().rowMajorElements()
      let places = ONNXArray.places(extents, ONNXArray.strides(condition.shape.dimensions, repeatedTo: extents))
      for (place, from) in places.enumerated() where numbers[from] != 0 { isMasked[place] = true }
      taken.append(mask.index)
      last = mask.node
    }
    var place = 0
    for row in 0..<extents[0] {
      for i in 0..<extents[1] {
        for column in 0..<extents[2] {
          for j in 0..<extents[3] {
            let isOutside = i >= rows.lengths[row] || j >= columns.lengths[column]
            guard isMasked[place] == isOutside else { return nil }
            let isRight =
              indices[2 * place] == rows.starts[row] + i && indices[2 * place + 1] == columns.starts[column] + j
            guard isOutside || isRight else { return nil }
            place += 1
          }
        }
      }
    }
    guard rows.lengths.max() == extents[1], columns.lengths.max() == extents[3],
      let end = mean(of: last, extents) ?? quotient(of: last, extents, rows.lengths, columns.lengths)
    else {
      return nil
    }
    return Pooling(node: pick, output: [extents[0], extents[2]], taken: taken + end.taken, result: end.result)
  }

  /// A plain mean, where all windows are alike.
  private func mean(of node: ONNXNode, _ extents: [Int]) -> (taken: [Int], result: String)? {
    guard let mean = onlyReader(of: node), mean.node.operation == "ReduceMean",
      (mean.node.integer("keepdims") ?? 1) == 0,
      let axes = mean.node.integers("axes") ?? axes(of: mean.node), let result = mean.node.outputs.first,
      Set(axes.map { $0 < 0 ? $0 &+ 6 : $0 }) == [3, 5]
    else {
      return nil
    }
    return ([mean.index], result)
  }

  private func axes(of node: ONNXNode) -> [Int]? {
    guard node.inputs.count > 1, case .constant(let constant) = values[node.inputs[1]], constant.shape.count <= 6 else {
      return nil
    }
    return constant.integers
  }

  /// The sum of all places of each window, written as additions of slices, divided by how many there are.
  private func quotient(
    of node: ONNXNode, _ extents: [Int], _ rows: [Int], _ columns: [Int]
  ) -> (taken: [Int], result: String)? {
    guard let base = node.proto.output.first, extents[1] * extents[3] <= 1 << 10 else { return nil }
    // For each value the places that it is the sum of; of what has one row of each window only, that row.
    var (places, rowOf): ([String: [Int]], [String: Int]) = ([:], [:])
    var open = [base]
    var taken: Set<Int> = []
    var end: (index: Int, node: ONNXNode)?
    while let name = open.popLast() {
      for index in readers(ofValue: name) where !taken.contains(index) {
        guard let reader = openNode(index), let output = reader.outputs.first, taken.count < 1 << 12 else { return nil }
        switch reader.operation {
        case "Gather":
          guard reader.inputs.count == 2, case .constant(let constant) = values[reader.inputs[1]],
            constant.shape.rank == 0, let number = constant.integers?.first
          else {
            return nil
          }
          if name == base, reader.integer("axis") == 3, (0..<extents[1]).contains(number) {
            rowOf[output] = number
          } else if let row = rowOf[name], reader.integer("axis") == 4, (0..<extents[3]).contains(number) {
            places[output] = [row * extents[3] + number]
          } else {
            return nil
          }
        case "Add":
          guard reader.inputs.count == 2, reader.inputs[0] != reader.inputs[1] else { return nil }
          guard let left = places[reader.inputs[0]], let right = places[reader.inputs[1]] else { continue }
          places[output] = left + right
        case "Div":
          guard reader.inputs.first == name, end == nil else { return nil }
          end = (index, reader)
          continue
        default: return nil
        }
        taken.insert(index)
        open.append(output)
      }
    }
    guard let end, let sum = places[end.node.inputs[0]], sum.sorted() == Array(0..<extents[1] * extents[3]),
      readers(ofValue: end.node.inputs[0]) == [end.index], end.node.inputs.count == 2,
      case .constant(let counts) = values[end.node.inputs[1]], let result = end.node.outputs.first
    else {
      return nil
    }
    let target = [extents[0], extents[2]]
    guard ONNXArray.broadcast([counts.shape, Shape(target)]) == Shape(target) else { return nil }
    let numbers = counts.tensor().rowMajorElements()
    let found = ONNXArray.places(target, ONNXArray.strides(counts.shape.dimensions, repeatedTo: target))
      .map { numbers[$0] }
    guard found == rows.flatMap({ row in columns.map { Float(row * $0) } }) else { return nil }
    return (Array(taken) + [end.index], result)
  }
}
