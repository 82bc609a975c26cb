import NeuralNetwork
import ONNXProto
import Tensors

extension ONNXImporter {
  /// Adds the layers for a node that depends on the input.
  /// - Throws: ``Problem`` and the layers' own errors.
  mutating func convert(_ node: ONNXNode) throws {
    guard ["", "ai.onnx"].contains(node.proto.domain) else { throw unsupported(node) }
    if try fuseActivation(node) { return }
    if try fuseAdaptivePooling(node) || convertAroundBatch(node) { return }
    switch node.operation {
    case "Conv": try convolution(node, isTransposed: false)
    case "ConvTranspose": try convolution(node, isTransposed: true)
    case "Gemm": try gemm(node)
    case "MatMul": try matrixProduct(node)
    case "BatchNormalization": try batchNormalization(node)
    case "LRN": try localResponseNormalization(node)
    case "LayerNormalization": try layerNormalization(node)
    case "RMSNormalization": try rootMeanSquareNormalization(node)
    case "GroupNormalization", "InstanceNormalization": try groupNormalization(node)
    case "LpPool": try lpPool(node)
    case "MaxPool": try maxPool(node)
    case "AveragePool": try averagePool(node)
    case "GlobalAveragePool", "GlobalMaxPool": try globalPool(node)
    case "ReduceMean": try reduceMean(node)
    case "Max": try extremum(node, .maximum)
    case "Min": try extremum(node, .minimum)
    case "Pow": try power(node)
    case "Neg": try negation(node)
    case "Where": try choice(node)
    case "LSTM", "GRU", "RNN": try recurrent(node)
    case "Upsample", "Resize": try resize(node)
    case "DepthToSpace": try depthToSpace(node)
    case "SpaceToDepth": try spaceToDepth(node)
    case "Add", "Sum": try sum(node)
    case "Sub": try difference(node)
    case "Mul": try product(node)
    case "Div": try quotient(node)
    case "Concat": try concatenation(node)
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze": try reshape(node)
    case "Transpose": try transpose(node)
    case "Slice": try slice(node)
    case "Split": try split(node)
    case "Expand": try expand(node)
    case "Tile": try tile(node)
    case "Gather": try gather(node)
    case "GatherND": try gatherParts(node)
    case "Einsum": try einsum(node)
    case "Pad": try pad(node)
    case "Softmax", "LogSoftmax": try softmax(node)
    case "Dropout": try dropout(node)
    case "Identity": try set(node.proto.output.first, .node(activation(node)))
    case "Cast": try cast(node)
    default:
      if let operation = Self.reductions[node.operation] { return try reduction(node, operation) }
      if let operation = Self.comparisons[node.operation] { return try binary(node, operation) }
      if try scaledActivation(node) { return }
      guard let layer = try activationLayer(node) else { throw unsupported(node) }
      if try fuseGate(node) { return }
      try add(node, layer, from: [activation(node)])
    }
  }

  private static let comparisons: [String: Arithmetic.Operation] = [
    "Greater": .greater, "GreaterOrEqual": .greaterOrEqual, "Less": .less, "LessOrEqual": .lessOrEqual,
    "Equal": .equal, "And": .both, "Or": .either,
  ]

  /// Whether a layer computes 1 or 0 only.
  private static func isBoolean(_ layer: any Layer) -> Bool {
    if let arithmetic = layer as? Arithmetic { return comparisons.values.contains(arithmetic.operation) }
    return (layer as? ElementFunction)?.function == .isZero
  }

  /// Between floating-point types of enough digits, which changes nothing here; or of what is 1 or 0 anyway.
  private mutating func cast(_ node: ONNXNode) throws {
    let type = node.integer("to").flatMap { Onnx_TensorProto.DataType(rawValue: $0) }
    if type == .bool, case let source = try activation(node), Self.isBoolean(builder.nodes[source].layer) {
      return try set(node.proto.output.first, .node(source))
    }
    guard let type, [.float, .float16, .double, .bfloat16].contains(type) else {
      throw Problem(
        "it converts what is computed from the picture to \(type.map { "\($0)".uppercased() } ?? "an unknown type")",
        advice: "export the model without rounding or comparing what is computed from the picture")
    }
    try set(node.proto.output.first, .node(activation(node)))
  }

  private func unsupported(_ node: ONNXNode) -> Problem {
    let domain = node.proto.domain
    switch node.operation {
    case "If":
      return Problem(
        "which branch it takes depends on the picture",
        advice:
          "lrp explains networks that compute the same for every picture: let torch.where choose, or export one branch")
    case "Loop", "Scan", "SequenceMap":
      return Problem(
        "lrp does not read loops",
        advice: "write it in the model's code as a loop with a fixed number of steps, which exporters write out")
    case "ArgMax", "ArgMin", "TopK", "NonMaxSuppression", "NonZero":
      return Problem(
        "it gives places, not scores, so that nothing can be explained through it",
        advice: "export the model up to the scores, without what picks from them")
    default: break
    }
    if !node.inputs.isEmpty, node.inputs.allSatisfy({ if case .constant? = values[$0] { true } else { $0.isEmpty } }) {
      return Problem(
        "lrp does not compute \(printable(node.operation)) of constants",
        advice: "let a program such as onnxsim compute the model's constants beforehand")
    }
    if ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"].contains(node.operation)
      || node.operation.hasPrefix("QLinear") || node.operation.hasSuffix("Integer")
    {
      return Problem(
        "lrp does not read quantized networks",
        advice: "give the model as it was before it was quantized, in float32 or float16")
    }
    guard domain.isEmpty || domain == "ai.onnx" else {
      return Problem(
        "lrp does not read operators of '\(printable(domain))'",
        advice: domain.hasPrefix("ai.onnx.ml")
          ? "it explains neural networks, not trees and other models"
          : "if it is a function inside of the model, onnx.inliner.inline_local_functions writes it out; else export without it"
      )
    }
    return Problem(
      "lrp does not support this operator",
      advice:
        "write this part of the network's code with others, or export the model without it if it is no part of the"
        + " network itself")
  }

  // MARK: Attributes along spatial axes

  /// An attribute with a number for each of `rank` axes.
  func extents(_ node: ONNXNode, _ name: String, rank: Int, usual: Int) throws -> [Int] {
    let numbers = node.integers(name) ?? [Int](repeating: usual, count: rank)
    guard numbers.count == rank, numbers.allSatisfy({ (0...1 << 20).contains($0) }) else {
      throw Problem("its \(name) are \(numbers.prefix(8)), and lrp takes \(rank) numbers from 0 to 2^20")
    }
    return numbers
  }

  /// Rows added before and after each spatial axis, by `pads` or `auto_pad`.
  func padding(
    _ node: ONNXNode, input: Shape, kernel: [Int], strides: [Int], dilations: [Int]
  ) throws -> (begin: [Int], end: [Int]) {
    let rank = kernel.count
    let mode = node.text("auto_pad") ?? "NOTSET"
    switch mode {
    case "NOTSET":
      let pads = try extents(node, "pads", rank: 2 * rank, usual: 0)
      return (Array(pads[..<rank]), Array(pads[rank...]))
    case "VALID":
      let none = [Int](repeating: 0, count: rank)
      return (none, none)
    case "SAME_UPPER", "SAME_LOWER":
      var (begin, end): ([Int], [Int]) = ([], [])
      for axis in 0..<rank {
        guard strides[axis] > 0 else { throw Problem.unsound("it has a stride of 0") }
        let extent = input[axis + 2]
        let count = (extent + strides[axis] - 1) / strides[axis]
        let total = max(0, (count - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - extent)
        let (less, more) = (total / 2, total - total / 2)
        begin.append(mode == "SAME_UPPER" ? less : more)
        end.append(mode == "SAME_UPPER" ? more : less)
      }
      return (begin, end)
    default:
      throw Problem.unsound("its auto_pad '\(printable(mode))' is none of NOTSET, VALID, SAME_UPPER and SAME_LOWER")
    }
  }

  /// The number of spatial axes of an input, 1 to 3.
  func spatialRank(_ shape: Shape) throws -> Int {
    guard (3...5).contains(shape.rank) else {
      throw Problem("its input has the shape \(shape), and lrp takes (N, C) with 1 to 3 spatial axes")
    }
    return shape.rank - 2
  }
}
