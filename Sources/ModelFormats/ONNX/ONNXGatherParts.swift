import NeuralNetwork
import Tensors

/// Selection by tuples of indices: exporters write indexing of inner axes as a transposition that moves them to the front, a
/// selection there, and one back.
extension ONNXImporter {
  /// Elements by constant tuples of indices along the first axes, or those after the batch.
  mutating func gatherParts(_ node: ONNXNode) throws {
    guard let name = node.inputs.first, case .node(let source)? = try value(node, 0) else {
      throw Problem("its input 0 is missing")
    }
    let place = batchAxes[name] ?? 0
    // For each of its axes the network's.
    let order = Array(1..<place + 1) + [0] + Array(place + 1..<max(place + 1, shape(of: source).rank))
    let input = shape(of: source)
    let batch = node.integer("batch_dims") ?? 0
    guard let constant = try constant(node, 1), let depth = constant.shape.dimensions.last,
      let numbers = constant.integers,
      depth > 0, batch >= 0, batch < constant.shape.rank, batch + depth <= order.count, !numbers.isEmpty
    else {
      throw Problem("its indices do not fit an array of \(order.count) axes")
    }
    let picked = Array(order[batch..<batch + depth])
    let others = Array(order[(batch + depth)...])
    // With batch_dims the tuples are the same for each sample, since there is one here.
    guard !picked.contains(0), batch == 0 || (batch == 1 && order[0] == 0 && constant.shape[0] == 1) else {
      throw Problem("it selects other elements of each sample", advice: "select the same channels or pixels of all")
    }
    try spend(32 * numbers.count)
    var indices: [Int] = []
    for start in stride(from: 0, to: numbers.count, by: depth) {
      var place = 0
      for (offset, axis) in picked.enumerated() {
        let number = numbers[start + offset]
        let index = number < 0 ? number + input[axis] : number
        guard (0..<input[axis]).contains(index) else {
          throw Problem.unsound("it takes index \(number) of \(input[axis])")
        }
        place = place * input[axis] + index
      }
      indices.append(place)
    }
    // (N, others, picked), then (N, others, elements), then (N, others, the tuples' extents).
    let kept = others.filter { $0 != 0 }
    let named = Array(constant.shape.dimensions[batch...].dropLast())
    let count = picked.reduce(1) { $0 * input[$1] }
    let flat = Shape([1] + kept.map { input[$0] } + [count])
    let main = try Selection(.gather, rows: [flat.rank - 1: indices], of: flat)
    var last = source
    let before = [0] + kept + picked
    if before != Array(0..<input.rank) {
      last = try insert(node, Transpose(order: before), from: [last], as: Part("transpose", of: main))
    }
    if shape(of: last) != flat {
      last = try insert(
        node, Reshape(sample: Array(flat.dimensions.dropFirst())), from: [last], as: Part("rows", of: main))
    }
    last = try insert(node, main, from: [last])
    let sample = kept.map { input[$0] } + named
    guard !sample.isEmpty else {
      throw Problem("it leaves one number of each sample", advice: "keep an axis beside the batch")
    }
    if named.count != 1 {
      last = try insert(node, Reshape(sample: sample), from: [last], as: Part("reshape", of: main))
    }
    let places = (0..<named.count).map { kept.count + 1 + $0 }
    let rest = others.map { axis in axis == 0 ? 0 : (kept.firstIndex(of: axis) ?? 0) + 1 }
    let axes = (batch == 1 ? [0] : []) + places + rest
    let natural = [0] + axes.filter { $0 != 0 }
    if natural != Array(natural.indices) {
      last = try insert(node, Transpose(order: natural), from: [last], as: Part("back", of: main))
    }
    try set(node.proto.output.first, last, batchAxis: axes.firstIndex(of: 0) ?? 0)
  }
}
