import Compute
import NeuralNetwork
import Tensors

/// Normalizations, with the scaling and shift that some exporters write behind them.
extension ONNXImporter {
  mutating func batchNormalization(_ node: ONNXNode) throws {
    let source = try activation(node)
    // From operator set 14 on an attribute tells; before, the statistics of the batch are outputs of their own.
    let isTraining =
      operatorSet >= 14
      ? (node.integer("training_mode") ?? 0) != 0 : node.proto.output.dropFirst().contains { !$0.isEmpty }
    guard !isTraining else {
      throw Problem(
        "the model was exported in training mode: this batch norm takes mean and variance from the batch at hand, so"
          + " that what it computes of a picture depends on the others",
        advice: "call model.eval() before torch.onnx.export, and leave out training=TrainingMode.TRAINING")
    }
    let mean = try requiredParameter(node, 3).flat
    // What it computes of its parameters it keeps.
    try spend(64 * mean.count)
    let layer = try BatchNorm(
      weight: requiredParameter(node, 1).flat, bias: requiredParameter(node, 2).flat,
      mean: mean, variance: requiredParameter(node, 4).flat,
      epsilon: Double(node.float("epsilon") ?? 1e-5), kind: Self.batchNorm(shape(of: source)))
    try add(node, layer, from: [source])
  }

  static func batchNorm(_ input: Shape) -> LayerKind {
    switch input.rank {
    case ...3: .batchNorm1d
    case 4: .batchNorm2d
    default: .batchNorm3d
    }
  }

  mutating func dropout(_ node: ONNXNode, _ given: Int? = nil) throws {
    if operatorSet >= 12, let mode = try constant(node, 2)?.number, mode != 0,
      try constant(node, 1)?.number ?? 0.5 != 0
    {
      throw Problem(
        "the model was exported in training mode: this dropout is random",
        advice: "call model.eval() before torch.onnx.export, and leave out training=TrainingMode.TRAINING")
    }
    try add(node, Dropout(), from: [given ?? activation(node)])
  }

  mutating func layerNormalization(_ node: ONNXNode) throws {
    let source = try activation(node)
    let rank = shape(of: source).rank
    let axis = node.integer("axis") ?? -1
    let resolved = axis < 0 ? axis + rank : axis
    let weight = try requiredParameter(node, 1)
    guard (0..<rank).contains(resolved), weight.shape.rank == rank - resolved,
      node.proto.output.dropFirst().allSatisfy(\.isEmpty)
    else {
      throw Problem(
        "its scale of shape \(weight.shape) does not fit the axes from \(axis) on, or its mean is read, too")
    }
    try add(
      node, LayerNorm(weight: weight, bias: parameter(node, 2), epsilon: node.float("epsilon") ?? 1e-5),
      from: [source])
  }

  mutating func groupNormalization(_ node: ONNXNode) throws {
    let source = try activation(node)
    let shape = shape(of: source)
    let isInstance = node.operation == "InstanceNormalization"
    guard shape.rank >= 2, let groups = isInstance ? shape.channels : node.integer("num_groups"), groups > 0 else {
      throw Problem.unsound("it has no num_groups, or an input of shape \(shape)")
    }
    let kinds = [LayerKind.instanceNorm1d, .instanceNorm2d, .instanceNorm3d]
    // Before operator set 21 there was one number per group.
    let tail = try affineTail(of: node, normalized: Shape([shape.channels] + shape.spatial.map { _ in 1 }))
    try groupNorm(
      node, source, groups: groups, weight: requiredParameter(node, 1).flat, bias: parameter(node, 2)?.flat, tail,
      isInstance ? kinds[min(max(shape.rank - 3, 0), 2)] : .groupNorm)
  }

  /// A group norm as exporters write it below operator set 21: groups side by side as channels, an instance norm over
  /// them, the picture's shape again, then γ and β.
  /// - Returns: whether the reshape `node` begins that.
  mutating func fuseGroupNorm(_ node: ONNXNode, _ source: Int, to result: Shape) throws -> Bool {
    let input = shape(of: source)
    guard input.rank >= 2, result.rank >= 3, result[0] == input[0], result[1] > 0, input.channels % result[1] == 0,
      let norm = onlyReader(of: node), norm.node.operation == "InstanceNormalization",
      norm.node.inputs.first == node.proto.output.first, let back = onlyReader(of: norm.node),
      back.node.operation == "Reshape", back.node.inputs.first == norm.node.proto.output.first,
      let wanted = try back.node.integers("shape") ?? foldedIntegers(back.node, 1),
      try Self.resolve(wanted, result, keepsZeros: back.node.integer("allowzero") == 1) == input.dimensions
    else {
      return false
    }
    take(norm.index)
    take(back.index)
    let tail = try affineTail(of: back.node, normalized: Shape([input.channels] + input.spatial.map { _ in 1 }))
    try groupNorm(
      norm.node, source, groups: result[1], weight: requiredParameter(norm.node, 1).flat,
      bias: parameter(norm.node, 2)?.flat, tail ?? AffineTail(last: back.node), .groupNorm)
    return true
  }

  private mutating func groupNorm(
    _ node: ONNXNode, _ source: Int, groups: Int, weight: Tensor, bias: Tensor?, _ tail: AffineTail?, _ kind: LayerKind
  ) throws {
    let channels = shape(of: source).channels
    try spend(32 * channels)
    func perChannel(_ numbers: Tensor) -> Tensor {
      guard numbers.count == groups, groups < channels, channels % groups == 0 else { return numbers }
      let elements = numbers.rowMajorElements()
      return Tensor([channels], rowMajor: (0..<channels).map { elements[$0 / (channels / groups)] })
    }
    let (gain, shift) = try (tail ?? AffineTail(last: node)).after(perChannel(weight), bias.map(perChannel))
    let layer = try GroupNorm(
      groups: groups, channels: channels, weight: gain, bias: shift, epsilon: node.float("epsilon") ?? 1e-5, kind: kind)
    let index = try add(node, layer, from: [source])
    if let tail { try set(tail.last.proto.output.first, .node(index)) }
  }

  /// `x / √(mean of squares + ε) · γ`: functions that no rule reaches, as the reference has no type for the module.
  mutating func rootMeanSquareNormalization(_ node: ONNXNode) throws {
    let source = try activation(node)
    let rank = shape(of: source).rank
    let axis = node.integer("axis") ?? -1
    let resolved = axis < 0 ? axis + rank : axis
    guard (1..<max(1, rank)).contains(resolved), let gain = try constant(node, 1) else {
      throw Problem("it normalizes the axes from \(axis) on of an input of shape \(shape(of: source)), or has no scale")
    }
    let main = Product()
    func part(_ name: String) -> Part { Part(name, of: main) }
    var last = try insert(node, ElementFunction(.power(2)), from: [source], as: part("square"))
    let mean = try Reduction(.mean, axes: Array(resolved..<rank), keepsAxes: true)
    last = try insert(node, mean, from: [last], as: part("mean"))
    let epsilon = try Shift(.uniform(Shape([Int](repeating: 1, count: rank)), node.float("epsilon") ?? 1e-5))
    last = try insert(node, epsilon, from: [last], as: part("epsilon"))
    last = try insert(node, ElementFunction(.power(-0.5)), from: [last], as: part("inverse"))
    last = try insert(node, main, from: [source, last], as: part("product"))
    try affine(node, last, scale: gain, shift: nil)
  }

  // MARK: The affine tail

  /// Scalings and shifts by constants right behind a norm, which are its own γ and β.
  struct AffineTail {
    var last: ONNXNode
    /// In the order in which they are applied; each has the norm's own shape or is one number.
    var steps: [(isScale: Bool, numbers: Tensor)] = []

    init(last: ONNXNode) { self.last = last }

    /// γ and β of a norm that had these before.
    func after(_ weight: Tensor, _ bias: Tensor?) throws -> (weight: Tensor, bias: Tensor?) {
      var (weight, bias) = (weight, bias)
      func spread(_ numbers: Tensor) -> Tensor {
        let flat = numbers.rowMajorElements()
        return Tensor(
          weight.shape, rowMajor: flat.count == 1 ? [Float](repeating: flat[0], count: weight.count) : flat,
          layout: .rowMajor)
      }
      for step in steps {
        guard step.numbers.count == 1 || step.numbers.count == weight.count else {
          throw Problem("what follows the norm of \(weight.count) channels has \(step.numbers.count) numbers")
        }
        let numbers = spread(step.numbers)
        if step.isScale {
          weight = weight.converted(to: .rowMajor) * numbers
          bias = bias.map { $0.converted(to: .rowMajor) * numbers }
        } else {
          bias = bias.map { $0.converted(to: .rowMajor) + numbers } ?? numbers
        }
      }
      return (weight, bias)
    }
  }

  /// Takes the scalings and shifts behind a node into one tail; `nil` if there are none.
  /// - Parameter normalized: the shape of γ, which constants are to have, from the last axis on.
  mutating func affineTail(of node: ONNXNode, normalized: Shape) throws -> AffineTail? {
    var tail = AffineTail(last: node)
    var (hasScale, hasShift) = (false, false)
    while let next = onlyReader(of: tail.last), let output = tail.last.proto.output.first, next.node.inputs.count == 2,
      ["Mul", "Div", "Add", "Sub"].contains(next.node.operation), let place = next.node.inputs.firstIndex(of: output),
      case .constant(let constant)? = values[next.node.inputs[1 - place]], isParameter(constant, of: normalized)
    {
      let isScale = ["Mul", "Div"].contains(next.node.operation)
      // A second one is no longer the norm's.
      guard isScale ? !hasScale : !hasShift else { break }
      try spend(8 * normalized.count)
      var numbers = try numbers(of: constant)
      switch (next.node.operation, place) {
      case ("Div", 0): numbers = numbers.map { 1 / $0 }
      case ("Sub", 0): numbers = numbers.map { -$0 }
      case ("Div", _), ("Sub", _): return tail.steps.isEmpty ? nil : tail
      default: break
      }
      if isScale { hasScale = true } else { hasShift = true }
      take(next.index)
      tail.steps.append((isScale, numbers))
      tail.last = next.node
    }
    return tail.steps.isEmpty ? nil : tail
  }

  /// Whether a constant is one number, or one for each of γ's, and adds no axes.
  private func isParameter(_ constant: ONNXConstant, of normalized: Shape) -> Bool {
    if constant.shape.count == 1 { return true }
    var extents = constant.shape.dimensions[...]
    while extents.count > normalized.rank, extents.first == 1 { extents = extents.dropFirst() }
    return Array(extents) == normalized.dimensions
  }

  // MARK: Layer norm written out

  /// `(x − mean) / √(mean of squares + ε) · γ + β`, as torch's exporter writes layer norm before operator set 17: makes one
  /// layer of the mean and the operators after it. γ and β may be missing.
  /// - Returns: whether the node begins one.
  mutating func fuseLayerNorm(_ node: ONNXNode) throws -> Bool {
    let source = try activation(node)
    let input = shape(of: source)
    guard let axes = try reducedAxes(node, input), case let length = input.rank - axes.count, length > 0,
      axes == Array(length..<input.rank),
      (node.integer("keepdims") ?? 1) == 1,
      let difference = onlyReader(of: node), difference.node.operation == "Sub",
      difference.node.inputs == [node.inputs[0], node.proto.output[0]],
      case let two = readers(of: difference.node), two.count == 2,
      let square = two.first(where: { ["Pow", "Mul"].contains($0.node.operation) }), try isSquare(square.node),
      let quotient = two.first(where: { $0.node.operation == "Div" })
    else {
      return false
    }
    guard let variance = onlyReader(of: square.node), variance.node.operation == "ReduceMean",
      try reducedAxes(variance.node, input) == axes, (variance.node.integer("keepdims") ?? 1) == 1,
      let plus = onlyReader(of: variance.node), plus.node.operation == "Add",
      let epsilon = try scaling(plus.node)?.number, epsilon >= 0,
      let root = onlyReader(of: plus.node), root.node.operation == "Sqrt",
      let divisor = onlyReader(of: root.node), divisor.index == quotient.index,
      quotient.node.inputs == [difference.node.proto.output[0], root.node.proto.output[0]]
    else {
      return false
    }
    for index in [difference.index, square.index, variance.index, plus.index, root.index, quotient.index] {
      take(index)
    }
    let normalized = Shape(Array(input.dimensions[length...]))
    let tail = try affineTail(of: quotient.node, normalized: normalized) ?? AffineTail(last: quotient.node)
    let parameters = try tail.after(.uniform(normalized, 1, layout: .rowMajor), nil)
    func shaped(_ tensor: Tensor) -> Tensor { tensor.viewed(as: normalized, layout: .rowMajor) }
    let layer = try LayerNorm(
      weight: shaped(parameters.weight), bias: parameters.bias.map(shaped), epsilon: epsilon)
    let index = try add(node, layer, from: [source])
    try set(tail.last.proto.output.first, .node(index))
    return true
  }

  /// Whether a node computes the square of its first input.
  private func isSquare(_ node: ONNXNode) throws -> Bool {
    guard node.inputs.count == 2 else { return false }
    return node.operation == "Mul"
      ? node.inputs[0] == node.inputs[1] : try scaling(node).map { $0 == (node.inputs[0], 2) } ?? false
  }

  /// The input and the number of an operation on an activation and a constant number.
  private func scaling(_ node: ONNXNode) throws -> (input: String, number: Float)? {
    guard node.inputs.count == 2 else { return nil }
    for (index, other) in [(0, 1), (1, 0)] {
      guard case .constant(let constant) = values[node.inputs[other]], let number = constant.number else { continue }
      return (node.inputs[index], number)
    }
    return nil
  }

  mutating func localResponseNormalization(_ node: ONNXNode) throws {
    guard let size = node.integer("size") else { throw Problem.unsound("it has no size") }
    let layer = try LocalResponseNorm(
      size: size, alpha: node.float("alpha") ?? 1e-4, beta: node.float("beta") ?? 0.75, k: node.float("bias") ?? 1)
    try add(node, layer, from: [activation(node)])
  }
}
