import Foundation
import ONNXProto

/// Changes to a model that keep it a well-formed message: other operators, attributes, wires, shapes and types.
enum ONNXDamage {
  static let operators = [
    "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "LRN", "LayerNormalization", "GroupNormalization",
    "InstanceNormalization", "LpPool", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean",
    "Add",
    "Sum", "Sub", "Mul", "Div", "Concat", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Split",
    "Gather", "Pad", "Softmax", "LogSoftmax", "Dropout", "Identity", "Cast", "Relu", "LeakyRelu", "ThresholdedRelu",
    "Clip",
    "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "Elu", "Celu", "Selu", "Softplus", "Softsign", "Gelu", "PRelu",
    "Shape",
    "Size", "Constant", "ConstantOfShape", "Min", "Max", "Equal", "Sqrt", "Neg", "Floor", "Ceil", "Erf", "Pow", "If",
    "Loop", "Mish", "Shrink", "Abs", "Exp", "Log", "Reciprocal", "Sin", "Cos", "Sign", "Round", "Not", "Where",
    "Greater",
    "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin",
    "ReduceL1",
    "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp", "Upsample", "Resize", "DepthToSpace",
    "SpaceToDepth",
    "LSTM", "GRU", "RNN",
    "Mod", "Mean", "Xor", "CastLike", "ArgMax", "CumSum", "TopK", "Einsum", "Expand", "Tile", "Trilu", "GatherElements",
    "GatherND", "ScatterElements", "ScatterND", "NonZero", "Range", "OneHot", "EyeLike", "DequantizeLinear",
  ]
  static let attributes = [
    "strides", "pads", "dilations", "kernel_shape", "group", "auto_pad", "output_padding", "output_shape", "axis",
    "axes",
    "keepdims", "alpha", "beta", "gamma", "epsilon", "perm", "starts", "ends", "split", "num_outputs", "shape",
    "allowzero",
    "mode", "value", "min", "max", "size", "bias", "p", "ceil_mode", "count_include_pad", "transA", "transB", "to",
    "start",
    "end", "equation", "batch_dims", "largest", "k", "upper", "exclusive", "reverse", "fmod", "reduction", "depth",
    "repeats", "indices", "select_last_index", "num_groups", "training_mode", "approximate", "value_int", "value_ints",
    "value_float", "value_floats",
    "lambd", "scales", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside",
    "antialias",
    "keep_aspect_ratio_policy", "blocksize", "direction", "hidden_size", "layout", "linear_before_reset", "activations",
    "clip", "input_forget", "noop_with_empty_axes",
  ]
  private static let words = [
    "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "constant", "reflect", "edge", "wrap", "ij,jk->ik", "nchw,oc->nohw",
    "ii", "a->", "->", "add", "tanh", "none", "", "\u{1}",
    "nearest", "linear", "cubic", "half_pixel", "asymmetric", "align_corners", "floor", "ceil", "CRD", "reverse",
    "bidirectional",
  ]

  static func apply(to model: inout Onnx_ModelProto, _ random: inout Random) {
    for _ in 0...random.below(3) {
      switch random.below(12) {
      case 0...5: changeNode(&model.graph, &random)
      case 6, 7: insertNode(&model.graph, &random)
      case 8, 9: changeTensor(&model.graph, &random)
      case 10: changeInput(&model.graph, &random)
      default: changeModel(&model, &random)
      }
    }
  }

  // MARK: Nodes

  private static func changeNode(_ graph: inout Onnx_GraphProto, _ random: inout Random) {
    guard !graph.node.isEmpty else { return }
    let index = random.below(graph.node.count)
    switch random.below(14) {
    case 0: graph.node[index].opType = random.pick(operators)
    case 1...4:
      guard !graph.node[index].attribute.isEmpty else { fallthrough }
      let place = random.below(graph.node[index].attribute.count)
      change(&graph.node[index].attribute[place], &random)
    case 5, 6: graph.node[index].attribute.append(attribute(&random))
    case 7:
      if !graph.node[index].attribute.isEmpty {
        graph.node[index].attribute.remove(at: random.below(graph.node[index].attribute.count))
      }
    case 8:
      if !graph.node[index].input.isEmpty {
        graph.node[index].input[random.below(graph.node[index].input.count)] = name(in: graph, &random)
      }
    case 9: graph.node[index].input.append(name(in: graph, &random))
    case 10: _ = graph.node[index].input.popLast()
    case 11: graph.node.remove(at: index)
    case 12: graph.node.swapAt(index, random.below(graph.node.count))
    default: graph.node[index].output.append(name(in: graph, &random))
    }
  }

  /// A value of the graph, or none.
  private static func name(in graph: Onnx_GraphProto, _ random: inout Random) -> String {
    if random.once(in: 12) { return random.pick(["", "nothing"]) }
    let names = graph.node.flatMap { $0.input + $0.output } + graph.initializer.map(\.name)
    return names.isEmpty ? "x" : random.pick(names)
  }

  private static func change(_ attribute: inout Onnx_AttributeProto, _ random: inout Random) {
    if random.once(in: 8) { attribute.name = random.pick(attributes) }
    if !attribute.ints.isEmpty {
      switch random.below(6) {
      case 0: attribute.ints.append(Int64(random.number()))
      case 1: attribute.ints.removeLast()
      default:
        let place = random.below(attribute.ints.count)
        attribute.ints[place] = Int64(random.number(near: Int(attribute.ints[place])))
      }
    } else if attribute.hasS {
      attribute.s = Data(random.pick(words).utf8)
    } else if attribute.hasF {
      attribute.f = float(&random)
    } else if attribute.hasT {
      change(&attribute.t, &random)
    } else {
      attribute.i = Int64(random.number(near: Int(attribute.i)))
    }
  }

  private static func float(_ random: inout Random) -> Float {
    random.pick([0, -0.0, 1, -1, 0.5, 1e-5, 1e30, -1e30, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 3])
  }

  private static func attribute(_ random: inout Random) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = random.pick(attributes)
    switch random.below(5) {
    case 0: attribute.i = Int64(random.number(near: 1))
    case 1: attribute.f = float(&random)
    case 2: attribute.s = Data(random.pick(words).utf8)
    case 3: attribute.floats = (0..<random.below(5)).map { _ in float(&random) }
    default:
      let isMad = random.once(in: 3)
      attribute.ints = (0..<random.below(9)).map { _ in Int64(isMad ? random.number(near: 1) : random.below(4)) }
    }
    return attribute
  }

  /// A node between a value and those who read it, or a chain of them. Constants that it may want come with it.
  private static func insertNode(_ graph: inout Onnx_GraphProto, _ random: inout Random) {
    let value = name(in: graph, &random)
    let isChain = random.once(in: 12)
    let length = isChain ? 2 + random.below(1500) : 1
    let operation = random.pick(operators)
    var extra: [String] = []
    for _ in 0..<random.below(3) { extra.append(constant(in: &graph, &random)) }
    let attributes = (0..<random.below(3)).map { _ in attribute(&random) }
    let place = random.below(graph.node.count + 1)
    var nodes: [Onnx_NodeProto] = []
    var last = value
    for step in 0..<length {
      var node = Onnx_NodeProto()
      node.opType = operation
      node.name = random.once(in: 10) ? "/a/b/\(step)" : ""
      node.input = random.once(in: 4) && !isChain ? extra + [last] : [last] + extra
      last = "\(value).\(place).\(step)"
      node.output = [last]
      node.attribute = attributes
      nodes.append(node)
    }
    for index in graph.node.indices where index >= place {
      graph.node[index].input = graph.node[index].input.map { $0 == value ? last : $0 }
    }
    graph.node.insert(contentsOf: nodes, at: place)
    if random.once(in: 6), let output = graph.output.first?.name, output == value { graph.output[0].name = last }
  }

  private static func constant(in graph: inout Onnx_GraphProto, _ random: inout Random) -> String {
    if random.once(in: 2), !graph.initializer.isEmpty { return random.pick(graph.initializer).name }
    var tensor = Onnx_TensorProto()
    tensor.name = "c\(graph.initializer.count)"
    let shape = (0..<random.below(3)).map { _ in 1 + random.below(4) }
    tensor.dims = shape.map { Int64($0) }
    let count = shape.reduce(1, *)
    if random.once(in: 2) {
      tensor.dataType = 7
      let isMad = random.once(in: 2)
      tensor.int64Data = (0..<count).map { _ in Int64(isMad ? random.number(near: 2) : random.below(5)) }
    } else {
      tensor.dataType = 1
      tensor.floatData = (0..<count).map { _ in float(&random) }
    }
    graph.initializer.append(tensor)
    return tensor.name
  }

  // MARK: Tensors

  private static func changeTensor(_ graph: inout Onnx_GraphProto, _ random: inout Random) {
    guard !graph.initializer.isEmpty else { return }
    let index = random.below(graph.initializer.count)
    if random.once(in: 8) {
      // The same shape, but made when it is needed.
      let tensor = graph.initializer.remove(at: index)
      var node = Onnx_NodeProto()
      node.opType = "ConstantOfShape"
      var shape = Onnx_TensorProto()
      shape.name = tensor.name + ".shape"
      shape.dataType = 7
      shape.int64Data = tensor.dims.map { random.once(in: 3) ? Int64(random.number(near: Int($0))) : $0 }
      shape.dims = [Int64(shape.int64Data.count)]
      graph.initializer.append(shape)
      node.input = [shape.name]
      node.output = [tensor.name]
      graph.node.insert(node, at: 0)
      return
    }
    change(&graph.initializer[index], &random)
  }

  private static func change(_ tensor: inout Onnx_TensorProto, _ random: inout Random) {
    switch random.below(9) {
    case 0...2:
      guard !tensor.dims.isEmpty else { fallthrough }
      let axis = random.below(tensor.dims.count)
      tensor.dims[axis] = Int64(random.number(near: Int(tensor.dims[axis])))
    case 3: tensor.dims.append(random.pick([0, 1, 1, 2, 1 << 40]))
    case 4: tensor.dims = tensor.dims.reversed()
    case 5: tensor.dataType = Int32(random.below(20))
    case 6: tensor.rawData = Data(Damage.bytes(Array(tensor.rawData), &random))
    case 7:
      // The same numbers of elements, other extents: reaches further than a wrong number does.
      let count = tensor.dims.reduce(1, &*)
      tensor.dims = random.pick([
        [count], [1, count], [count, 1], [1, 1, 1, count], [count, 1, 1, 1], [1, count, 1, 1],
      ])
    default:
      for index in tensor.externalData.indices where random.once(in: 2) {
        tensor.externalData[index].value = random.pick([
          "\(random.number(near: 64))", "..", "/etc/passwd", "", "external.data", "./external.data", "a/../../b", "1e3",
          "\u{7}",
        ])
      }
    }
  }

  // MARK: The rest

  private static func changeInput(_ graph: inout Onnx_GraphProto, _ random: inout Random) {
    guard let index = graph.input.indices.first else { return }
    var shape = graph.input[index].type.tensorType.shape
    switch random.below(5) {
    case 0: shape.dim.append(.with { $0.dimValue = Int64(random.number(near: 3)) })
    case 1: _ = shape.dim.popLast()
    case 2: graph.input.append(graph.input[index])
    default:
      guard !shape.dim.isEmpty else { return }
      let axis = random.below(shape.dim.count)
      let near = Int(shape.dim[axis].dimValue)
      shape.dim[axis].dimValue = Int64(random.once(in: 3) ? random.number(near: near) : random.below(40))
    }
    graph.input[index].type.tensorType.shape = shape
  }

  private static func changeModel(_ model: inout Onnx_ModelProto, _ random: inout Random) {
    switch random.below(4) {
    case 0...1:
      guard !model.opsetImport.isEmpty else { return }
      model.opsetImport[0].version = Int64(random.once(in: 6) ? random.number(near: 15) : 9 + random.below(14))
    case 2:
      if !model.graph.output.isEmpty { model.graph.output[0].name = name(in: model.graph, &random) }
    default:
      model.producerName = random.pick(["", "pytorch", "\u{1b}[31m", String(repeating: "x", count: 10_000)])
    }
  }
}
