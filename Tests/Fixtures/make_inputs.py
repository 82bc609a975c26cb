"""Small classifiers for what inputs and outputs of a network mean, as other people's files have them.

    OMP_NUM_THREADS=1 python make_inputs.py     # numpy 2.4.6, onnx 1.23.2, onnxruntime 1.32.0

Each is the same network with weights of NumPy's default_rng(17), a convolution, a ReLU, a mean and a fully connected layer,
and differs in its first or last nodes. `inputs/expected.json` holds what onnxruntime makes of `inputs/x.npy`, or of its whole
numbers, for every output.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "inputs"
SIDE, CLASSES = 8, 5
RNG = np.random.default_rng(17)
WEIGHTS = {
    "conv.weight": RNG.normal(0, 0.4, (4, 3, 3, 3)),
    "conv.bias": RNG.normal(0, 0.2, (4,)),
    "fc.weight": RNG.normal(0, 1.2, (CLASSES, 4)),
    "fc.bias": RNG.normal(0, 0.3, (CLASSES,)),
    "one.weight": RNG.normal(0, 1.0, (1, 4)),
    "one.bias": RNG.normal(0, 0.3, (1,)),
    "embed.weight": RNG.normal(0, 1.0, (8, 4)),
    "embed.bias": RNG.normal(0, 0.3, (8,)),
}
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

node = helper.make_node


def body(source="x"):
    return [
        node("Conv", [source, "conv.weight", "conv.bias"], ["c"], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["r"]),
        node("GlobalAveragePool", ["r"], ["p"]),
        node("Flatten", ["p"], ["features"]),
    ]


def head(name="fc", output="logits"):
    return [node("Gemm", ["features", f"{name}.weight", f"{name}.bias"], [output], transB=1)]


def make(name, nodes, outputs, constants=None, input_type=TensorProto.FLOAT, shape=(1, 3, SIDE, SIDE), opset=17):
    """Writes the model, and says what it makes of the input."""
    used = {value for n in nodes for value in n.input}
    arrays = {**WEIGHTS, **(constants or {})}
    initializers = [
        numpy_helper.from_array(
            array if array.dtype.kind in "iu" else array.astype(np.float32), key)
        for key, array in arrays.items() if key in used
    ]
    infos = [
        helper.make_tensor_value_info(o, t, s)
        for o, t, s in [(o if isinstance(o, tuple) else (o, TensorProto.FLOAT, None)) for o in outputs]
    ]
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", input_type, shape)], infos, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    path = FOLDER / f"{name}.onnx"
    onnx.save(model, path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kind = helper.tensor_dtype_to_np_dtype(input_type)
    x = X if kind.kind == "f" and not name.startswith("bytes") else PIXELS
    if shape[-1] == 3:
        x = x.transpose(0, 2, 3, 1)
    results = session.run(None, {"x": x.astype(kind)})
    return {i.name: [float(v) for v in np.asarray(r).ravel()] for i, r in zip(infos, results)}


X = RNG.normal(0, 1, (1, 3, SIDE, SIDE)).astype(np.float32)
PIXELS = RNG.integers(0, 256, (1, 3, SIDE, SIDE)).astype(np.uint8)
L = ("logits", TensorProto.FLOAT, ["N", CLASSES])
SHAPE2 = {"two": np.array([-1, CLASSES])}

MODELS = {
    "logits": (body() + head(), [L]),
    "softmax": (body() + head() + [node("Softmax", ["logits"], ["y"], axis=-1)], ["y"]),
    "softmax_reshaped": (
        body() + head() + [node("Softmax", ["logits"], ["s"], axis=1), node("Reshape", ["s", "two"], ["y"])], ["y"], SHAPE2),
    "log_softmax": (body() + head() + [node("LogSoftmax", ["logits"], ["y"], axis=1)], ["y"]),
    "sigmoids": (body() + head() + [node("Sigmoid", ["logits"], ["y"])], ["y"]),
    "single": (body() + head("one", "y"), ["y"]),
    "single_sigmoid": (body() + head("one", "logit") + [node("Sigmoid", ["logit"], ["y"])], ["y"]),
    "softmax_clipped": (
        body() + head() + [node("Softmax", ["logits"], ["s"], axis=1), node("Clip", ["s", "low", "high"], ["y"])], ["y"],
        {"low": np.array(1e-7), "high": np.array(1 - 1e-7)}),
    "single_squeezed": (
        body() + head("one", "logit") + [node("Squeeze", ["logit", "axes"], ["y"])], ["y"], {"axes": np.array([1])}),
    "single_sigmoid_squeezed": (
        body() + head("one", "logit") + [node("Squeeze", ["logit", "axes"], ["s"]), node("Sigmoid", ["s"], ["y"])], ["y"],
        {"axes": np.array([1])}),
    "tanh": (body() + head() + [node("Tanh", ["logits"], ["y"])], ["y"]),
    # Several outputs.
    "two_embedding_first": (
        body() + head(output="9"), [("features", TensorProto.FLOAT, ["N", 4]), ("9", TensorProto.FLOAT, ["N", CLASSES])]),
    "two_logits_and_softmax": (
        body() + head() + [node("Softmax", ["logits"], ["p2"], axis=1)], [L, ("p2", TensorProto.FLOAT, ["N", CLASSES])]),
    "two_named": (
        body() + head("embed", "embedding") + head(),
        [("embedding", TensorProto.FLOAT, ["N", 8]), L]),
    "two_unclear": (
        body() + head("embed", "a") + head(output="b"),
        [("a", TensorProto.FLOAT, ["N", 8]), ("b", TensorProto.FLOAT, ["N", CLASSES])]),
    "two_label_first": (
        body() + head(output="b") + [node("ArgMax", ["b"], ["label"], axis=1)],
        [("label", TensorProto.INT64, ["N", 1]), ("b", TensorProto.FLOAT, ["N", CLASSES])]),
    "two_map_first": (
        body() + head(output="b") + [node("Sigmoid", ["c"], ["map"])],
        [("map", TensorProto.FLOAT, ["N", 4, SIDE, SIDE]), ("b", TensorProto.FLOAT, ["N", CLASSES])]),
}
CAST = [node("Cast", ["x"], ["f"], to=TensorProto.FLOAT)]
C = {
    "k255": np.array(255.0),
    "k127": np.array(1 / 127.5),
    "one": np.array(1.0),
    "mean": MEAN.reshape(1, 3, 1, 1),
    "std": STD.reshape(1, 3, 1, 1),
    "mean255": 255 * MEAN.reshape(1, 3, 1, 1),
    "std255": 255 * STD.reshape(1, 3, 1, 1),
}


def scaled(source):
    return [
        node("Div", [source, "k255"], ["s"]), node("Sub", ["s", "mean"], ["m"]), node("Div", ["m", "std"], ["n"])]


NHWC = (1, SIDE, SIDE, 3)
UINT8, INT32, INT8 = TensorProto.UINT8, TensorProto.INT32, TensorProto.INT8
INPUTS = {
    "uint8": (CAST + scaled("f") + body("n") + head(), UINT8, None),
    "uint8_nhwc": (
        CAST + [node("Transpose", ["f"], ["t"], perm=[0, 3, 1, 2])] + scaled("t") + body("n") + head(), UINT8, NHWC),
    "int32": (CAST + scaled("f") + body("n") + head(), INT32, None),
    "int8": (CAST + scaled("f") + body("n") + head(), INT8, None),
    "double": (CAST + body("f") + head(), TensorProto.DOUBLE, None),
    "float16": (CAST + body("f") + head(), TensorProto.FLOAT16, None),
    "bytes_divided": (scaled("x") + body("n") + head(), TensorProto.FLOAT, None),
    "bytes_mean": (
        [node("Sub", ["x", "mean255"], ["m"]), node("Div", ["m", "std255"], ["n"])] + body("n") + head(),
        TensorProto.FLOAT, None),
    "bytes_caffe": ([node("Sub", ["x", "mean255"], ["n"])] + body("n") + head(), TensorProto.FLOAT, None),
    "bytes_keras": (
        [node("Mul", ["x", "k127"], ["m"]), node("Sub", ["m", "one"], ["n"])] + body("n") + head(),
        TensorProto.FLOAT, None),
    "unit": (
        [node("Sub", ["x", "mean"], ["m"]), node("Div", ["m", "std"], ["n"])] + body("n") + head(),
        TensorProto.FLOAT, None),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    np.save(FOLDER / "x.npy", X)
    np.save(FOLDER / "pixels.npy", PIXELS.astype(np.float32))
    expected = {}
    for name, (nodes, outputs, *constants) in MODELS.items():
        expected[name] = make(name, nodes, outputs, constants[0] if constants else None)
    for name, (nodes, kind, shape) in INPUTS.items():
        expected[name] = make(name, nodes, [L], C, kind, shape or (1, 3, SIDE, SIDE))
    text = json.dumps(expected, indent=1)
    (FOLDER / "expected.json").write_text(text + "\n")
