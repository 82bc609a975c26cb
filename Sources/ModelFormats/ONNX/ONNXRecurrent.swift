import Compute
import NeuralNetwork
import Tensors

/// LSTM, GRU and RNN: a layer for each direction.
extension ONNXImporter {
  private static let mostStates = 1 << 22

  mutating func recurrent(_ node: ONNXNode) throws {
    let batchFirst = node.integer("layout") == 1
    guard let name = node.inputs.first, case .node(let source)? = values[name],
      (batchAxes[name] ?? 0) == (batchFirst ? 0 : 1), shape(of: source).rank == 3
    else {
      throw Problem(
        "its input is not a sequence with the batch as axis \(batchFirst ? 0 : 1)",
        advice: "give the network the batch first, and the layer batch_first=True")
    }
    let input = shape(of: source)
    let direction = node.text("direction") ?? "forward"
    let reversed = ["forward": [false], "reverse": [true], "bidirectional": [false, true]][direction]
    guard let reversed else {
      throw Problem.unsound("its direction '\(printable(direction))' is none of forward, reverse and bidirectional")
    }
    try checkAttributes(node, input, directions: reversed.count)
    let cells = try reversed.enumerated().map {
      try cell(node, place: $0.offset, of: reversed.count, isReversed: $0.element)
    }

    guard input[1] <= Self.mostStates / cells[0].hidden else {
      throw Problem(
        "\(input[1]) steps with \(cells[0].hidden) states each are more than the 2^22 supported in all",
        advice: "give the network shorter sequences")
    }
    let outputs = node.proto.output.map { readers(ofValue: $0).isEmpty ? "" : $0 }
    func output(_ index: Int) -> String? { index < outputs.count && !outputs[index].isEmpty ? outputs[index] : nil }
    let suffix = cells.count > 1 ? ["forward", "backward"] : [""]
    let main = cells[0]
    var sequences: [Int] = []
    if output(0) != nil || output(1) != nil {
      sequences = try zip(cells, suffix).map { cell, word in
        try insert(node, cell, from: [source], as: word.isEmpty ? nil : Part(word, of: main))
      }
    }
    let extents = [input[1], 1, main.hidden]
    if let name = output(0) {
      var parts: [Int] = []
      for (sequence, word) in zip(sequences, suffix) {
        parts.append(
          try insert(node, Reshape(sample: extents), from: [sequence], as: Part("\(word)steps", of: main)))
      }
      let last =
        parts.count == 1 ? parts[0] : try insert(node, Concatenation(axis: 2), from: parts, as: Part("steps", of: main))
      try set(name, last, batchAxis: batchFirst ? 0 : 2)
    }
    if let name = output(1) {
      try set(
        name, finalState(node, sequences, cells, input, suffix, "state", main), batchAxis: batchFirst ? 0 : 1)
    }
    if let name = output(2) {
      let states = try zip(cells, suffix).map { cell, word -> Int in
        var states = cell
        states.givesCellState = true
        return try insert(node, states, from: [source], as: Part("\(word)cells", of: main))
      }
      try set(name, finalState(node, states, cells, input, suffix, "cell", main), batchAxis: batchFirst ? 0 : 1)
    }
  }

  /// The states after the last step of each direction, `(N, directions, H)`.
  private mutating func finalState(
    _ node: ONNXNode, _ sequences: [Int], _ cells: [Recurrence], _ input: Shape, _ suffix: [String], _ word: String,
    _ main: any Layer
  ) throws -> Int {
    var parts: [Int] = []
    for (place, cell) in cells.enumerated() {
      let step = cell.isReversed ? 0 : input[1] - 1
      parts.append(
        try insert(
          node, Slice(axis: 1, range: step..<step + 1), from: [sequences[place]],
          as: Part("\(suffix[place])final\(word)", of: main)))
    }
    return parts.count == 1
      ? parts[0] : try insert(node, Concatenation(axis: 1), from: parts, as: Part("final\(word)", of: main))
  }

  private func checkAttributes(_ node: ONNXNode, _ input: Shape, directions: Int) throws {
    let usual: [String]
    switch node.operation {
    case "LSTM": usual = ["Sigmoid", "Tanh", "Tanh"]
    case "GRU": usual = ["Sigmoid", "Tanh"]
    default: usual = node.texts("activations")?.first == "Relu" ? ["Relu"] : ["Tanh"]
    }
    let activations = node.texts("activations") ?? []
    guard activations.isEmpty || activations == (0..<directions).flatMap({ _ in usual }), !node.has("clip"),
      (node.integer("input_forget") ?? 0) == 0, try constant(node, 7) == nil
    else {
      throw Problem(
        "other activations than \(usual.joined(separator: ", ")), clip, input_forget and peepholes are not supported yet",
        advice: "use torch's LSTM, GRU or RNN")
    }
    guard let lengths = try integers(node, 4) else { return }
    guard lengths.allSatisfy({ $0 == input[1] }) else {
      throw Problem(
        "it reads \(lengths.prefix(8)) of \(input[1]) steps", advice: "give it whole sequences, without sequence_lens")
    }
  }

  private mutating func cell(_ node: ONNXNode, place: Int, of directions: Int, isReversed: Bool) throws -> Recurrence {
    let kind: Recurrence.Cell
    switch node.operation {
    case "LSTM": kind = .lstm
    case "GRU": kind = .gru(resetsAfterProduct: node.integer("linear_before_reset") == 1)
    default: kind = node.texts("activations")?.first == "Relu" ? .relu : .tanh
    }
    /// One direction's part of an input, without that axis.
    func part(_ index: Int, rank: Int) throws -> Tensor? {
      guard let whole = try parameter(node, index) else { return nil }
      guard whole.shape.rank == rank, whole.shape[0] == directions, whole.count > 0 else {
        throw Problem(
          "its input \(index) has the shape \(whole.shape) and not \(rank) axes, the first for \(directions) directions"
        )
      }
      try spend(12 * whole.count)
      let elements = whole.rowMajorElements()
      let size = elements.count / directions
      return Tensor(
        Shape(Array(whole.shape.dimensions.dropFirst())), rowMajor: Array(elements[place * size..<(place + 1) * size]),
        layout: .rowMajor)
    }
    guard let input = try part(1, rank: 3), let recurrent = try part(2, rank: 3) else {
      throw Problem.unsound("it has no weights")
    }
    let bias = try part(3, rank: 2)?.rowMajorElements()
    guard (bias?.count ?? 0).isMultiple(of: 2) else {
      throw Problem.unsound("its bias has an odd number of numbers, \(bias?.count ?? 0)")
    }
    func state(_ index: Int) throws -> [Float]? {
      guard let state = try part(index, rank: 3) else { return nil }
      guard state.shape[0] == 1 else {
        throw Problem(
          "its initial state of shape \(state.shape) is not the same for each sample",
          advice: "export the model with a batch of 1")
      }
      return state.rowMajorElements()
    }
    let half = (bias?.count ?? 0) / 2
    return try Recurrence(
      kind, inputWeight: input, recurrentWeight: recurrent, inputBias: bias.map { Array($0[..<half]) },
      recurrentBias: bias.map { Array($0[half...]) }, initialHidden: state(5),
      initialCell: node.operation == "LSTM" ? state(6) : nil, isReversed: isReversed)
  }
}
