"""Writes small ONNX models for the operators that are functions in a network's code – arithmetic, comparisons, reductions,
resizing – at each operator set from 9 to 23 that changed them, and what onnxruntime computes with them.

    python3 make_onnx_functions.py        (numpy, onnx 1.23.2, onnxruntime 1.32.0, safetensors)

`formats/onnx_functions.safetensors` holds `NAME_SET.model`, the bytes of the file, `NAME_SET.output`, and
`input.2x4x4x3` for every shape of an input.
"""
import os

import numpy
import onnxruntime
from onnx import TensorProto, defs, helper, numpy_helper
from safetensors.numpy import save_file

random = numpy.random.default_rng(20261201)
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
    data = results.setdefault("input." + "x".join(map(str, shape)), draw(*shape))
    try:
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        results[f"{name}.output"] = session.run(None, {"x": data})[0]
    except Exception as error:  # a kernel that onnxruntime lacks
        print(f"{name}: {str(error)[:160]}")
        return
    results[f"{name}.model"] = numpy.frombuffer(proto.SerializeToString(), numpy.uint8)


def versions(*operators):
    """The operator sets from 9 to 23 at which one of the operators is new or changed."""
    first = max(min(s.since_version for s in defs.get_all_schemas_with_history() if s.name == op and s.domain == "")
                for op in operators)
    changes = {s.since_version for s in defs.get_all_schemas_with_history() if s.name in operators and s.domain == ""}
    return sorted({v for v in changes if 9 <= v <= 23 and v >= first} | ({9} if first <= 9 else set()))


def one(name, op, shape, constants=None, **attributes):
    """The same at every version."""
    for v in versions(op):
        write(f"{name}_{v}", shape, [(op, ["x", *(constants or {})], ["y"], attributes)], constants or {}, v)


PICTURE = (2, 4, 4, 3)
# Arithmetic with constants of other shapes, the constant first or last; comparisons that choose; functions of elements.
for op in ("Add", "Sub", "Mul", "Div", "Pow", "Max", "Min"):
    for v in versions(op):
        if op in ("Max", "Min") and v < 8:
            continue
        positive = [("Abs", ["x"], ["a"], {}), ("Add", ["a", "one"], ["p"], {})]
        for kind, constant in (("rows", draw(4, 1) + float_(2)), ("columns", draw(1, 1, 1, 3) + float_(2)), ("all", draw(4, 4, 3) + float_(2))):
            constants = {"c": constant, "one": float_(1)}
            write(f"{op.lower()}_{kind}_{v}", PICTURE, positive + [(op, ["p", "c"], ["y"], {})], constants, v)
            write(f"{op.lower()}_{kind}_first_{v}", PICTURE, positive + [(op, ["c", "p"], ["y"], {})], constants, v)
        write(f"{op.lower()}_broadcast_{v}", PICTURE, positive + [
            ("GlobalMaxPool", ["p"], ["g"], {}), (op, ["p", "g"], ["y"], {})], {"one": float_(1)}, v)
for v in versions("Max"):
    write(f"max_three_{v}", PICTURE, [("Neg", ["x"], ["a"], {}), ("Max", ["x", "c", "a"], ["y"], {})], {"c": float_(0.3)}, v)
    write(f"min_one_{v}", PICTURE, [("Tanh", ["x"], ["a"], {}), ("Min", ["a"], ["y"], {})], {}, v)
for op in ("Abs", "Neg", "Exp", "Sqrt", "Log", "Reciprocal", "Erf", "Sin", "Cos", "Sign", "Floor", "Ceil", "Round"):
    for v in versions(op):
        write(f"{op.lower()}_{v}", PICTURE, [("Add", ["x", "c"], ["a"], {}), (op, ["a"], ["y"], {})], {"c": float_(1.25)}, v)
for v in versions("Pow"):
    write(f"pow_number_{v}", PICTURE, [("Pow", ["x", "c"], ["y"], {})], {"c": float_(3)}, v)
for op in ("Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Equal"):
    for v in versions(op):
        if op == "Equal" and v < 11:
            continue
        write(f"where_{op.lower()}_{v}", PICTURE, [
            (op, ["x", "c"], ["a"], {}), ("Not", ["a"], ["b"], {}), ("Where", ["b", "x", "d"], ["y"], {})],
            {"c": float_(0.1), "d": draw(4, 1, 3)}, v)
for v in versions("Where", "And", "Or"):
    write(f"where_both_{v}", PICTURE, [
        ("Greater", ["x", "c"], ["a"], {}), ("Less", ["x", "d"], ["b"], {}), ("And", ["a", "b"], ["e"], {}),
        ("Or", ["e", "b"], ["f"], {}), ("Mul", ["x", "x"], ["s"], {}), ("Where", ["f", "s", "x"], ["y"], {})],
        {"c": float_(-0.2), "d": float_(0.3)}, v)
    write(f"where_constant_{v}", PICTURE, [("Where", ["m", "x", "c"], ["y"], {})], {"m": draw(1, 4, 3) > 0, "c": float_(0.3)}, v)
for op in ("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"):
    for v in versions(op):
        for kind, axes, keep in (("channels", [1], 1), ("spatial", [-1, 2], 0), ("rows", [2], 0), ("pixels", [2, 3], 1)):
            nodes = [("Abs", ["x"], ["p"], {}), ("Exp", ["p"], ["a"], {})] if op == "ReduceLogSum" else [("Identity", ["x"], ["a"], {})]
            if v >= (13 if op == "ReduceSum" else 18):
                write(f"{op.lower()}_{kind}_{v}", PICTURE, nodes + [(op, ["a", "i"], ["y"], {"keepdims": keep})], {"i": ints(*axes)}, v)
            else:
                write(f"{op.lower()}_{kind}_{v}", PICTURE, nodes + [(op, ["a"], ["y"], {"axes": axes, "keepdims": keep})], {}, v)
        if v >= (13 if op == "ReduceSum" else 18):
            write(f"{op.lower()}_nothing_{v}", PICTURE, (nodes if op == "ReduceLogSum" else [("Tanh", ["x"], ["a"], {})]) + [(op, ["a"], ["y"], {"noop_with_empty_axes": 1})], {}, v)
one("mish", "Mish", PICTURE)
one("shrink_hard", "Shrink", PICTURE, lambd=0.3)
one("shrink_soft", "Shrink", PICTURE, lambd=0.3, bias=0.3)
for v in versions("Upsample"):
    for mode in ("nearest", "linear"):
        write(f"upsample_{mode}_{v}", PICTURE, [("Upsample", ["x", "s"], ["y"], {"mode": mode})],
              {"s": numpy.array([1, 1, 2, 1.5], numpy.float32)}, 9)
for v in versions("Resize"):
    scales = numpy.array([1, 1, 1.5, 0.6], numpy.float32)
    if v < 11:
        for mode in ("nearest", "linear"):
            write(f"resize_{mode}_{v}", PICTURE, [("Resize", ["x", "s"], ["y"], {"mode": mode})], {"s": scales}, v)
        continue
    none = numpy.array([], numpy.float32)
    coordinates = ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"] + (["half_pixel_symmetric"] if v >= 19 else [])
    for coordinate in coordinates:
        for mode in ("nearest", "linear", "cubic"):
            for form in ("scales", "sizes"):
                if v not in (11, 19) and (mode == "cubic" or coordinate != "half_pixel"):
                    continue
                attributes = {"mode": mode, "coordinate_transformation_mode": coordinate}
                if mode == "cubic" and form == "sizes":
                    attributes["exclude_outside"] = 1
                constants = {"r": none, "s": scales} if form == "scales" else {"r": none, "e": none, "z": ints(2, 4, 7, 2)}
                if form == "sizes" and coordinate == "half_pixel_symmetric":
                    continue
                write(f"resize_{mode}_{coordinate}_{form}_{v}", PICTURE,
                      [("Resize", ["x", *constants], ["y"], attributes)], constants, v)
    for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
        write(f"resize_{rounding}_{v}", PICTURE, [("Resize", ["x", "r", "s"], ["y"], {
            "coordinate_transformation_mode": "asymmetric", "nearest_mode": rounding})],
            {"r": none, "s": numpy.array([1, 1, 2, 2], numpy.float32)}, v)
    if v >= 18:
        write(f"resize_axes_{v}", PICTURE, [("Resize", ["x", "", "", "z"], ["y"], {"mode": "linear", "axes": [3, 2]})], {"z": ints(7, 4)}, v)
    write(f"resize_rows_{v}", (2, 4, 7), [("Resize", ["x", "r", "s"], ["y"], {"mode": "linear"})],
          {"r": none, "s": numpy.array([1, 1, 2], numpy.float32)}, v)
    write(f"resize_volume_{v}", (1, 2, 3, 4, 3), [("Resize", ["x", "r", "s"], ["y"], {"mode": "nearest"})],
          {"r": none, "s": numpy.array([1, 1, 2, 2, 3], numpy.float32)}, v)
BLOCKS = (2, 8, 2, 4)
for v in versions("DepthToSpace"):
    write(f"depthtospace_{v}", BLOCKS, [("DepthToSpace", ["x"], ["y"], {"blocksize": 2})], {}, v)
    if v >= 11:
        write(f"depthtospace_crd_{v}", BLOCKS, [("DepthToSpace", ["x"], ["y"], {"blocksize": 2, "mode": "CRD"})], {}, v)
one("spacetodepth", "SpaceToDepth", BLOCKS, blocksize=2)
for v in versions("GroupNormalization"):
    count = 2 if v < 21 else 4  # numbers for each group became numbers for each channel
    write(f"groupnormalization_{v}", PICTURE, [("GroupNormalization", ["x", "s", "b"], ["y"], {"num_groups": 2})],
          {"s": draw(count), "b": draw(count)}, v)
write("concat_constant_13", (1, 4, 4, 3), [("Concat", ["x", "c"], ["y"], {"axis": 1})], {"c": draw(1, 2, 4, 3)}, 13)

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")
save_file(results, os.path.join(FOLDER, "onnx_functions.safetensors"))
print(len(results) // 2, "models")
