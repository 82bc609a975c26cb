import Compute
import NeuralNetwork
import Tensors

/// Arithmetic of activations with each other and with constants.
///
/// What a model's code computes with constants is no module, so that no rule reaches it: a `Scale` or a `Shift`. A batch
/// norm written out, which follows a linear layer, is a `BatchNorm`.
extension ONNXImporter {
  enum Operand {
    case activation(Int)
    case constant(ONNXConstant)
  }

  private static let onlyConstants = Problem(
    "it computes with constants only, which lrp could not compute beforehand",
    advice: "let a program such as onnxsim compute the model's constants beforehand")

  func operands(_ node: ONNXNode) throws -> [Operand] {
    guard !node.inputs.isEmpty else { throw Problem.unsound("it has no inputs") }
    return try node.inputs.indices.map { index in
      switch try value(node, index) {
      case .node: return .activation(try activation(node, index))
      case .constant(let constant): return .constant(constant)
      case nil: throw Problem("input \(index) is missing")
      }
    }
  }

  /// The two operands of a node; at least one is an activation.
  private func pair(_ node: ONNXNode) throws -> (Operand, Operand) {
    let operands = try operands(node)
    guard operands.count == 2 else { throw Problem.unsound("it has \(operands.count) inputs and not 2") }
    return (operands[0], operands[1])
  }

  mutating func sum(_ node: ONNXNode) throws {
    let operands = try operands(node)
    let sources = operands.compactMap { if case .activation(let source) = $0 { source } else { nil } }
    let constants = operands.compactMap { if case .constant(let constant) = $0 { constant } else { nil } }
    guard !sources.isEmpty else { throw Self.onlyConstants }
    guard !constants.isEmpty else {
      if sources.count == 1 { return try set(node.proto.output.first, .node(sources[0])) }
      try add(node, Add(), from: sources)
      return
    }
    var last = sources[0]
    if sources.count > 1 { last = try insert(node, Add(), from: sources, as: Part("sum", of: Add())) }
    for (place, constant) in constants.enumerated() {
      let part = place < constants.count - 1 ? Part("shift\(place)", of: Add()) : nil
      last = try affine(node, last, scale: nil, shift: constant, as: part)
    }
  }

  mutating func difference(_ node: ONNXNode) throws {
    switch try pair(node) {
    case (.activation(let left), .activation(let right)):
      try add(node, Arithmetic(.difference), from: [left, right])
    case (.activation(let source), .constant(let constant)):
      let minus = try mapped(constant) { -$0 }
      try affine(node, source, scale: nil, shift: minus)
    case (.constant(let constant), .activation(let source)):
      try affine(node, source, scale: ONNXConstant([], .uniform(-1)), shift: constant)
    default: throw Self.onlyConstants
    }
  }

  mutating func product(_ node: ONNXNode) throws {
    switch try pair(node) {
    case (.activation(let left), .activation(let right)): try add(node, Product(), from: [left, right])
    case (.activation(let source), .constant(let constant)), (.constant(let constant), .activation(let source)):
      try affine(node, source, scale: constant, shift: nil)
    default: throw Self.onlyConstants
    }
  }

  mutating func quotient(_ node: ONNXNode) throws {
    switch try pair(node) {
    case (.activation(let source), .constant(let constant)):
      try affine(node, source, scale: try mapped(constant) { 1 / $0 }, shift: nil)
    case (.constant(let constant), .activation(let source)) where constant.number == 1:
      try add(node, ElementFunction(.reciprocal), from: [source])
    case (let left, let right): try binary(node, .quotient, left, right)
    }
  }

  mutating func negation(_ node: ONNXNode) throws {
    try affine(node, activation(node), scale: ONNXConstant([], .uniform(-1)), shift: nil)
  }

  mutating func power(_ node: ONNXNode) throws {
    let (base, exponent) = try pair(node)
    if case .activation(let source) = base, case .constant(let constant) = exponent, let number = constant.number {
      try add(node, ElementFunction(.power(number)), from: [source])
      return
    }
    try binary(node, .power, base, exponent)
  }

  /// Max and Min of any number of inputs, one after the other.
  mutating func extremum(_ node: ONNXNode, _ operation: Arithmetic.Operation) throws {
    let operands = try operands(node)
    guard operands.count > 1 else { return try set(node.proto.output.first, .node(activation(node))) }
    let layer = Arithmetic(operation)
    let rank = try rank(of: operands)
    var last = try source(node, operands[0], rank, "constant0", layer)
    for index in operands.indices.dropFirst() {
      let next = try source(node, operands[index], rank, "constant\(index)", layer)
      let part = index < operands.count - 1 ? Part("step\(index)", of: layer) : nil
      last = try insert(node, layer, from: [last, next], as: part)
    }
    try set(node.proto.output.first, .node(last))
  }

  mutating func binary(_ node: ONNXNode, _ operation: Arithmetic.Operation) throws {
    let (left, right) = try pair(node)
    try binary(node, operation, left, right)
  }

  private mutating func binary(
    _ node: ONNXNode, _ operation: Arithmetic.Operation, _ left: Operand, _ right: Operand
  ) throws {
    let layer = Arithmetic(operation)
    let rank = try rank(of: [left, right])
    try add(
      node, layer, from: [source(node, left, rank, "left", layer), source(node, right, rank, "right", layer)])
  }

  mutating func choice(_ node: ONNXNode) throws {
    let operands = try operands(node)
    guard operands.count == 3 else { throw Problem.unsound("it has \(operands.count) inputs and not 3") }
    let layer = Choice()
    let rank = try rank(of: operands)
    var sources: [Int] = []
    for (operand, name) in zip(operands, ["condition", "first", "second"]) {
      sources.append(try source(node, operand, rank, name, layer))
    }
    try add(node, layer, from: sources)
  }

  // MARK: Constants

  private mutating func mapped(
    _ constant: ONNXConstant, _ function: @escaping @Sendable (Float) -> Float
  ) throws -> ONNXConstant {
    if case .uniform(let number) = constant.elements { return ONNXConstant(constant.shape, .uniform(function(number))) }
    try spend(4 * constant.shape.count)
    return ONNXConstant(try numbers(of: constant).map(function))
  }

  private func rank(of operands: [Operand]) throws -> Int {
    let ranks = operands.compactMap { if case .activation(let source) = $0 { shape(of: source).rank } else { nil } }
    guard let rank = ranks.max() else { throw Self.onlyConstants }
    return rank
  }

  /// The node that an operand comes from; for a constant one that is made for it.
  mutating func source(
    _ node: ONNXNode, _ operand: Operand, _ rank: Int, _ name: String, _ main: any Layer
  ) throws -> Int {
    switch operand {
    case .activation(let source): return source
    case .constant(let constant):
      return try insert(node, Constant(aligned(constant, rank)), from: [0], as: Part(name, of: main))
    }
  }

  /// A constant with as many axes as what it meets, new ones in front.
  func aligned(_ constant: ONNXConstant, _ rank: Int) throws -> ONNXConstant {
    let extents = constant.shape.dimensions
    guard rank > 0, extents.count <= rank, extents.count < rank || extents[0] == 1 else {
      throw Problem(
        "its constant of shape \(constant.shape) is not the same for each sample of an array of \(rank) axes",
        advice: "export the model with a batch of 1")
    }
    return constant.reshaped(Shape([Int](repeating: 1, count: rank - extents.count) + extents))
  }

  private mutating func aligned(_ constant: ONNXConstant, _ rank: Int) throws -> Tensor {
    try numbers(of: aligned(constant, rank) as ONNXConstant)
  }

  /// `scale · x + shift`.
  @discardableResult
  mutating func affine(
    _ node: ONNXNode, _ source: Int, scale: ONNXConstant?, shift: ONNXConstant?, as part: Part? = nil
  ) throws -> Int {
    let input = shape(of: source)
    func isPerChannel(_ constant: ONNXConstant?) -> Bool {
      guard let constant, input.rank >= 2, let aligned = try? aligned(constant, input.rank) as ONNXConstant else {
        return constant == nil && input.rank >= 2
      }
      return constant.shape.count == 1 || aligned.shape.count == input.channels && aligned.shape[1] == input.channels
    }
    if isPerChannel(scale), isPerChannel(shift) {
      try spend(64 * input.channels + 1024)
      let kind = isBatchNorm(node, source) ? Self.batchNorm(input) : .scale
      func channels(_ constant: ONNXConstant) throws -> Tensor {
        try numbers(of: constant).perChannel(input.channels, axes: input.rank, axis: 1)
      }
      return try affine(
        node, source, weight: scale.map(channels), bias: shift.map(channels), kind: kind, as: part)
    }
    var last = source
    if let scale {
      let layer = try Scale(factors: aligned(scale, input.rank))
      guard shift != nil else { return try add(node, layer, from: [last], as: part) }
      last = try insert(node, layer, from: [last], as: Part("factors", of: layer))
    }
    guard let shift else { return last }
    return try add(node, Shift(aligned(shift, input.rank)), from: [last], as: part)
  }

  /// `weight x + bias` per channel, which canonizers can merge.
  @discardableResult
  mutating func affine(
    _ node: ONNXNode, _ source: Int, weight: Tensor?, bias: Tensor?, kind: LayerKind? = nil, as part: Part? = nil
  ) throws -> Int {
    let input = shape(of: source)
    let ones = Tensor.uniform([input.channels], 1)
    let layer = try BatchNorm(
      weight: weight ?? ones, bias: bias, mean: .uniform(ones.shape, 0), variance: ones, epsilon: 0,
      kind: kind ?? Self.batchNorm(input))
    return try add(node, layer, from: [source], as: part)
  }

  /// Whether arithmetic with constants is a batch norm written out: it follows a batch norm, or it is a scaling and a
  /// shift, with a number for each channel, of what a linear layer computes.
  private func isBatchNorm(_ node: ONNXNode, _ source: Int) -> Bool {
    let before = builder.nodes[source].layer.kind
    if LayerType.batchNorm.contains(before) {
      // One number for all channels is not a norm's.
      return node.inputs.contains { name in
        if case .constant(let constant) = values[name] { constant.shape.count > 1 } else { false }
      }
    }
    guard LayerType.linear.contains(before) else { return false }
    var (scales, shifts) = (false, false)
    var next: ONNXNode? = node
    for _ in 0..<8 {
      guard let node = next, node.inputs.count == 2, ["Add", "Sub", "Mul", "Div"].contains(node.operation) else {
        break
      }
      let constants = node.inputs.compactMap { if case .constant(let constant) = values[$0] { constant } else { nil } }
      guard constants.count == 1, constants[0].shape.count == shape(of: source).channels else { break }
      if ["Mul", "Div"].contains(node.operation) { scales = constants[0].shape.count > 1 } else { shifts = true }
      if scales && shifts { return true }
      next = onlyReader(of: node)?.node
    }
    return false
  }

  // MARK: Others

  mutating func concatenation(_ node: ONNXNode) throws {
    let operands = try operands(node)
    let rank = try rank(of: operands)
    let given = node.integer("axis") ?? 1
    let axis = given < 0 ? given + rank : given
    guard axis > 0, axis < rank else {
      throw Problem("it concatenates along the batch", advice: "concatenate channels or spatial axes")
    }
    let layer = Concatenation(axis: axis)
    var sources: [Int] = []
    for (place, operand) in operands.enumerated() {
      sources.append(try source(node, operand, rank, "constant\(place)", layer))
    }
    try add(node, layer, from: sources)
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
      throw Problem(
        "it is a softmax over axes \(axis) to \(input.rank - 1) of an input of shape \(input) at once",
        advice: "take it over one axis, or export for operator set 13 or later")
    }
    try add(node, Softmax(axis: axis, isLogarithmic: node.operation == "LogSoftmax"), from: [source])
  }
}
