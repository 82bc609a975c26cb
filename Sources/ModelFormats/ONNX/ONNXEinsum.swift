import NeuralNetwork
import Tensors

/// Sums of products with a constant, as einsum writes them: a product with a matrix between transpositions. No module of
/// torch is exported so.
extension ONNXImporter {
  mutating func einsum(_ node: ONNXNode) throws {
    guard let equation = ONNXEquation(node.text("equation") ?? ""), equation.inputs.count == 2, node.inputs.count == 2
    else {
      throw Problem("lrp reads no equation such as '\(printable(node.text("equation") ?? ""))'")
    }
    let place: Int
    switch (try value(node, 0), try value(node, 1)) {
    case (.node, .constant): place = 0
    case (.constant, .node): place = 1
    default: throw Self.productOfSignals
    }
    let source = try activation(node, place)
    guard let constant = try constant(node, 1 - place) else { return }
    try contract(
      node, source, equation.inputs[place], constant, equation.inputs[1 - place], to: equation.output)
  }

  static let productOfSignals = Problem(
    "it multiplies two arrays that are both computed from the picture, as attention does",
    advice: "lrp has no rule for that; explain the network up to this product, or one without it")

  /// - Parameters:
  ///   - own: a label for each axis of the activation, the batch's first.
  ///   - labels: one for each axis of the constant.
  private mutating func contract(
    _ node: ONNXNode, _ source: Int, _ own: [Character], _ constant: ONNXConstant, _ labels: [Character],
    to output: [Character]
  ) throws {
    let input = shape(of: source)
    guard own.count == input.rank, labels.count == constant.shape.rank, Set(own).count == own.count,
      Set(labels).count == labels.count
    else {
      throw Problem("lrp reads an equation with a label for each axis of its inputs, none of them twice")
    }
    guard let batch = own.first, output.first == batch, !labels.contains(batch) else {
      throw Problem("it mixes the samples of a batch", advice: "keep the batch as the first axis of input and output")
    }
    let summed = own.filter { labels.contains($0) && !output.contains($0) }
    let made = output.filter { labels.contains($0) && !own.contains($0) }
    let kept = own.dropFirst().filter { !labels.contains($0) && output.contains($0) }
    guard !summed.isEmpty, summed.count + made.count == labels.count, 1 + kept.count + summed.count == own.count else {
      throw Problem(
        "it is no product with a matrix", advice: "write it with torch.nn.Linear or as a product of elements")
    }
    var extents: [Character: Int] = [:]
    for (label, extent) in zip(own, input.dimensions) { extents[label] = extent }
    for (label, extent) in zip(labels, constant.shape.dimensions) {
      guard extents[label].map({ $0 == extent }) ?? true else {
        throw Problem.unsound("its inputs of shapes \(input) and \(constant.shape) do not fit its equation")
      }
      extents[label] = extent
    }
    func product(_ labels: [Character]) -> Int { labels.reduce(1) { $0 * (extents[$1] ?? 1) } }
    // The matrix (made, summed).
    try spend(16 * constant.shape.count)
    let strides = ONNXArray.strides(constant.shape.dimensions)
    let order = (made + summed).compactMap { labels.firstIndex(of: $0) }
    let places = ONNXArray.places(order.map { constant.shape[$0] }, order.map { strides[$0] })
    let numbers = try numbers(of: constant).rowMajorElements()
    let weight = Tensor([product(made), product(summed)], rowMajor: places.map { numbers[$0] })
    let main = try FullyConnected(weight: weight, kind: .matrixProduct)
    var last = source
    let natural = [0] + (kept + summed).compactMap { own.firstIndex(of: $0) }
    if natural != Array(own.indices) {
      last = try insert(node, Transpose(order: natural), from: [last], as: Part("transpose", of: main))
    }
    if summed.count > 1 {
      let sample = kept.map { extents[$0] ?? 1 } + [product(summed)]
      last = try insert(node, Reshape(sample: sample), from: [last], as: Part("rows", of: main))
    }
    last = try insert(node, main, from: [last])
    if made.count != 1 {
      let sample = (kept + made).map { extents[$0] ?? 1 }
      guard !sample.isEmpty else {
        throw Problem("it leaves one number of each sample", advice: "keep an axis beside the batch")
      }
      last = try insert(node, Reshape(sample: sample), from: [last], as: Part("reshape", of: main))
    }
    let now = [batch] + kept + made
    let final = output.compactMap { now.firstIndex(of: $0) }
    guard final.count == now.count else { throw Problem("its output lacks an axis that it does not sum over") }
    if final == Array(final.indices) { return try set(node.proto.output.first, .node(last)) }
    try add(node, Transpose(order: final), from: [last], as: Part("back", of: main))
  }

  /// `W x` with a constant matrix on the left: along the axis before the last.
  mutating func leftMatrixProduct(_ node: ONNXNode, _ matrix: ONNXConstant) throws {
    let source = try activation(node, 1)
    let input = shape(of: source)
    guard matrix.shape.rank == 2, input.rank >= 3, input.rank <= 20 else {
      throw Problem(
        "it multiplies a constant of shape \(matrix.shape) by an array of shape \(input)",
        advice: "lrp takes a matrix there, and an array with two axes beside the batch")
    }
    let all = Array("abcdefghijklmnopqrst".prefix(input.rank))
    let output = all.dropLast(2) + ["z"] + all.suffix(1)
    try contract(node, source, all, matrix, ["z", all[input.rank - 2]], to: Array(output))
  }
}
