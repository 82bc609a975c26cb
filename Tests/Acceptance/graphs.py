"""ONNX graphs as converters other than torch's write them, above all tf2onnx: written out with onnx.helper, seeded."""
import numpy
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Nodes in the order they are called; constants become initializers."""

    def __init__(self, shape, opset=13, seed=0, input_type=TensorProto.FLOAT):
        self.random = numpy.random.default_rng(20261201 + seed)
        self.opset, self.nodes, self.initializers, self.functions, self.domains = opset, [], [], [], []
        self.input = helper.make_tensor_value_info("input", input_type, shape)
        self.count = 0

    def name(self, kind):
        self.count += 1
        return f"{kind.lower()}_{self.count}"

    def constant(self, value, kind=numpy.float32):
        name = self.name("const")
        self.initializers.append(numpy_helper.from_array(numpy.asarray(value, kind), name))
        return name

    def ints(self, *values):
        return self.constant(list(values), numpy.int64)

    def weight(self, *shape):
        return self.constant(self.random.standard_normal(shape) * numpy.sqrt(2 / numpy.prod(shape[1:])))

    def vector(self, count, low=-0.3, high=0.3):
        return self.constant(self.random.uniform(low, high, count))

    def __call__(self, kind, *inputs, outputs=1, **attributes):
        names = [self.name(kind) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"model/{kind}_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, x, inputs, outputs, size=3, bias=True, group=1, **attributes):
        parameters = [self.weight(outputs, inputs // group, size, size)] + ([self.vector(outputs)] if bias else [])
        return self("Conv", x, *parameters, group=group, **attributes)

    def batch_norm(self, x, channels, **attributes):
        return self("BatchNormalization", x, self.vector(channels, 0.5, 1.5), self.vector(channels), self.vector(channels),
                    self.vector(channels, 0.5, 1.5), epsilon=1e-3, **attributes)

    def dense(self, x, inputs, outputs):
        return self("Add", self("MatMul", x, self.constant(self.random.standard_normal((inputs, outputs)) / numpy.sqrt(inputs))), self.vector(outputs))

    def nchw(self, x):
        return self("Transpose", x, perm=[0, 3, 1, 2])

    def nhwc(self, x):
        return self("Transpose", x, perm=[0, 2, 3, 1])

    def flattened(self, x, count):
        """tf.reshape(x, [tf.shape(x)[0], count])"""
        batch = self("Slice", self("Shape", x), self.ints(0), self.ints(1), self.ints(0))
        return self("Reshape", x, self("Concat", batch, self.ints(count), axis=0))

    def model(self, *outputs):
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "classes"]) for name in outputs]
        graph = helper.make_graph(self.nodes, "tf2onnx", [self.input], results, self.initializers)
        opsets = [helper.make_opsetid("", self.opset)] + [helper.make_opsetid(domain, 1) for domain in self.domains]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="tf2onnx", functions=self.functions)


def keras_cnn():
    g = Graph(["unk__1", 16, 16, 3])
    x = g("Relu", g.conv(g.nchw("input"), 3, 8, auto_pad="SAME_UPPER"))
    x = g("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = g("Relu", g.conv(x, 8, 12, strides=[2, 2], auto_pad="SAME_UPPER"))
    x = g.flattened(g.nhwc(x), 12 * 16)
    x = g("Relu", g.dense(x, 192, 16))
    return g.model(g("Softmax", g.dense(x, 16, 5), axis=-1))


def keras_resnet():
    """Explicit Pad before VALID convolutions, additions, the mean over NHWC."""
    g = Graph([None, 16, 16, 3], opset=11)
    x = g("Pad", g.nchw("input"), g.ints(0, 0, 1, 1, 0, 0, 1, 1))
    x = g("Relu", g.batch_norm(g.conv(x, 3, 8, strides=[2, 2], auto_pad="VALID"), 8))
    x = g("MaxPool", g("Pad", x, g.ints(0, 0, 1, 1, 0, 0, 1, 1), g.constant(0.0)), kernel_shape=[3, 3], strides=[1, 1])
    y = g("Relu", g.batch_norm(g.conv(x, 8, 8, 1), 8))
    y = g.batch_norm(g.conv(y, 8, 8, auto_pad="SAME_UPPER"), 8)
    x = g("Relu", g("Add", x, y))
    x = g("ReduceMean", g.nhwc(x), axes=[1, 2], keepdims=0)
    return g.model(g("Softmax", g.dense(x, 8, 6)))


def keras_mobilenet():
    """Pixels 0…255 scaled inside; ReLU6 as Clip; stride 2 with asymmetric padding; a 1 x 1 convolution as the head."""
    g = Graph([None, 16, 16, 3])
    x = g("Sub", g("Mul", "input", g.constant(1 / 127.5)), g.constant(1.0))
    x = g("Pad", g.nchw(x), g.ints(0, 0, 0, 0, 0, 0, 1, 1))
    clip = g.constant(0.0), g.constant(6.0)
    x = g("Clip", g.batch_norm(g.conv(x, 3, 8, strides=[2, 2], bias=False), 8), *clip)
    x = g("Clip", g.batch_norm(g.conv(x, 8, 8, group=8, pads=[1, 1, 1, 1]), 8), *clip)
    x = g.batch_norm(g.conv(x, 8, 12, 1), 12)
    x = g("Reshape", g("GlobalAveragePool", x), g.ints(-1, 12, 1, 1))
    x = g.conv(x, 12, 7, 1)
    x = g("Squeeze", g.nhwc(x), g.ints(1, 2))
    return g.model(g("Softmax", x, axis=1))


def keras_efficientnet():
    """Rescaling and normalization inside, swish spelled out, squeeze-and-excitation with a Reshape of the mean."""
    g = Graph(["batch", 16, 16, 3], opset=15)
    x = g("Mul", "input", g.constant(1 / 255))
    x = g("Div", g("Sub", x, g.constant([[[[0.485, 0.456, 0.406]]]])), g.constant([[[[0.229, 0.224, 0.225]]]]))

    def swish(x):
        return g("Mul", x, g("Sigmoid", x))

    x = swish(g.batch_norm(g.conv(g.nchw(x), 3, 8, strides=[2, 2], pads=[0, 0, 1, 1]), 8))
    y = g("ReduceMean", x, axes=[2, 3], keepdims=0)
    y = g("Reshape", y, g.ints(-1, 8, 1, 1))
    y = g("Sigmoid", g.conv(swish(g.conv(y, 8, 4, 1)), 4, 8, 1))
    x = swish(g.conv(g("Mul", y, x), 8, 12, 1))
    x = g("GlobalAveragePool", x)
    return g.model(g.dense(g("Squeeze", x, g.ints(2, 3)), 12, 6))


def stray_batch_norms():
    g = Graph([1, 3, 16, 16], opset=14)
    x = g.batch_norm("input", 3)
    x = g("Relu", g.conv(x, 3, 6, pads=[1, 1, 1, 1], strides=[2, 2]))
    y = g.batch_norm(x, 6)
    x = g.batch_norm(g("Concat", x, y, axis=1), 12)
    z = g.conv(x, 12, 12, 1)
    x = g("Relu", g.batch_norm(g("Add", x, z), 12))
    x = g("Flatten", g("GlobalMaxPool", x))
    x = g("Tanh", g.batch_norm(g.dense(x, 12, 8), 8))
    return g.model(g("Gemm", x, g.weight(5, 8), g.vector(5), transB=1, alpha=0.5, beta=2.0))


def old_batch_norm():
    g = Graph([1, 3, 16, 16], opset=9)
    x = g("Relu", g.batch_norm(g.conv("input", 3, 8, kernel_shape=[3, 3], strides=[2, 2]), 8, momentum=0.9))
    x = g("Dropout", g("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_LOWER", count_include_pad=0), ratio=0.4)
    x = g("Reshape", x, g.ints(0, -1))
    return g.model(g("Softmax", g.dense(x, 128, 6)))


def resize_by_shape():
    """UpSampling2D: the size is computed from the shape."""
    g = Graph([1, 8, 8, 3], opset=13)
    x = g("Relu", g.conv(g.nchw("input"), 3, 6, auto_pad="SAME_UPPER"))
    size = g("Mul", g("Slice", g("Shape", x), g.ints(2), g.ints(4), g.ints(0)), g.ints(2, 2))
    size = g("Concat", g.ints(1, 6), size, axis=0)
    x = g("Resize", x, "", "", size, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    x = g("Relu", g.conv(x, 6, 6, auto_pad="SAME_UPPER"))
    x = g("Resize", x, "", g.constant([1, 1, 1.5, 1.5]), mode="linear", coordinate_transformation_mode="half_pixel")
    x = g("ReduceMax", x, axes=[2, 3], keepdims=0)
    return g.model(g.dense(x, 6, 5))


def depth_and_space():
    g = Graph([1, 8, 8, 3], opset=12)
    x = g("SpaceToDepth", g.nchw("input"), blocksize=2)
    x = g("Relu", g.conv(x, 12, 16, 1))
    x = g("DepthToSpace", x, blocksize=2, mode="DCR")
    x = g.conv(x, 4, 8, pads=[1, 1, 1, 1])
    x = g("DepthToSpace", x, blocksize=2, mode="CRD")
    return g.model(g.dense(g("Flatten", g("Relu", x)), 512, 4))


def many_inputs():
    """Sum, Mean, Max and Min of three; PRelu, HardSigmoid, LeakyRelu, Elu; ReduceL2 and LpNormalization."""
    g = Graph([1, 3, 12, 12], opset=13)
    a, b, c = (g.conv("input", 3, 4, pads=[1, 1, 1, 1]) for _ in range(3))
    x = g("Concat", g("Sum", a, b, c), g("Mean", a, b, c), g("Max", a, b, c), g("Min", a, b, g.constant(0.5)), axis=1)
    x = g("PRelu", x, g.constant(g.random.uniform(0, 0.5, (16, 1, 1))))
    x = g("Mul", x, g("HardSigmoid", g.conv(x, 16, 16, 1), alpha=0.16, beta=0.45))
    x = g("Elu", g("LeakyRelu", x, alpha=0.2), alpha=0.8)
    y = g("ReduceL2", x, axes=[2, 3], keepdims=0)
    z = g("ReduceSum", x, g.ints(2, 3), keepdims=0)
    x = g("LpNormalization", g("Concat", y, z, axis=1), axis=1, p=2)
    return g.model(g.dense(x, 32, 5))


def folded_weights():
    """Weights that come from transposes, casts from half precision, dequantization and products of constants."""
    g = Graph([1, 3, 12, 12], opset=19)
    half = g("Cast", g.constant(g.random.standard_normal((8, 3, 3, 3)) / 4, numpy.float16), to=TensorProto.FLOAT)
    x = g("Relu", g("Conv", "input", half, pads=[1, 1, 1, 1], strides=[2, 2]))
    quantized = g.constant(g.random.integers(-100, 100, (8, 8, 3, 3)), numpy.int8)
    weight = g("DequantizeLinear", quantized, g.constant(g.random.uniform(0.001, 0.003, 8)), g.constant(numpy.zeros(8), numpy.int8), axis=0)
    x = g("Relu", g("Conv", x, weight, pads=[1, 1, 1, 1], strides=[2, 2]))
    x = g("Flatten", x)
    weight = g("Transpose", g.weight(10, 72), perm=[1, 0])
    x = g("Relu", g("MatMul", x, g("Mul", weight, g("Sqrt", g("Abs", g.vector(10))))))
    ones = g("ConstantOfShape", g.ints(10, 10), value=helper.make_tensor("value", TensorProto.FLOAT, [1], [0.1]))
    spread = g("Expand", g.vector(10), g.ints(10, 10))
    return g.model(g("Gemm", x, g("Add", ones, spread), g("Neg", g.vector(10))))


def identities():
    """Identity, Cast to the same type, Dropout with inputs, Squeeze and Unsqueeze, Constant nodes, Gather of a shape."""
    g = Graph(["n", 3, 12, 12], opset=13)
    x = g("Identity", g("Cast", "input", to=TensorProto.FLOAT))
    x = g("Unsqueeze", g("Squeeze", g("Unsqueeze", x, g.ints(1)), g.ints(1)), g.ints(4))
    x = g("Relu", g.conv(g("Squeeze", x, g.ints(4)), 3, 8, strides=[2, 2]))
    x = g("Dropout", x, g("Constant", value_float=0.5), g("Constant", value=helper.make_tensor("value", TensorProto.BOOL, [], [False])))
    shape = g("Shape", x)
    batch = g("Gather", shape, g("Constant", value_int=0), axis=0)
    rest = g("ReduceProd", g("Gather", shape, g("Constant", value_ints=[1, 2, 3]), axis=0), keepdims=1)
    x = g("Reshape", x, g("Concat", g("Unsqueeze", batch, g.ints(0)), rest, axis=0))
    return g.model(g("Identity", g.dense(x, 200, 6)))


def constant_condition():
    """An If whose condition follows from the shape."""
    g = Graph([1, 3, 8, 8], opset=13)
    x = g("Relu", g.conv("input", 3, 6))
    condition = g("Equal", g("Gather", g("Shape", x), g.constant(2, numpy.int64), axis=0), g.constant(6, numpy.int64))
    then = helper.make_graph([helper.make_node("GlobalAveragePool", [x], ["then"])], "then", [], [helper.make_tensor_value_info("then", TensorProto.FLOAT, None)])
    other = helper.make_graph([helper.make_node("GlobalMaxPool", [x], ["else"])], "else", [], [helper.make_tensor_value_info("else", TensorProto.FLOAT, None)])
    x = g("If", condition, then_branch=then, else_branch=other)
    return g.model(g.dense(g("Flatten", x), 6, 4))


def local_functions():
    """A function of the model's own, as exporters write modules they keep together."""
    g = Graph([1, 3, 8, 8], opset=18)
    g.domains.append("my.layers")
    body = [
        helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1]), helper.make_node("Relu", ["y"], ["z"]),
    ]
    g.functions.append(helper.make_function("my.layers", "ConvRelu", ["x", "w"], ["z"], body, [helper.make_opsetid("", 18)]))
    x = g("ConvRelu", "input", g.weight(6, 3, 3, 3), domain="my.layers")
    x = g("ConvRelu", x, g.weight(8, 6, 3, 3), domain="my.layers")
    return g.model(g.dense(g("Flatten", g("GlobalAveragePool", x)), 8, 4))


def keras_lstm():
    """Keras' LSTM on the rows of a picture: steps first, all states, the last one taken with a Slice."""
    g = Graph([1, 12, 12, 1], opset=13)
    x = g("Transpose", g("Squeeze", "input", g.ints(3)), perm=[1, 0, 2])
    parameters = [g.constant(g.random.standard_normal(shape) / 3) for shape in ((1, 32, 12), (1, 32, 8), (1, 64))]
    zeros = g.constant(numpy.zeros((1, 1, 8)))
    states, _, _ = g("LSTM", x, *parameters, "", zeros, zeros, outputs=3, hidden_size=8, direction="forward")
    x = g("Transpose", g("Squeeze", states, g.ints(1)), perm=[1, 0, 2])
    x = g("Squeeze", g("Slice", x, g.ints(-1), g.ints(2**63 - 1), g.ints(1)), g.ints(1))
    return g.model(g.dense(x, 8, 4))


def keras_gru_reversed():
    g = Graph([1, 10, 10, 1], opset=14)
    x = g("Transpose", g("Squeeze", "input", g.ints(3)), perm=[1, 0, 2])
    parameters = [g.constant(g.random.standard_normal(shape) / 3) for shape in ((1, 21, 10), (1, 21, 7), (1, 42))]
    _, last = g("GRU", x, *parameters, outputs=2, hidden_size=7, direction="reverse", linear_before_reset=1)
    return g.model(g("Softmax", g.dense(g("Squeeze", last, g.ints(0)), 7, 4)))


def where_and_logic():
    g = Graph([1, 3, 8, 8], opset=12)
    x = g.conv("input", 3, 6)
    inside = g("And", g("Greater", x, g.constant(-0.5)), g("Not", g("Less", g.constant(0.8), x)))
    x = g("Where", inside, x, g("Mul", x, g.constant(0.1)))
    x = g("Pow", g("Abs", x), g.constant(1.5))
    x = g("Exp", g("Neg", g("ReduceMean", x, axes=[2, 3], keepdims=0)))
    x = g("Sub", g.constant(1.0), x)
    return g.model(g.dense(g("Log", g("Add", x, g.constant(1.0))), 6, 4))


def squeezed_signal():
    """Conv1D as tf2onnx writes it: a 2-D convolution between Unsqueeze and Squeeze."""
    g = Graph([1, 20, 20, 1], opset=13)
    x = g("Unsqueeze", g("Transpose", g("Squeeze", "input", g.ints(3)), perm=[0, 2, 1]), g.ints(2))
    x = g("Conv", x, g.weight(8, 20, 1, 5), g.vector(8), kernel_shape=[1, 5], strides=[1, 2], auto_pad="SAME_UPPER")
    x = g("Relu", g("Transpose", g("Squeeze", x, g.ints(2)), perm=[0, 2, 1]))
    x = g("ReduceMax", x, axes=[1], keepdims=0)
    return g.model(g.dense(x, 8, 4))


def old_softmax_on_maps():
    """Softmax before opset 13 works on the flattened rest; a global mean before a Flatten."""
    g = Graph([1, 3, 8, 8], opset=11)
    x = g.conv(g("Relu", g.conv("input", 3, 6)), 6, 5, 1)
    x = g("GlobalAveragePool", x)
    return g.model(g("Flatten", g("Softmax", x, axis=1)))


def left_constant():
    """Constants on the left of MatMul, Sub and Div; Split and Concat; Einsum with a constant."""
    g = Graph([1, 3, 8, 8], opset=13)
    x = g("Relu", g.conv("input", 3, 6, pads=[1, 1, 1, 1]))
    x = g("MatMul", g.constant(g.random.standard_normal((8, 8)) / 3), x)
    a, b, c = g("Split", x, g.ints(1, 2, 3), outputs=3, axis=1)
    x = g("Concat", g("Sub", g.constant(1.0), a), c, g("Div", g.constant(1.0), g("Add", g("Sigmoid", b), g.constant(1.0))), axis=1)
    x = g("Einsum", x, g.constant(g.random.standard_normal((6, 8, 8, 4)) / 10), equation="nchw,chwk->nk")
    return g.model(x)


GRAPHS = [
    ("keras_cnn", keras_cnn, (2, 16, 16, 3)), ("keras_resnet", keras_resnet, (2, 16, 16, 3)),
    ("keras_mobilenet", keras_mobilenet, (1, 16, 16, 3)), ("keras_efficientnet", keras_efficientnet, (2, 16, 16, 3)),
    ("stray_batch_norms", stray_batch_norms, (1, 3, 16, 16)), ("old_batch_norm", old_batch_norm, (1, 3, 16, 16)),
    ("resize_by_shape", resize_by_shape, (1, 8, 8, 3)), ("depth_and_space", depth_and_space, (1, 8, 8, 3)),
    ("many_inputs", many_inputs, (1, 3, 12, 12)), ("folded_weights", folded_weights, (1, 3, 12, 12)),
    ("identities", identities, (2, 3, 12, 12)), ("constant_condition", constant_condition, (1, 3, 8, 8)),
    ("local_functions", local_functions, (1, 3, 8, 8)), ("keras_lstm", keras_lstm, (1, 12, 12, 1)),
    ("keras_gru_reversed", keras_gru_reversed, (1, 10, 10, 1)), ("where_and_logic", where_and_logic, (1, 3, 8, 8)),
    ("squeezed_signal", squeezed_signal, (1, 20, 20, 1)), ("old_softmax_on_maps", old_softmax_on_maps, (1, 3, 8, 8)),
    ("left_constant", left_constant, (1, 3, 8, 8)),
]


def double(model):
    """The model with all its float32 numbers in float64."""
    wide = type(model)()
    wide.CopyFrom(model)

    def widened(tensor):
        if tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(numpy.float64), tensor.name))

    for tensor in wide.graph.initializer:
        widened(tensor)
    for node in wide.graph.node:
        for attribute in node.attribute:
            if attribute.name == "value":
                widened(attribute.t)
            elif attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.DOUBLE
    for value in [*wide.graph.input, *wide.graph.output]:
        value.type.tensor_type.elem_type = TensorProto.DOUBLE
    return wide


def evaluator(model):
    """What the package onnx's own evaluator computes in float64."""
    from onnx.reference import ReferenceEvaluator

    session = ReferenceEvaluator(double(model))
    return lambda data: session.run(None, {model.graph.input[0].name: data.astype(numpy.float64)})[0].reshape(len(data), -1)


def evaluated(model, data):
    return evaluator(model)(data)


def slopes(model, data, count=3, step=1e-6):
    """Directions, and the derivative of half the squared strongest output along each, by central differences."""
    outputs = evaluator(model)
    start = outputs(data)
    rows, strongest = numpy.arange(len(data)), start.argmax(1)
    random = numpy.random.default_rng(7)
    for _ in range(count):
        direction = random.standard_normal(data.shape)
        upper, lower = outputs(data + step * direction)[rows, strongest], outputs(data - step * direction)[rows, strongest]
        yield direction, float((start[rows, strongest] * (upper - lower)).sum() / (2 * step))
