import NeuralNetwork
import Tensors

/// Values whose batch is not the first axis, as around recurrent layers, which want time first. The network keeps the
/// batch in front; where the file has it is remembered beside the value, and axes are counted accordingly.
extension ONNXImporter {
  /// The extents of a value as the file has them, with a batch of 1.
  func fileExtents(_ name: String, _ source: Int) -> [Int] {
    let extents = shape(of: source).dimensions
    guard let place = batchAxes[name], place < extents.count else { return extents }
    var rest = Array(extents.dropFirst())
    if !mergedBatches.contains(name) { rest.insert(extents[0], at: place) }
    return rest
  }

  mutating func set(_ name: String?, _ source: Int, batchAxis: Int, isMerged: Bool = false) throws {
    guard let name, !name.isEmpty else { return }
    try set(name, .node(source))
    batchAxes[name] = batchAxis == 0 ? nil : batchAxis
    if isMerged { mergedBatches.insert(name) }
  }

  /// Converts a node that reads a value whose batch is not first, or moves the batch away from the front.
  /// - Returns: whether it is such a node.
  mutating func convertAroundBatch(_ node: ONNXNode) throws -> Bool {
    guard let name = node.inputs.first, case .node(let source)? = values[name] else { return false }
    let extents = fileExtents(name, source)
    let batch = batchAxes[name] ?? 0
    if node.operation == "Transpose" {
      let order = node.integers("perm") ?? (0..<extents.count).reversed()
      guard order.sorted() == Array(extents.indices), batch > 0 || order.first != 0 else { return false }
      try transpose(node, source, order, batch)
      return true
    }
    guard node.inputs.contains(where: { batchAxes[$0] != nil }) else { return false }
    if mergedBatches.contains(name), !["Gather", "Reshape"].contains(node.operation) { throw Self.mixedBatch(extents) }
    switch node.operation {
    case "Identity": try set(node.proto.output.first, source, batchAxis: batch)
    case "Dropout":
      try dropout(node, source)
      try set(node.proto.output.first, builder.last, batchAxis: batch)
    case "Reshape", "Squeeze", "Unsqueeze", "Flatten": try reshape(node, source, extents, batch)
    case "Gather": try gather(node, source, extents, batch)
    case "Slice": try slice(node, source, extents, batch)
    case "GatherND": try gatherParts(node)
    case "Concat": try concatenation(node, extents, batch)
    case "LSTM", "GRU", "RNN": return false
    default:
      guard node.inputs.count == 1, let layer = try activationLayer(node), !(layer is any ParameterizedLayer) else {
        throw Problem(
          "the batch is axis \(batch) of what it reads, which is supported around recurrent layers only",
          advice: "keep the batch as the first axis (batch_first=True)")
      }
      try set(node.proto.output.first, add(node, layer, from: [source]), batchAxis: batch)
    }
    return true
  }

  private static func mixedBatch(_ extents: [Int]) -> Problem {
    Problem(
      "it reads an array of \(Shape(extents)) with the batch inside of an axis, which mixes samples",
      advice: "keep the batch as an axis of its own")
  }

  /// The network's axis of a file's.
  private func axis(_ axis: Int, _ rank: Int, _ batch: Int) throws -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(resolved), resolved != batch else {
      throw Problem(
        "it selects or joins along the batch, axis \(axis)", advice: "keep every sample: work along time or features")
    }
    return resolved < batch ? resolved + 1 : resolved
  }

  private mutating func transpose(_ node: ONNXNode, _ source: Int, _ order: [Int], _ batch: Int) throws {
    let rest = try order.filter { $0 != batch }.map { try axis($0, order.count, batch) }
    let place = order.firstIndex(of: batch) ?? 0
    var last = source
    if rest != Array(1..<order.count) { last = try add(node, Transpose(order: [0] + rest), from: [source]) }
    try set(node.proto.output.first, last, batchAxis: place)
  }

  private mutating func reshape(_ node: ONNXNode, _ source: Int, _ extents: [Int], _ batch: Int) throws {
    let wanted = try newExtents(node, Shape(extents))
    let before = extents[..<batch].reduce(1, *)
    // As many elements before the batch as there were.
    func isAfter(_ place: Int) -> Bool { wanted[..<place].reduce(1, &*) == before }
    let own = wanted.indices.first { wanted[$0] == 1 && isAfter($0) }
    let place = own ?? wanted.indices.first(where: isAfter)
    guard let place, let result = Shape(checking: wanted), result.count == extents.reduce(1, *) else {
      throw Problem(
        "it makes \(wanted.prefix(8)) of shape \(Shape(extents)) with the batch as axis \(batch), which mixes the samples of a"
          + " batch", advice: "keep the batch as an axis of its own")
    }
    var sample = wanted
    if own != nil { sample.remove(at: place) }
    var last = source
    if sample != Array(shape(of: source).dimensions.dropFirst()) {
      last = try insert(node, Reshape(sample: sample), from: [source])
    }
    try set(node.proto.output.first, last, batchAxis: place, isMerged: own == nil)
  }

  private mutating func gather(_ node: ONNXNode, _ source: Int, _ extents: [Int], _ batch: Int) throws {
    let given = node.integer("axis") ?? 0
    let isMerged = mergedBatches.contains(node.inputs[0])
    var along = try axis(given, extents.count, batch)
    // A merged batch is no axis of its own in the file; that which holds it is left alone.
    if isMerged, along > batch { along += 1 }
    guard let indices = try constant(node, 1) else { return }
    let main = try selection(node, indices, along: along, of: shape(of: source))
    var last = try insert(node, main, from: [source])
    if indices.shape.rank != 1 {
      var sample = Array(shape(of: last).dimensions.dropFirst())
      sample.replaceSubrange(along - 1..<along, with: indices.shape.dimensions)
      last = try insert(node, Reshape(sample: sample), from: [last], as: Part("reshape", of: main))
    }
    let place = along <= batch ? batch - 1 + indices.shape.rank : batch
    try set(node.proto.output.first, last, batchAxis: place, isMerged: isMerged)
  }

  private mutating func slice(_ node: ONNXNode, _ source: Int, _ extents: [Int], _ batch: Int) throws {
    guard let starts = try node.integers("starts") ?? integers(node, 1),
      let ends = try node.integers("ends") ?? integers(node, 2), starts.count == ends.count,
      case let axes = try node.integers("axes") ?? integers(node, 3) ?? Array(starts.indices),
      axes.count == starts.count, try (integers(node, 4) ?? []).allSatisfy({ $0 == 1 })
    else {
      throw Problem("it slices other than one run along each of its axes", advice: "slice with steps of 1")
    }
    var last = source
    for (given, (start, end)) in zip(axes, zip(starts, ends)) {
      let along = try axis(given, extents.count, batch)
      let extent = shape(of: last)[along]
      func place(_ index: Int) -> Int { min(max(index < 0 ? index + extent : index, 0), extent) }
      guard place(start) < place(end) else {
        throw Problem("it takes no rows from \(start) to \(end)", advice: "nothing is left of its input")
      }
      last = try insert(node, Slice(axis: along, range: place(start)..<place(end)), from: [last])
    }
    try set(node.proto.output.first, last, batchAxis: batch)
  }

  private mutating func concatenation(_ node: ONNXNode, _ extents: [Int], _ batch: Int) throws {
    let sources = try node.inputs.map { name -> Int in
      guard case .node(let source)? = values[name], (batchAxes[name] ?? 0) == batch else {
        throw Problem("it joins values whose batches are different axes, or constants with them")
      }
      return source
    }
    let along = try axis(node.integer("axis") ?? 0, extents.count, batch)
    try set(node.proto.output.first, add(node, Concatenation(axis: along), from: sources), batchAxis: batch)
  }
}
