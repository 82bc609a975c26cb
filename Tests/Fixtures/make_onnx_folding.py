"""Writes small ONNX models whose constants are computed in the graph, one for each operator that is computed when a model is
opened, at operator sets that changed it, into `formats/onnx_folding/`, and what onnxruntime computes with them.

    python3 make_onnx_folding.py        (needs numpy, onnx, onnxruntime, safetensors)

Each model multiplies its input (N, 1) by all numbers of the constant. `NAME_SET.onnx` is a model; `results.safetensors` holds
`NAME_SET.input` and `NAME_SET.output`. Made with onnx 1.23.2, onnxruntime 1.32.0.
"""
import os

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, defs, helper, numpy_helper
from safetensors.numpy import save_file

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats", "onnx_folding")
os.makedirs(FOLDER, exist_ok=True)
random = numpy.random.default_rng(20261201)
results = {}
SETS = (9, 11, 13, 18, 23)


def draw(*shape):
    return random.uniform(-2, 2, shape).astype(numpy.float32)


def ints(*values):
    return numpy.array(values, numpy.int64)


def one(value, kind=numpy.float32):
    return numpy.array(value, kind)


def write(name, nodes, constants, opset, last="c"):
    """`nodes` compute the value `last`, which has numbers of any type."""
    nodes = nodes + [
        ("Cast", [last], ["real"], {"to": 1}), ("Reshape", ["real", "row"], ["w"], {}), ("MatMul", ["x", "w"], ["y"], {})]
    constants = dict(constants, row=ints(1, -1))
    graph = helper.make_graph(
        [helper.make_node(op, inputs, outputs, name=f"{op}_{i}", **attributes)
         for i, (op, inputs, outputs, attributes) in enumerate(nodes)],
        name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, key) for key, array in constants.items()])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8 if opset < 21 else 10)
    data = draw(2, 1)
    try:
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        results[f"{name}.output"] = session.run(None, {"x": data})[0]
    except Exception as error:  # a kernel that onnxruntime lacks
        print(f"{name}: {str(error)[:200]}")
        return
    results[f"{name}.input"] = data
    onnx.save_model(proto, os.path.join(FOLDER, f"{name}.onnx"))


def sets(op):
    first = min(s.since_version for s in defs.get_all_schemas_with_history() if s.name == op and s.domain == "")
    changes = {s.since_version for s in defs.get_all_schemas_with_history() if s.name == op and s.domain == ""}
    found = []
    for v in SETS:
        if v >= first:
            version = max(c for c in changes if c <= v)
            if version not in [k for k, _ in found]:
                found.append((version, v))
    return [v for _, v in found]


def test(name, op, constants, opsets=None, outputs=1, **attributes):
    for v in opsets or sets(op):
        outs = [f"o{i}" for i in range(outputs)] if outputs > 1 else ["c"]
        nodes = [(op, list(constants), outs, attributes)]
        if outputs > 1:
            flat = [f"f{i}" for i in range(outputs)]
            nodes += [("Cast", [o], [f + "r"], {"to": 1}) for o, f in zip(outs, flat)]
            nodes += [("Reshape", [f + "r", "line"], [f], {}) for f in flat]
            nodes += [("Concat", flat, ["c"], {"axis": 0})]
            write(f"{name}_{v}", nodes, dict(constants, line=ints(-1)), v)
        else:
            write(f"{name}_{v}", nodes, constants, v)


A, B, C = draw(2, 3, 4), draw(3, 1), draw(4)
P = numpy.abs(draw(2, 3, 4)) + numpy.float32(0.5)
I, J = random.integers(-9, 9, (2, 3, 4)), random.integers(1, 5, (3, 1))
for op in ("Add", "Sub", "Mul", "Div"):
    test(op.lower(), op, {"a": A, "b": B})
    test(f"{op.lower()}_integers", op, {"a": I, "b": J}, opsets=(13,))
    test(f"{op.lower()}_number", op, {"a": one(2.5), "b": A}, opsets=(13,))
test("pow", "Pow", {"a": P, "b": B})
test("pow_integers", "Pow", {"a": I, "b": J}, opsets=(13,))
test("mod", "Mod", {"a": I, "b": J}, opsets=(11, 13))
test("mod_negative", "Mod", {"a": I, "b": -J}, opsets=(13,))
test("mod_floats", "Mod", {"a": A, "b": B}, opsets=(13,), fmod=1)
for op in ("Min", "Max", "Sum", "Mean"):
    test(op.lower(), op, {"a": A, "b": B, "c0": C})
test("max_integers", "Max", {"a": I, "b": J}, opsets=(13,))
for op in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"):
    test(op.lower(), op, {"a": I, "b": J}, opsets=[v for v in sets(op) if v >= 11])
    test(f"{op.lower()}_floats", op, {"a": A, "b": B}, opsets=(13,))
for op in ("And", "Or", "Xor"):
    test(op.lower(), op, {"a": I > 0, "b": J > 2}, opsets=(9, 13))
test("not", "Not", {"a": I > 0}, opsets=(9,))
test("where", "Where", {"m": J > 2, "a": A, "b": C}, opsets=(9, 18))
test("where_integers", "Where", {"m": I > 0, "a": I, "b": J}, opsets=(18,))
for op in ("Sqrt", "Log", "Reciprocal"):
    test(op.lower(), op, {"a": P}, opsets=(9, 13))
for op in ("Neg", "Abs", "Exp", "Floor", "Ceil", "Sign", "Relu", "Sigmoid", "Tanh", "Erf", "Softplus", "Softsign", "Elu", "LeakyRelu",
           "HardSigmoid", "Sin", "Cos", "Round", "HardSwish"):
    test(op.lower(), op, {"a": A}, opsets=sets(op)[:2])
for op in ("Neg", "Abs", "Sign"):
    test(f"{op.lower()}_integers", op, {"a": I}, opsets=(13,))
test("clip", "Clip", {"a": A, "l": one(-1), "h": one(1)}, opsets=(11, 13))
test("clip_old", "Clip", {"a": A}, opsets=(9,), min=-1.0, max=0.5)
test("clip_integers", "Clip", {"a": I, "l": one(-2, numpy.int64), "h": one(3, numpy.int64)}, opsets=(13,))
test("cast_integers", "Cast", {"a": A}, opsets=(9, 13), to=7)
test("cast_boolean", "Cast", {"a": I}, opsets=(13,), to=9)
test("castlike", "CastLike", {"a": A, "b": ints(1)}, opsets=(18,))
for op in ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
           "ReduceSumSquare"):
    since = 13 if op == "ReduceSum" else 18
    data = P if op == "ReduceLogSum" else A
    for v in (9, 13, 18):
        if v < since:
            test(f"{op.lower()}", op, {"a": data}, opsets=(v,), axes=[0, -1], keepdims=0)
        else:
            test(f"{op.lower()}", op, {"a": data, "x0": ints(0, -1)}, opsets=(v,), keepdims=1)
    test(f"{op.lower()}_all", op, {"a": data}, opsets=(13,))
test("reducemax_integers", "ReduceMax", {"a": I}, opsets=(13,), axes=[1])
test("reduceprod_integers", "ReduceProd", {"a": J.astype(numpy.int64)}, opsets=(13,))
test("reducesum_nothing", "ReduceSum", {"a": A, "x0": ints()}, opsets=(13,), noop_with_empty_axes=1)
for op in ("ArgMax", "ArgMin"):
    test(op.lower(), op, {"a": A}, axis=1, keepdims=0)
    test(f"{op.lower()}_last", op, {"a": numpy.round(A)}, opsets=(13,), axis=-1, select_last_index=1)
test("cumsum", "CumSum", {"a": A, "x0": one(1, numpy.int64)}, opsets=(11,))
test("cumsum_reversed", "CumSum", {"a": I, "x0": one(-1, numpy.int64)}, opsets=(14,), reverse=1, exclusive=1)
test("topk", "TopK", {"a": A, "k": ints(2)}, opsets=(11,), outputs=2, axis=1)
test("topk_smallest", "TopK", {"a": A, "k": ints(3)}, opsets=(11,), outputs=2, largest=0)
test("softmax", "Softmax", {"a": A}, opsets=(9, 13), axis=1)
test("logsoftmax", "LogSoftmax", {"a": A}, opsets=(13,), axis=0)
WEIGHTS = {"a": draw(1, 4, 9), "s": draw(4), "b": draw(4), "m": draw(4), "v": numpy.abs(draw(4)) + numpy.float32(0.5)}
test("batchnormalization", "BatchNormalization", WEIGHTS, opsets=(9, 15), epsilon=1e-3)
for v in (14, 15):
    write(f"batchnormalization_training_{v}", [
        ("BatchNormalization", list(WEIGHTS), ["c", "mean", "variance"], {"training_mode": 1})], WEIGHTS, v)
test("instancenormalization", "InstanceNormalization", {"a": draw(2, 4, 5), "s": draw(4), "b": draw(4)}, opsets=(9,))
test("matmul", "MatMul", {"a": A, "b": draw(2, 4, 5)}, opsets=(9, 13))
test("matmul_broadcast", "MatMul", {"a": A, "b": draw(5, 1, 4, 2)}, opsets=(13,))
test("matmul_vectors", "MatMul", {"a": C, "b": draw(4)}, opsets=(13,))
test("matmul_left_vector", "MatMul", {"a": draw(3), "b": A}, opsets=(13,))
test("matmul_right_vector", "MatMul", {"a": A, "b": C}, opsets=(13,))
test("gemm", "Gemm", {"a": draw(4, 3), "b": draw(5, 4), "c0": draw(5)}, opsets=(9, 13), transA=1, transB=1, alpha=0.5, beta=2.0)
test("gemm_plain", "Gemm", {"a": draw(3, 4), "b": draw(4, 2)}, opsets=(11,))
test("einsum", "Einsum", {"a": A, "b": draw(4, 3, 5)}, opsets=(12,), equation="bij, jik -> kb")
test("einsum_diagonal", "Einsum", {"a": draw(3, 3)}, opsets=(12,), equation="ii->i")
test("einsum_implicit", "Einsum", {"a": draw(3, 4), "b": draw(4, 2)}, opsets=(12,), equation="ij,jk")
test("transpose", "Transpose", {"a": A}, opsets=(9, 23), perm=[2, 0, 1])
test("transpose_plain", "Transpose", {"a": I}, opsets=(13,))
test("concat", "Concat", {"a": A, "b": draw(2, 2, 4)}, opsets=(9, 13), axis=-2)
test("concat_integers", "Concat", {"a": I, "b": I}, opsets=(13,), axis=0)
test("slice_old", "Slice", {"a": A}, opsets=(9,), starts=[0, -3], ends=[1 << 40, -1], axes=[1, 2])
test("slice", "Slice", {"a": A, "s": ints(0, -3), "e": ints((1 << 63) - 1, -1), "x0": ints(1, 2)}, opsets=(11, 13))
test("slice_steps", "Slice", {"a": I, "s": ints(-1, 3), "e": ints(-(1 << 63), 0), "x0": ints(1, -1), "t": ints(-1, -2)}, opsets=(13,))
test("split_old", "Split", {"a": A}, opsets=(9, 11), outputs=2, axis=2, split=[1, 3])
test("split", "Split", {"a": A, "s": ints(3, 1)}, opsets=(13, 18), outputs=2, axis=2)
test("split_count", "Split", {"a": A}, opsets=(18,), outputs=3, axis=2, num_outputs=3)
test("expand", "Expand", {"a": B, "s": ints(2, 1, 4)}, opsets=(9, 13))
test("expand_number", "Expand", {"a": one(1.5), "s": ints(2, 3)}, opsets=(13,))
test("tile", "Tile", {"a": A, "r": ints(1, 2, 3)}, opsets=(9, 13))
test("pad_old", "Pad", {"a": A}, opsets=(9,), pads=[0, 1, 2, 0, 0, 1], value=0.5)
for mode in ("constant", "reflect", "edge", "wrap"):
    extra = {"v": one(0.25)} if mode == "constant" else {}
    test(f"pad_{mode}", "Pad", {"a": A, "p": ints(0, 1, 2, 0, 0, 1), **extra}, opsets=(23,) if mode == "wrap" else (13, 18), mode=mode)
test("pad_cut", "Pad", {"a": A, "p": ints(0, -1, 2, 0, 0, -1)}, opsets=(13,))
test("trilu", "Trilu", {"a": draw(2, 4, 4), "k": one(1, numpy.int64)}, opsets=(14,))
test("trilu_lower", "Trilu", {"a": draw(4, 4)}, opsets=(14,), upper=0)
test("gather", "Gather", {"a": A, "i": numpy.array([[2, 0], [-1, 1]])}, opsets=(11, 13), axis=1)
test("gather_number", "Gather", {"a": I, "i": one(1, numpy.int64)}, opsets=(13,))
test("gatherelements", "GatherElements", {"a": A, "i": random.integers(-3, 3, (2, 2, 4))}, opsets=(11, 13), axis=1)
test("gathernd", "GatherND", {"a": A, "i": numpy.array([[[0, 1]], [[1, -1]]])}, opsets=(11, 13))
test("gathernd_batch", "GatherND", {"a": A, "i": numpy.array([[[1, 2]], [[0, 3]]])}, opsets=(13,), batch_dims=1)
test("scatterelements", "ScatterElements", {"a": A, "i": numpy.array([[[0, 2, 1, 0]], [[1, 1, 0, 2]]]), "u": draw(2, 1, 4)}, opsets=(11, 16), axis=1)
test("scatternd", "ScatterND", {"a": A, "i": numpy.array([[0, 1], [1, 2]]), "u": draw(2, 4)}, opsets=(11, 16))
test("scatternd_add", "ScatterND", {"a": A, "i": numpy.array([[0, 1], [0, 1]]), "u": draw(2, 4)}, opsets=(16,), reduction="add")
test("nonzero", "NonZero", {"a": (I > 3).astype(numpy.float32)}, opsets=(9, 13))
test("range", "Range", {"s": one(3, numpy.int64), "l": one(-8, numpy.int64), "d": one(-2, numpy.int64)}, opsets=(11,))
test("range_floats", "Range", {"s": one(0.5), "l": one(2.9), "d": one(0.4)}, opsets=(11,))
test("onehot", "OneHot", {"i": numpy.array([[1, -1, 7], [0, 3, 2]]), "d": ints(4), "v": numpy.array([-1, 5], numpy.float32)}, opsets=(9, 11), axis=1)
test("eyelike", "EyeLike", {"a": draw(3, 4)}, opsets=(9,), k=1)
test("dequantizelinear", "DequantizeLinear", {"a": random.integers(-128, 127, (3, 4)).astype(numpy.int8), "s": numpy.abs(draw(3)), "z": ints(1, -2, 3).astype(numpy.int8)}, opsets=(13, 21), axis=0)
test("dequantizelinear_one", "DequantizeLinear", {"a": random.integers(0, 255, (3, 4)).astype(numpy.uint8), "s": one(0.25)}, opsets=(10, 13))
test("squeeze", "Squeeze", {"a": draw(1, 3, 1), "x0": ints(-1)}, opsets=(13, 23))
test("unsqueeze", "Unsqueeze", {"a": B, "x0": ints(0, -1)}, opsets=(13, 23))
test("flatten", "Flatten", {"a": A}, opsets=(9, 13), axis=2)
test("size", "Size", {"a": A}, opsets=(9, 23))
test("shape_part", "Shape", {"a": A}, opsets=(15, 23), start=-2)
test("constantofshape", "ConstantOfShape", {"s": ints(2, 3)}, opsets=(9, 23), value=helper.make_tensor("v", TensorProto.INT64, [1], [7]))
for v in (13, 23):
    # What torch writes for expand(-1, …): ones where the shape says −1.
    write(f"expand_minus_one_{v}", [
        ("Shape", ["t"], ["n"], {}), ("ConstantOfShape", ["n"], ["ones"], {"value": helper.make_tensor("v", TensorProto.INT64, [1], [1])}),
        ("Mul", ["ones", "minus"], ["m"], {}), ("Equal", ["t", "m"], ["e"], {}), ("Where", ["e", "ones", "t"], ["s"], {}),
        ("Expand", ["a", "s"], ["c"], {})], {"t": ints(2, -1, 4), "minus": one(-1, numpy.int64), "a": B}, v)
    # Weight standardization, as it stands before an exporter computes it.
    axes = {"axes": [1]} if v < 18 else {}
    extra = [] if v < 18 else ["x1"]
    write(f"standardized_{v}", [
        ("ReduceMean", ["a", *extra], ["m"], axes), ("Sub", ["a", "m"], ["d"], {}), ("Mul", ["d", "d"], ["q"], {}),
        ("ReduceMean", ["q", *extra], ["v"], axes), ("Add", ["v", "e"], ["ve"], {}), ("Sqrt", ["ve"], ["r"], {}),
        ("Div", ["d", "r"], ["s"], {}), ("Mul", ["s", "g"], ["c"], {})],
        {"a": draw(4, 9), "e": one(1e-5), "g": draw(4, 1), **({"x1": ints(1)} if v >= 18 else {})}, v)

save_file(results, os.path.join(FOLDER, "results.safetensors"))
print(len(results) // 2, "models")
