"""Writes small ONNX models into `formats/onnx/` and what onnxruntime computes with them, for the tests of the reader.

    python3 make_onnx.py        (needs numpy, torch, onnx, onnxruntime, onnxscript, safetensors)

`NAME.onnx` is a model; `results.safetensors` holds `NAME.input` and `NAME.output`.
"""
import os
import warnings

import numpy
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

warnings.filterwarnings("ignore")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats", "onnx")
os.makedirs(FOLDER, exist_ok=True)
random = numpy.random.default_rng(20261123)
results = {}


def draw(*shape):
    return random.uniform(-1, 1, shape).astype(numpy.float32)


def record(name, data):
    path = os.path.join(FOLDER, f"{name}.onnx")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    results[f"{name}.input"] = data
    results[f"{name}.output"] = session.run(None, {session.get_inputs()[0].name: data})[0]


def model(name, shape, nodes, constants=None, opset=17, outputs=("y",), external=False):
    """`nodes`: (operator, inputs, outputs, attributes); `constants`: arrays by name."""
    graph = helper.make_graph(
        [helper.make_node(op, inputs, outs, name=f"{op}_{i}", **attributes)
         for i, (op, inputs, outs, attributes) in enumerate(nodes)],
        name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape[1:]])],
        [helper.make_tensor_value_info(out, TensorProto.FLOAT, None) for out in outputs],
        [numpy_helper.from_array(array, key) for key, array in (constants or {}).items()])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    path = os.path.join(FOLDER, f"{name}.onnx")
    if external:
        onnx.save_model(proto, path, save_as_external_data=True, location=f"{name}.data", size_threshold=0)
    else:
        onnx.save_model(proto, path)
    record(name, draw(*shape))


def one(name, op, shape, constants=None, opset=17, inputs=None, **attributes):
    model(name, shape, [(op, inputs or ["x", *(constants or {})], ["y"], attributes)], constants, opset)


ints = lambda *values: numpy.array(values, numpy.int64)
one("conv", "Conv", (2, 4, 7, 8), {"w": draw(6, 2, 3, 2), "b": draw(6)}, strides=[2, 1], dilations=[1, 2],
    pads=[1, 0, 2, 1], group=2)
one("conv_same_lower", "Conv", (1, 2, 7, 6), {"w": draw(3, 2, 4, 3)}, strides=[2, 2], auto_pad="SAME_LOWER")
one("conv1d", "Conv", (2, 2, 9), {"w": draw(3, 2, 3)}, opset=9)
one("conv_transpose", "ConvTranspose", (1, 2, 4, 5), {"w": draw(2, 3, 3, 3), "b": draw(3)}, strides=[2, 2],
    pads=[1, 1, 1, 1], output_padding=[1, 0])
one("gemm", "Gemm", (2, 5), {"w": draw(5, 3), "c": draw(1, 3)}, alpha=0.5, beta=2.0)
one("gemm_transposed", "Gemm", (2, 5), {"w": draw(3, 5), "c": draw(3)}, transB=1, opset=9)
model("matmul_add", (2, 5), [("MatMul", ["x", "w"], ["a"], {}), ("Add", ["b", "a"], ["y"], {})],
      {"w": draw(5, 3), "b": draw(3)})
one("batchnorm", "BatchNormalization", (2, 3, 4, 4),
    {"s": draw(3), "b": draw(3), "m": draw(3), "v": numpy.abs(draw(3)) + 0.5}, epsilon=1e-3)
one("lrn", "LRN", (2, 7, 3, 3), size=3, alpha=0.3, beta=0.6, bias=1.5)
model("layernorm", (2, 3, 4, 5), [
    ("Transpose", ["x"], ["a"], {"perm": [0, 2, 3, 1]}), ("LayerNormalization", ["a", "w", "b"], ["c"], {}),
    ("Transpose", ["c"], ["y"], {"perm": [0, 3, 1, 2]})], {"w": draw(3), "b": draw(3)})
one("lppool", "LpPool", (1, 2, 6, 7), opset=18, kernel_shape=[3, 2], strides=[2, 2], p=3)
for op, attributes in (("Relu", {}), ("LeakyRelu", {"alpha": 0.2}), ("HardSwish", {}), ("Sigmoid", {}), ("Tanh", {}),
                       ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}), ("Elu", {"alpha": 0.7}), ("Selu", {}),
                       ("Softplus", {}), ("Softsign", {}), ("Celu", {"alpha": 0.8})):
    one(op.lower(), op, (2, 3, 4), **attributes)
one("gelu", "Gelu", (2, 3, 4), opset=20)
one("gelu_tanh", "Gelu", (2, 3, 4), opset=20, approximate="tanh")
one("prelu", "PRelu", (2, 3, 4, 4), {"s": draw(3, 1, 1)})
one("clip", "Clip", (2, 3, 4), {"low": numpy.float32(-0.3), "high": numpy.float32(0.4)})
one("clip_old", "Clip", (2, 3, 4), opset=9, min=0.0, max=6.0)
model("silu", (2, 3, 4), [("Sigmoid", ["x"], ["s"], {}), ("Mul", ["x", "s"], ["y"], {})])
one("maxpool", "MaxPool", (1, 2, 7, 7), kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
one("maxpool_ceil", "MaxPool", (1, 2, 8, 8), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
one("averagepool", "AveragePool", (1, 2, 6, 6), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
one("averagepool_pad", "AveragePool", (1, 2, 6, 6), kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
one("globalaverage", "GlobalAveragePool", (2, 3, 4, 5))
one("globalmax", "GlobalMaxPool", (2, 3, 4, 5))
one("reducemean", "ReduceMean", (2, 3, 4, 5), axes=[-1, -2], keepdims=0)
one("reducemean18", "ReduceMean", (2, 3, 4, 5), {"axes": ints(2, 3)}, opset=18)
model("sum", (2, 3, 4, 4), [("Relu", ["x"], ["a"], {}), ("Tanh", ["x"], ["b"], {}), ("Sum", ["a", "b", "x"], ["y"], {})],
      opset=9)
model("sub_mul_div", (2, 3, 4, 4), [
    ("Relu", ["x"], ["a"], {}), ("Sub", ["x", "a"], ["b"], {}), ("Mul", ["b", "s"], ["c"], {}),
    ("Div", ["c", "d"], ["e"], {}), ("Sub", ["o", "e"], ["f"], {}), ("Add", ["f", "s"], ["y"], {})],
    {"s": draw(3, 1, 1), "d": numpy.float32(3), "o": draw(1, 3, 1, 1)})
model("gate", (2, 3, 4, 4), [
    ("GlobalAveragePool", ["x"], ["a"], {}), ("Conv", ["a", "w"], ["b"], {}), ("Sigmoid", ["b"], ["c"], {}),
    ("Mul", ["c", "x"], ["y"], {})], {"w": draw(3, 3, 1, 1)})
model("concat", (2, 3, 4, 4), [("Relu", ["x"], ["a"], {}), ("Concat", ["x", "a"], ["y"], {"axis": 1})])
model("shuffle", (2, 6, 2, 3), [
    ("Reshape", ["x", "s"], ["a"], {}), ("Transpose", ["a"], ["b"], {"perm": [0, 2, 1, 3, 4]}),
    ("Reshape", ["b", "t"], ["y"], {})], {"s": ints(0, 2, 3, 2, 3), "t": ints(-1, 6, 2, 3)})
model("shape_subgraph", (2, 3, 2, 2), [
    ("Shape", ["x"], ["s"], {}), ("Constant", [], ["zero"], {"value": numpy_helper.from_array(ints(0)[0])}),
    ("Gather", ["s", "zero"], ["n"], {"axis": 0}), ("Unsqueeze", ["n"], ["n1"], {"axes": [0]}),
    ("Constant", [], ["rest"], {"value": numpy_helper.from_array(ints(-1))}),
    ("Concat", ["n1", "rest"], ["t"], {"axis": 0}), ("Reshape", ["x", "t"], ["y"], {})], opset=11)
model("squeeze", (2, 3, 4, 5), [("GlobalAveragePool", ["x"], ["a"], {}), ("Squeeze", ["a", "axes"], ["y"], {})],
      {"axes": ints(2, 3)}, opset=13)
model("split", (2, 5, 3, 2), [
    ("Split", ["x", "sizes"], ["a", "b"], {"axis": 1}), ("Slice", ["a", "start", "end", "axis"], ["c"], {}),
    ("Concat", ["b", "c"], ["y"], {"axis": 1})],
    {"sizes": ints(3, 2), "start": ints(-2), "end": ints(1 << 40), "axis": ints(1)})
one("flatten", "Flatten", (2, 3, 4, 5), axis=1)
for mode in ("constant", "reflect", "edge"):
    one(f"pad_{mode}", "Pad", (2, 3, 4, 5), {"p": ints(0, 0, 1, 2, 0, 0, 2, 0)}, mode=mode)
one("softmax", "Softmax", (2, 5), axis=1)
one("logsoftmax_old", "LogSoftmax", (2, 5), opset=9)
one("softmax_channels", "Softmax", (2, 3, 2, 2), axis=1)
model("uniform", (2, 3, 4, 4), [
    ("ConstantOfShape", ["s"], ["w"], {"value": helper.make_tensor("v", TensorProto.FLOAT, [1], [0.25])}),
    ("Conv", ["x", "w"], ["a"], {}), ("Dropout", ["a"], ["b"], {}), ("Identity", ["b"], ["y"], {})],
    {"s": ints(2, 3, 3, 3)}, opset=9)
model("external", (2, 3, 5, 5), [("Conv", ["x", "w", "b"], ["y"], {})], {"w": draw(4, 3, 3, 3), "b": draw(4)},
      external=True)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.relu = torch.nn.ReLU()
        self.conv2 = torch.nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        return self.relu(self.conv2(self.relu(self.bn1(self.conv1(x)))) + x)


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, stride=2), torch.nn.ReLU6(), torch.nn.MaxPool2d(2))
        self.layer1 = torch.nn.Sequential(Block(), Block())
        self.avgpool = torch.nn.AdaptiveAvgPool2d(1)
        self.classifier = torch.nn.Sequential(torch.nn.Dropout(), torch.nn.Linear(4, 3))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.layer1(self.stem(x))), 1))


torch.manual_seed(7)
small = Small().eval()
sample = draw(1, 3, 14, 14)
for name, arguments in (("torch_old", {"dynamo": False, "opset_version": 13}),
                        ("torch_new", {"dynamo": True, "external_data": False, "verbose": False})):
    path = os.path.join(FOLDER, f"{name}.onnx")
    torch.onnx.export(small, (torch.from_numpy(sample),), path, **arguments)
    if arguments["dynamo"]:
        # Stack traces name the files of this machine.
        proto = onnx.load(path)
        for node in proto.graph.node:
            kept = [entry for entry in node.metadata_props if entry.key == "pkg.torch.onnx.name_scopes"]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        del proto.graph.value_info[:]
        onnx.save_model(proto, path)
    record(name, sample)

# The standard's own numbers, which are not torch's.
one("hardsigmoid_standard", "HardSigmoid", (2, 3, 3, 3))
one("selu_scaled", "Selu", (2, 3, 3, 3), alpha=1.5, gamma=0.75)
one("slice_axes", "Slice", (2, 5, 4, 6), {
    "start": ints(0, 1, -3), "end": ints(1 << 40, 3, -1), "axes": ints(0, 1, 3), "steps": ints(1, 1, 1)})
# What torchvision's `transform_input` becomes.
model("gather", (2, 3, 4, 5), [
    ("Gather", ["x", "one"], ["a"], {"axis": 1}), ("Unsqueeze", ["a", "axis"], ["b"], {}),
    ("Mul", ["b", "scale"], ["c"], {}), ("Add", ["c", "shift"], ["d"], {}),
    ("Concat", ["d", "x"], ["y"], {"axis": 1})],
    {"one": numpy.array(-2, numpy.int64), "axis": ints(1), "scale": draw(1)[0], "shift": draw(1)[0]})
one("instancenorm", "InstanceNormalization", (2, 3, 4, 5), {"scale": draw(3), "b": draw(3)}, epsilon=1e-3)
one("groupnorm", "GroupNormalization", (2, 6, 3, 4), {"scale": draw(6), "b": draw(6)}, opset=21, num_groups=3)


# GELU as exporters write it out, with the half at different places, and pictures with channels last.
root = {"root": numpy.array(2 ** 0.5, numpy.float32), "one": numpy.array(1, numpy.float32),
        "half": numpy.array(0.5, numpy.float32)}
start = [("Div", ["x", "root"], ["d"], {}), ("Erf", ["d"], ["e"], {}), ("Add", ["e", "one"], ["a"], {})]
model("gelu_half_first", (2, 3, 4, 5), start + [("Mul", ["half", "a"], ["h"], {}), ("Mul", ["x", "h"], ["y"], {})], root)
model("gelu_half_last", (2, 3, 4, 5), start + [("Mul", ["x", "a"], ["h"], {}), ("Mul", ["h", "half"], ["y"], {})], root)
model("channels_last", (1, 14, 14, 3), [
    ("Transpose", ["x"], ["t"], {"perm": [0, 3, 1, 2]}), ("Conv", ["t", "w", "b"], ["c"], {}),
    ("GlobalAveragePool", ["c"], ["p"], {}), ("Flatten", ["p"], ["y"], {})], {"w": draw(4, 3, 3, 3), "b": draw(4)})


def small_torchvision():
    """torchvision's own classes, small: what DenseNet, ConvNeXt and MobileNetV3 need of the reader and of canonizers."""
    from torchvision.models import DenseNet
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt
    from torchvision.models.mobilenetv3 import InvertedResidualConfig, MobileNetV3

    yield "densenet", lambda: DenseNet(growth_rate=4, block_config=(2, 2), num_init_features=8, bn_size=2, num_classes=5)
    yield "convnext", lambda: ConvNeXt([CNBlockConfig(8, 16, 1), CNBlockConfig(16, None, 1)], num_classes=5)
    blocks = [InvertedResidualConfig(8, 3, 16, 8, True, "RE", 1, 1, 1),
              InvertedResidualConfig(8, 5, 24, 12, True, "HS", 2, 1, 1)]
    yield "mobilenetv3", lambda: MobileNetV3(blocks, 16, num_classes=5)


for kind, make in small_torchvision():
    torch.manual_seed(11)
    network = make().eval()
    with torch.no_grad():
        for part in network.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.weight.uniform_(-1.5, 1.5)
                part.bias.uniform_(-0.5, 0.5)
                part.running_mean.uniform_(-0.5, 0.5)
                part.running_var.uniform_(0.5, 1.5)
    sample = draw(1, 3, 32, 32)
    for exporter, arguments in (("old", {"dynamo": False, "opset_version": 13}),
                                ("new", {"dynamo": True, "external_data": False, "verbose": False, "opset_version": 18})):
        path = os.path.join(FOLDER, f"{kind}_{exporter}.onnx")
        torch.onnx.export(network, (torch.from_numpy(sample),), path, **arguments)
        proto = onnx.load(path)
        for node in proto.graph.node:
            kept = [entry for entry in node.metadata_props if entry.key == "pkg.torch.onnx.name_scopes"]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
            node.doc_string = ""
        del proto.graph.value_info[:]
        onnx.save_model(proto, path)
        record(f"{kind}_{exporter}", sample)

one("reducemean_channels", "ReduceMean", (2, 3, 4, 5), axes=[1], keepdims=1)
one("reducemean_last", "ReduceMean", (2, 3, 4, 5), axes=[1, 2], keepdims=0)

save_file(results, os.path.join(FOLDER, "results.safetensors"))
