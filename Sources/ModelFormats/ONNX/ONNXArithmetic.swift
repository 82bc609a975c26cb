import Compute
import NeuralNetwork
import Tensors

/// Sums and products of activations, or of an activation and a constant, which is a scaling per channel.
extension ONNXImporter {
  private enum Operands {
    case activations([Int])
    case constant(Int, Tensor, constantFirst: Bool)
  }

  private mutating func operands(_ node: ONNXNode) throws -> Operands {
    var sources: [Int] = []
    var constants: [(index: Int, constant: ONNXConstant)] = []
    for index in node.inputs.indices {
      switch try value(node, index) {
      case .node(let source): sources.append(source)
      case .constant(let constant): constants.append((index, constant))
      case nil: throw Problem("input \(index) is missing")
      }
    }
    guard !constants.isEmpty else { return .activations(sources) }
    guard let source = sources.first, sources.count == 1, constants.count == 1 else {
      throw Problem("\(sources.count) inputs and \(constants.count) constants found, one of each were expected")
    }
    let input = shape(of: source)
    guard input.rank >= 2 else { throw Problem("an input of shape \(input) found, (N, C, …) was expected") }
    let numbers = try numbers(of: constants[0].constant).perChannel(input.channels, axes: input.rank, axis: 1)
    // For the normalization that is made of them.
    try spend(64 * input.channels + 1024)
    return .constant(source, numbers, constantFirst: constants[0].index == 0)
  }

  /// `weight x + bias` per channel, as a normalization that canonizers can merge.
  @discardableResult
  mutating func affine(
    _ node: ONNXNode, _ source: Int, weight: Tensor?, bias: Tensor?, as part: Part? = nil
  ) throws -> Int {
    let input = shape(of: source)
    let ones = Tensor.uniform([input.channels], 1)
    let layer = try BatchNorm(
      weight: weight ?? ones, bias: bias, mean: .uniform(ones.shape, 0), variance: ones, epsilon: 0,
      kind: Self.batchNorm(input))
    return try add(node, layer, from: [source], as: part)
  }

  mutating func sum(_ node: ONNXNode) throws {
    switch try operands(node) {
    case .activations(let sources):
      if sources.count == 1 { return try set(node.proto.output.first, .node(sources[0])) }
      try add(node, Add(), from: sources)
    case .constant(let source, let numbers, _): try affine(node, source, weight: nil, bias: numbers)
    }
  }

  mutating func difference(_ node: ONNXNode) throws {
    switch try operands(node) {
    case .activations(let sources):
      guard sources.count == 2 else { throw Problem("\(sources.count) inputs found, 2 were expected") }
      let channels = shape(of: sources[1]).channels
      try spend(64 * channels + 1024)
      let minus = Tensor.uniform([channels], -1)
      let negated = try affine(node, sources[1], weight: minus, bias: nil, as: Part("minus", of: Add()))
      try add(node, Add(), from: [sources[0], negated])
    case .constant(let source, let numbers, let constantFirst):
      let minus = Tensor(numbers.shape, filledWith: -1, layout: .rowMajor)
      try affine(
        node, source, weight: constantFirst ? minus : nil, bias: constantFirst ? numbers : numbers.map { -$0 })
    }
  }

  mutating func product(_ node: ONNXNode) throws {
    switch try operands(node) {
    case .activations(let sources):
      guard sources.count == 2 else { throw Problem("\(sources.count) inputs found, 2 were expected") }
      try add(node, Product(), from: sources)
    case .constant(let source, let numbers, _): try affine(node, source, weight: numbers, bias: nil)
    }
  }

  mutating func quotient(_ node: ONNXNode) throws {
    guard case .constant(let source, let numbers, constantFirst: false) = try operands(node) else {
      throw Problem("a division by an activation found", advice: "only divisions by constants are supported")
    }
    try affine(node, source, weight: numbers.map { 1 / $0 }, bias: nil)
  }

  mutating func concatenation(_ node: ONNXNode) throws {
    guard case .activations(let sources) = try operands(node), !sources.isEmpty else {
      throw Problem("a constant among the inputs found", advice: "only activations can be concatenated")
    }
    let axis = node.integer("axis") ?? 1
    guard axis != 0, axis != -shape(of: sources[0]).rank else {
      throw Problem("a concatenation along the batch found", advice: "concatenate channels or spatial axes")
    }
    try add(node, Concatenation(axis: axis), from: sources)
  }

  mutating func softmax(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let axis = node.integer("axis") ?? (operatorSet < 13 ? 1 : -1)
    let resolved = axis < 0 ? axis + input.rank : axis
    // Before operator set 13 all axes from this one on were one.
    guard (0..<input.rank).contains(resolved),
      operatorSet >= 13 || input.dimensions.dropFirst(resolved + 1).allSatisfy({ $0 == 1 })
    else {
      throw Problem("a softmax over axes \(axis) to \(input.rank - 1) of \(input) found, one axis was expected")
    }
    try add(node, Softmax(axis: axis, isLogarithmic: node.operation == "LogSoftmax"), from: [source])
  }
}
