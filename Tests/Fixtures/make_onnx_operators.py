"""Writes one small ONNX model for each operator and each operator set from 9 to 22 that changed it into
`formats/onnx_operators/`, and what onnxruntime computes with them: attributes that became inputs, defaults that changed.

    python3 make_onnx_operators.py        (needs numpy, onnx, onnxruntime, safetensors)

`NAME_SET.onnx` is a model; `results.safetensors` holds `NAME_SET.input` and `NAME_SET.output`.
"""
import os

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, defs, helper, numpy_helper
from safetensors.numpy import save_file

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats", "onnx_operators")
os.makedirs(FOLDER, exist_ok=True)
random = numpy.random.default_rng(20261128)
results = {}


def draw(*shape):
    return random.uniform(-1, 1, shape).astype(numpy.float32)


def ints(*values):
    return numpy.array(values, numpy.int64)


def float_(value):
    return numpy.array(value, numpy.float32)


def write(name, shape, nodes, constants, opset):
    graph = helper.make_graph(
        [helper.make_node(op, inputs, outputs, name=f"{op}_{i}", **attributes)
         for i, (op, inputs, outputs, attributes) in enumerate(nodes)],
        name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape[1:]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, key) for key, array in constants.items()])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8 if opset < 21 else 10)
    data = draw(*shape)
    try:
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        results[f"{name}.output"] = session.run(None, {"x": data})[0]
    except Exception as error:  # a kernel that onnxruntime lacks
        print(f"{name}: {str(error)[:160]}")
        return
    results[f"{name}.input"] = data
    onnx.save_model(proto, os.path.join(FOLDER, f"{name}.onnx"))


def versions(*operators):
    """The operator sets from 9 to 22 at which one of the operators is new or changed."""
    first = max(min(s.since_version for s in defs.get_all_schemas_with_history() if s.name == op and s.domain == "")
                for op in operators)
    changes = {s.since_version for s in defs.get_all_schemas_with_history() if s.name in operators and s.domain == ""}
    return sorted({v for v in changes if 9 <= v <= 22 and v >= first} | ({9} if first <= 9 else set()))


def one(name, op, shape, constants=None, **attributes):
    """The same at every version."""
    for v in versions(op):
        write(f"{name}_{v}", shape, [(op, ["x", *(constants or {})], ["y"], attributes)], constants or {}, v)


PICTURE = (2, 4, 6, 5)
one("conv", "Conv", PICTURE, {"w": draw(6, 2, 3, 3), "b": draw(6)}, group=2, pads=[1, 1, 0, 1], strides=[2, 1])
one("conv_same_upper", "Conv", PICTURE, {"w": draw(3, 4, 2, 3)}, auto_pad="SAME_UPPER", strides=[2, 2])
one("conv_depthwise", "Conv", PICTURE, {"w": draw(4, 1, 3, 3)}, group=4, auto_pad="VALID")
one("conv3d", "Conv", (1, 2, 4, 5, 4), {"w": draw(3, 2, 2, 3, 2)}, dilations=[1, 2, 1])
one("convtranspose", "ConvTranspose", PICTURE, {"w": draw(4, 2, 3, 2), "b": draw(4)}, group=2, strides=[2, 1], pads=[1, 0, 0, 1])
one("convtranspose1d", "ConvTranspose", (2, 3, 7), {"w": draw(3, 2, 4)}, strides=[3], output_padding=[2], dilations=[2])
one("gemm", "Gemm", (3, 5), {"w": draw(5, 4), "c": float_(0.3)}, alpha=0.75, beta=-2.0)
one("gemm_row", "Gemm", (3, 5), {"w": draw(4, 5), "c": draw(4)}, transB=1)
for v in versions("Gemm"):
    if v >= 11:  # the third input became optional
        write(f"gemm_no_bias_{v}", (3, 5), [("Gemm", ["x", "w"], ["y"], {"transB": 1})], {"w": draw(4, 5)}, v)
one("matmul", "MatMul", (2, 3, 5), {"w": draw(5, 4)})
for v in versions("MatMul", "Add"):
    write(f"matmul_add_{v}", (2, 5), [("MatMul", ["x", "w"], ["a"], {}), ("Add", ["a", "b"], ["y"], {})],
          {"w": draw(5, 3), "b": draw(3)}, v)
one("batchnormalization", "BatchNormalization", PICTURE,
    {"s": draw(4), "b": draw(4), "m": draw(4), "v": numpy.abs(draw(4)) + 0.5}, epsilon=1e-3, momentum=0.8)
one("layernormalization", "LayerNormalization", PICTURE, {"s": draw(6, 5), "b": draw(6, 5)}, axis=2, epsilon=1e-4)
one("layernormalization_plain", "LayerNormalization", (2, 3, 5), {"s": draw(5)})
for op, attributes in (
        ("Relu", {}), ("LeakyRelu", {"alpha": 0.3}), ("HardSwish", {}), ("HardSigmoid", {}), ("Sigmoid", {}), ("Tanh", {}),
        ("Elu", {"alpha": 0.6}), ("Selu", {}), ("Softplus", {}), ("Softsign", {}), ("Celu", {"alpha": 1.4}),
        ("ThresholdedRelu", {"alpha": 0.2}), ("Gelu", {})):
    one(op.lower(), op, PICTURE, **attributes)
for v in versions("Identity"):
    write(f"identity_{v}", PICTURE, [("Relu", ["x"], ["a"], {}), ("Identity", ["a"], ["y"], {})], {}, v)
one("hardsigmoid_torch", "HardSigmoid", PICTURE, alpha=1 / 6, beta=0.5)
one("gelu_tanh", "Gelu", PICTURE, approximate="tanh")
one("prelu_channels", "PRelu", PICTURE, {"s": draw(4, 1, 1)})
one("prelu_one", "PRelu", PICTURE, {"s": draw(1)})
for v in versions("Clip"):
    if v < 11:
        write(f"clip_both_{v}", PICTURE, [("Clip", ["x"], ["y"], {"min": -0.25, "max": 0.5})], {}, v)
        write(f"clip_low_{v}", PICTURE, [("Clip", ["x"], ["y"], {"min": 0.1})], {}, v)
        write(f"clip_high_{v}", PICTURE, [("Clip", ["x"], ["y"], {"max": 0.1})], {}, v)
    else:
        low, high = float_(-0.25), float_(0.5)
        write(f"clip_both_{v}", PICTURE, [("Clip", ["x", "l", "h"], ["y"], {})], {"l": low, "h": high}, v)
        write(f"clip_low_{v}", PICTURE, [("Clip", ["x", "l"], ["y"], {})], {"l": float_(0.1)}, v)
        write(f"clip_high_{v}", PICTURE, [("Clip", ["x", "", "h"], ["y"], {})], {"h": float_(0.1)}, v)
        # Bounds that a node computes.
        write(f"clip_nodes_{v}", PICTURE, [
            ("Constant", [], ["l"], {"value": numpy_helper.from_array(float_(0))}),
            ("Constant", [], ["h"], {"value": numpy_helper.from_array(float_(6))}), ("Clip", ["x", "l", "h"], ["y"], {})], {}, v)
WINDOW = {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 1, 1]}
one("maxpool", "MaxPool", PICTURE, **WINDOW)
one("averagepool", "AveragePool", PICTURE, **WINDOW)
one("averagepool_padding", "AveragePool", PICTURE, count_include_pad=1, **WINDOW)
one("lppool", "LpPool", PICTURE, p=3, **WINDOW)
one("maxpool_same", "MaxPool", PICTURE, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_LOWER")
for v in versions("MaxPool"):
    if v >= 10:  # ceil_mode and dilations
        write(f"maxpool_dilated_{v}", PICTURE, [
            ("MaxPool", ["x"], ["y"], {"kernel_shape": [2, 2], "dilations": [2, 1], "ceil_mode": 1, "strides": [2, 2]})], {}, v)
for v in versions("AveragePool"):
    if v >= 10:
        write(f"averagepool_ceil_{v}", (1, 2, 8, 8), [
            ("AveragePool", ["x"], ["y"], {"kernel_shape": [3, 3], "ceil_mode": 1, "strides": [2, 2]})], {}, v)
one("globalaveragepool", "GlobalAveragePool", PICTURE)
one("globalmaxpool", "GlobalMaxPool", PICTURE)
for op in ("Add", "Sub", "Mul", "Div"):
    for v in versions(op):
        constant = draw(4, 1, 1) + float_(2)
        write(f"{op.lower()}_constant_{v}", PICTURE, [(op, ["x", "c"], ["y"], {})], {"c": constant}, v)
        write(f"{op.lower()}_number_{v}", PICTURE, [(op, ["x", "c"], ["y"], {})], {"c": float_(1.5)}, v)
        if op != "Div":
            write(f"{op.lower()}_both_{v}", PICTURE, [("Tanh", ["x"], ["a"], {}), (op, ["x", "a"], ["y"], {})], {}, v)
for v in versions("Sum"):
    write(f"sum_{v}", PICTURE, [("Relu", ["x"], ["a"], {}), ("Tanh", ["x"], ["b"], {}), ("Sum", ["a", "b", "x"], ["y"], {})], {}, v)
for v in versions("Concat"):
    write(f"concat_{v}", PICTURE, [("Relu", ["x"], ["a"], {}), ("Concat", ["a", "x"], ["y"], {"axis": -3})], {}, v)
    write(f"concat_rows_{v}", PICTURE, [("Relu", ["x"], ["a"], {}), ("Concat", ["a", "x"], ["y"], {"axis": 2})], {}, v)
for v in versions("Flatten"):
    write(f"flatten_{v}", PICTURE, [("Flatten", ["x"], ["y"], {})], {}, v)
    if v >= 11:
        write(f"flatten_negative_{v}", PICTURE, [("Flatten", ["x"], ["y"], {"axis": -3})], {}, v)
for v in versions("Reshape"):
    write(f"reshape_{v}", PICTURE, [("Reshape", ["x", "s"], ["y"], {})], {"s": ints(0, -1, 5)}, v)
    # The shape arithmetic that torch's exporters write for x.view(x.size(0), -1).
    unsqueeze = (("Unsqueeze", ["n"], ["n1"], {"axes": [0]}) if v < 13 else ("Unsqueeze", ["n", "zero"], ["n1"], {}))
    write(f"reshape_computed_{v}", PICTURE, [
        ("Shape", ["x"], ["s"], {}), ("Gather", ["s", "first"], ["n"], {"axis": 0}), unsqueeze,
        ("Concat", ["n1", "rest"], ["t"], {"axis": 0}), ("Reshape", ["x", "t"], ["y"], {})],
        {"first": numpy.array(0, numpy.int64), "rest": ints(-1), "zero": ints(0)}, v)
for v in versions("Squeeze", "Unsqueeze"):
    if v < 13:
        write(f"squeeze_{v}", PICTURE, [("GlobalAveragePool", ["x"], ["a"], {}), ("Squeeze", ["a"], ["y"], {"axes": [2, 3]})], {}, v)
        write(f"unsqueeze_{v}", (2, 4), [("Unsqueeze", ["x"], ["y"], {"axes": [2, 3]})], {}, v)
    else:
        write(f"squeeze_{v}", PICTURE, [("GlobalAveragePool", ["x"], ["a"], {}), ("Squeeze", ["a", "i"], ["y"], {})], {"i": ints(-1, 2)}, v)
        write(f"unsqueeze_{v}", (2, 4), [("Unsqueeze", ["x", "i"], ["y"], {})], {"i": ints(-1, 2)}, v)
one("transpose", "Transpose", PICTURE, perm=[0, 2, 3, 1])
for v in versions("Pad"):
    pads = [0, 0, 1, 2, 0, 0, 2, 0]
    for mode in ("constant", "reflect", "edge"):
        if v < 11:
            write(f"pad_{mode}_{v}", PICTURE, [("Pad", ["x"], ["y"], {"pads": pads, "mode": mode, "value": 0.5})], {}, v)
        else:
            constants = {"p": ints(*pads), "v": float_(0.5)} if mode == "constant" else {"p": ints(*pads)}
            write(f"pad_{mode}_{v}", PICTURE, [("Pad", ["x", *constants], ["y"], {"mode": mode})], constants, v)
    if v >= 18:
        write(f"pad_axes_{v}", PICTURE, [("Pad", ["x", "p", "", "a"], ["y"], {})], {"p": ints(1, 0, 2, 1), "a": ints(2, -1)}, v)
for v in versions("ReduceMean"):
    for keep in (0, 1):
        if v < 18:
            write(f"reducemean_{keep}_{v}", PICTURE, [("ReduceMean", ["x"], ["y"], {"axes": [2, 3], "keepdims": keep})], {}, v)
        else:
            write(f"reducemean_{keep}_{v}", PICTURE, [("ReduceMean", ["x", "a"], ["y"], {"keepdims": keep})], {"a": ints(2, 3)}, v)
for op in ("Softmax", "LogSoftmax"):
    one(f"{op.lower()}_default", op, (3, 5))
    one(f"{op.lower()}_axis", op, (3, 5), axis=1)
    for v in versions(op):
        if v >= 13:
            write(f"{op.lower()}_channels_{v}", PICTURE, [(op, ["x"], ["y"], {"axis": 1})], {}, v)
for v in versions("Dropout"):
    if v < 12:
        write(f"dropout_{v}", PICTURE, [("Dropout", ["x"], ["y"], {"ratio": 0.3})], {}, v)
    else:
        write(f"dropout_{v}", PICTURE, [("Dropout", ["x", "r"], ["y"], {})], {"r": float_(0.3)}, v)
        write(f"dropout_training_{v}", PICTURE, [("Dropout", ["x", "r", "t"], ["y"], {})],
              {"r": float_(0.3), "t": numpy.array(False)}, v)
for v in versions("Split"):
    slices = ("Concat", ["b", "a"], ["y"], {"axis": 1})
    if v < 13:
        write(f"split_{v}", PICTURE, [("Split", ["x"], ["a", "b"], {"axis": 1, "split": [1, 3]}), slices], {}, v)
        write(f"split_even_{v}", PICTURE, [("Split", ["x"], ["a", "b"], {"axis": 1}), slices], {}, v)
    else:
        write(f"split_{v}", PICTURE, [("Split", ["x", "s"], ["a", "b"], {"axis": 1}), slices], {"s": ints(1, 3)}, v)
        write(f"split_even_{v}", PICTURE, [
            ("Split", ["x"], ["a", "b"], {"axis": 1, "num_outputs": 2} if v >= 18 else {"axis": 1}), slices], {}, v)
for v in versions("Slice"):
    if v < 10:
        write(f"slice_{v}", PICTURE, [("Slice", ["x"], ["y"], {"axes": [1, 3], "starts": [1, -4], "ends": [3, 1 << 40]})], {}, v)
    else:
        write(f"slice_{v}", PICTURE, [("Slice", ["x", "s", "e", "a"], ["y"], {})],
              {"s": ints(1, -4), "e": ints(3, 1 << 40), "a": ints(1, -1)}, v)
for v in versions("Constant"):
    # What newer sets let a constant be.
    forms = {"tensor": {"value": numpy_helper.from_array(float_(1.5))}}
    if v >= 12:
        forms |= {"float": {"value_float": 1.5}, "floats": {"value_floats": [0.5, 1.5, -2.0, 3.0]}}
    for form, attribute in forms.items():
        if form == "floats":
            nodes = [("Constant", [], ["c"], attribute), ("Constant", [], ["s"], {"value_ints": [4, 1, 1]}),
                     ("Reshape", ["c", "s"], ["d"], {}), ("Mul", ["x", "d"], ["y"], {})]
        else:
            nodes = [("Constant", [], ["c"], attribute), ("Mul", ["x", "c"], ["y"], {})]
        write(f"constant_{form}_{v}", PICTURE, nodes, {}, v)
for v in versions("ConstantOfShape"):
    write(f"constantofshape_{v}", PICTURE, [
        ("ConstantOfShape", ["s"], ["w"], {"value": helper.make_tensor("v", TensorProto.FLOAT, [1], [0.25])}),
        ("Conv", ["x", "w"], ["y"], {})], {"s": ints(2, 4, 3, 3)}, v)

save_file(results, os.path.join(FOLDER, "results.safetensors"))
print(len(results) // 2, "models")
