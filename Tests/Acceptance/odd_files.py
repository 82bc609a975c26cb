"""Files as people bring them by mistake, or that are seldom: each is made here, given to the program, and what it says is
listed.

    pip install torch numpy onnx onnxruntime safetensors pillow h5py
    python3 Tests/Acceptance/odd_files.py [--only PATTERN] [--work FOLDER] [--table FILE.md]

Nothing may crash or hang. A file that cannot be used gives status 1 and one sentence that names it; it is called damaged only
where it is. A file that can be used gives what the same network or picture gives in its plain form. Random numbers are seeded.
"""
import argparse
import fnmatch
import io
import json
import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import time
import warnings
import zipfile

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from safetensors.numpy import load_file, save_file

from graphs import Graph

warnings.filterwarnings("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--lrp", default=os.path.join(ROOT, ".build", "release", "lrp"))
parser.add_argument("--work", default=os.path.join(ROOT, ".build", "odd-files"))
parser.add_argument("--only", default="*", help="cases whose name fits, as in a shell")
parser.add_argument("--table", help="write what was said as a table")
options = parser.parse_args()
WORK = os.path.abspath(options.work)
shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK)
os.chmod(WORK, 0o777)
os.chdir(WORK)
random = numpy.random.default_rng(20261201)
SHOE = os.path.join(ROOT, "assets", "images", "fashion_ankle_boot.png")
CAT = os.path.join(ROOT, "assets", "images", "chelsea.png")
VGG = load_file(os.path.join(ROOT, "assets", "models", "fashion_vgg.safetensors"))
CASES = []
SECONDS = 60


def case(name, *arguments, works=False, like=None, says=(), may_blame=False, either=False, stdin=None):
    """A case: what makes its files is the function below it. `works`: it must be read, and, with `like`, give what that
    command gives; `either`: both are right. `says`: what the sentence must hold."""

    def add(make):
        CASES.append((name, make, list(arguments), works, like, says, may_blame, either))
        return make

    return add


def write(name, data):
    with open(name, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def model(name):
    return ["attribute", "--model", name, "--input", "x.npy", "--output", "out.npy", "--composite", "epsilon_plus"]


def picture(name):
    return ["attribute", "--model", "good.onnx", "--input", name, "--output", "out.npy"]


def weights(name):
    return ["attribute", "--model", "fashion_vgg", "--weights", name, "--input", SHOE, "--output", "out.npy"]


def card(name="carded.onnx"):
    return ["attribute", "--model", name, "--input", CAT, "--output", "out.npy"]


GOOD_MODEL, GOOD_WEIGHTS, GOOD_PICTURE = model("good.onnx"), ["attribute", "--model", "fashion_vgg", "--input", SHOE, "--output", "out.npy"], picture("good.png")


def network(opset=13, shape=(1, 3, 16, 16), change=None, input_type=TensorProto.FLOAT):
    g = Graph(list(shape), opset=opset, seed=5, input_type=input_type)
    x = "input"
    if input_type != TensorProto.FLOAT:
        x = g("Cast", x, to=TensorProto.FLOAT)
    x = g("Relu", g.conv(x, 3, 6, pads=[1, 1, 1, 1]))
    if change:
        x = change(g, x)
    x = g("Flatten", g("GlobalAveragePool", x))
    x = g("Gemm", x, g.weight(5, 6), g.vector(5), transB=1)
    return g, x


def simple(**arguments):
    g, x = network(**arguments)
    return g.model(x)


def prepare():
    onnx.save(simple(), "good.onnx")
    numpy.save("x.npy", random.uniform(0, 1, (1, 3, 16, 16)).astype(numpy.float32))
    Image.open(CAT).convert("RGB").resize((24, 20)).save("good.png")


# Files that are no models

@case("model-empty", *model("empty.onnx"), says=["empty"], may_blame=True)
def _():
    write("empty.onnx", b"")


@case("model-truncated", *model("truncated.onnx"), may_blame=True, says=["truncated|ends|cut|incomplete|damaged|corrupt"])
def _():
    write("truncated.onnx", open("good.onnx", "rb").read()[:700])


@case("model-html", *model("page.onnx"), says=["HTML|web page"])
def _():
    write("page.onnx", "<!DOCTYPE html>\n<html><head><title>Not Found</title></head><body>404</body></html>\n")


@case("weights-html", *weights("page.pth"), says=["HTML|web page"])
def _():
    write("page.pth", "<html><head><title>Google Drive - Virus scan warning</title></head></html>")


@case("model-lfs-pointer", *model("pointer.onnx"), says=["git.lfs|Git LFS"])
def _():
    write("pointer.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")


@case("weights-lfs-pointer", *weights("pointer.safetensors"), says=["git.lfs|Git LFS"])
def _():
    write("pointer.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")


@case("weights-lfs-pointer-pth", *weights("pointer.pth"), says=["git.lfs|Git LFS"])
def _():
    write("pointer.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")


@case("picture-lfs-pointer", *picture("pointer.png"), says=["git.lfs|Git LFS"])
def _():
    write("pointer.png", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")


@case("picture-html", *picture("page.jpg"), says=["HTML|web page"])
def _():
    write("page.jpg", "<!doctype html><html><body>Access denied</body></html>")


@case("model-is-a-picture", *model("picture.onnx"), says=["PNG|picture"])
def _():
    shutil.copy("good.png", "picture.onnx")


@case("model-is-a-checkpoint", *model("checkpoint.onnx"), says=["PyTorch|zip|ZIP"])
def _():
    torch.save({key: torch.from_numpy(value) for key, value in VGG.items()}, "checkpoint.onnx")


@case("weights-are-onnx", *weights("good.onnx"), says=["ONNX", "--model"])
def _():
    pass


@case("model-zip-without-pickle", *weights("archive.pth"), says=["zip|ZIP|archive"])
def _():
    with zipfile.ZipFile("archive.pth", "w") as file:
        file.writestr("readme.txt", "hello")


@case("model-zipped-onnx", *model("zipped.onnx"), says=["zip|ZIP|archive"])
def _():
    with zipfile.ZipFile("zipped.onnx", "w") as file:
        file.write("good.onnx")


@case("model-gzipped", *model("good.onnx.gz"), says=["gzip|compressed"])
def _():
    import gzip

    write("good.onnx.gz", gzip.compress(open("good.onnx", "rb").read()))


@case("model-text", *model("notes.onnx"))
def _():
    write("notes.onnx", "my notes on the model\n" * 20)


@case("model-zeros", *model("zeros.onnx"), may_blame=True)
def _():
    write("zeros.onnx", bytes(4096))


@case("model-missing", *model("nowhere.onnx"), says=["no such file|not exist|not found|does not"])
def _():
    pass


@case("model-folder", *model("folder.onnx"), says=["folder|directory"])
def _():
    os.mkdir("folder.onnx")


@case("model-saved-model-folder", *model("saved_model"), says=["TensorFlow|SavedModel", "tf2onnx"])
def _():
    os.makedirs("saved_model/variables")
    write("saved_model/saved_model.pb", b"\x08\x01\x12\x00")


# ONNX models that are seldom

@case("onnx-training-batch-norm", *model("training.onnx"), says=["training"])
def _():
    def change(g, x):
        return g("BatchNormalization", x, g.vector(6, 0.5, 1.5), g.vector(6), g.vector(6), g.vector(6, 0.5, 1.5), outputs=3, training_mode=1)[0]

    onnx.save(simple(opset=15, change=change), "training.onnx")


@case("onnx-training-batch-norm-old", *model("training9.onnx"), says=["training"])
def _():
    def change(g, x):
        return g("BatchNormalization", x, g.vector(6, 0.5, 1.5), g.vector(6), g.vector(6), g.vector(6, 0.5, 1.5), outputs=5)[0]

    onnx.save(simple(opset=9, change=change), "training9.onnx")


@case("onnx-training-dropout", *model("dropout.onnx"), either=True)
def _():
    def change(g, x):
        return g("Dropout", x, g.constant(0.5), g.constant(True, bool))

    onnx.save(simple(change=change), "dropout.onnx")


@case("onnx-quantized-qdq", *model("qdq.onnx"), says=["quanti"])
def _():
    def change(g, x):
        scale, zero = g.constant(0.02), g.constant(0, numpy.uint8)
        return g("DequantizeLinear", g("QuantizeLinear", x, scale, zero), scale, zero)

    onnx.save(simple(change=change), "qdq.onnx")


@case("onnx-quantized-integer", *model("qlinear.onnx"), says=["quanti"])
def _():
    g = Graph([1, 3, 16, 16], seed=5)
    scale, zero = g.constant(0.02), g.constant(0, numpy.uint8)
    x = g("QuantizeLinear", "input", scale, zero)
    x = g("QLinearConv", x, scale, zero, g.constant(random.integers(0, 255, (5, 3, 3, 3)), numpy.uint8), scale, zero, scale, zero)
    x = g("DequantizeLinear", x, scale, zero)
    onnx.save(g.model(g("Flatten", g("GlobalAveragePool", x))), "qlinear.onnx")


@case("onnx-opset-8", *model("opset8.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(opset=8), "opset8.onnx")


@case("onnx-opset-6", *model("opset6.onnx"), either=True)
def _():
    onnx.save(simple(opset=6), "opset6.onnx")


@case("onnx-opset-99", *model("opset99.onnx"), says=["99"], either=True)
def _():
    onnx.save(simple(opset=99), "opset99.onnx")


@case("onnx-opset-24", *model("opset24.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(opset=24), "opset24.onnx")


@case("onnx-no-opset", *model("noopset.onnx"), either=True, may_blame=True)
def _():
    made = simple()
    del made.opset_import[:]
    write("noopset.onnx", made.SerializeToString())


@case("onnx-custom-domain", *model("custom.onnx"), says=["com.acme", "FancyNorm"])
def _():
    g, x = network(change=lambda g, x: g("FancyNorm", x, domain="com.acme"))
    g.domains.append("com.acme")
    onnx.save(g.model(x), "custom.onnx")


@case("onnx-microsoft-fused", *model("microsoft.onnx"), says=["com.microsoft", "FusedConv"])
def _():
    g, x = network(change=lambda g, x: g("FusedConv", x, g.weight(6, 6, 3, 3), activation="Relu", domain="com.microsoft"))
    g.domains.append("com.microsoft")
    onnx.save(g.model(x), "microsoft.onnx")


@case("onnx-aten", *model("aten.onnx"), says=["ATen|org.pytorch.aten"])
def _():
    g, x = network(change=lambda g, x: g("ATen", x, operator="fft", domain="org.pytorch.aten"))
    g.domains.append("org.pytorch.aten")
    onnx.save(g.model(x), "aten.onnx")


@case("onnx-dynamic-everything", *model("dynamic.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(shape=("batch", 3, "height", "width")), "dynamic.onnx")


@case("onnx-dynamic-channels-too", *model("dynamicall.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(shape=(None, None, None, None)), "dynamicall.onnx")


@case("onnx-no-input-shape", *model("noshape.onnx"), either=True, like=GOOD_MODEL)
def _():
    made = simple()
    made.graph.input[0].type.tensor_type.ClearField("shape")
    write("noshape.onnx", made.SerializeToString())


@case("onnx-dynamic-picture", "attribute", "--model", "dynamic2.onnx", "--input", CAT, "--output", "out.npy", either=True)
def _():
    onnx.save(simple(shape=("batch", 3, "height", "width")), "dynamic2.onnx")


@case("onnx-fixed-batch-4", *model("batch4.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(shape=(4, 3, 16, 16)), "batch4.onnx")


@case("onnx-fixed-batch-4-reshape", *model("batch4r.onnx"), either=True)
def _():
    onnx.save(simple(shape=(4, 3, 16, 16), change=lambda g, x: g("Reshape", g("Reshape", x, g.ints(4, 6 * 256)), g.ints(4, 6, 16, 16))), "batch4r.onnx")


@case("onnx-external-data-missing", *model("external.onnx"), says=["external.onnx.data"])
def _():
    onnx.save(simple(), "external.onnx", save_as_external_data=True, location="external.onnx.data", size_threshold=0)
    os.remove("external.onnx.data")


@case("onnx-external-data-short", *model("short.onnx"), says=["short.onnx.data"], may_blame=True)
def _():
    onnx.save(simple(), "short.onnx", save_as_external_data=True, location="short.onnx.data", size_threshold=0)
    write("short.onnx.data", open("short.onnx.data", "rb").read()[:100])


@case("onnx-external-data", *model("whole.onnx"), works=True, like=GOOD_MODEL)
def _():
    onnx.save(simple(), "whole.onnx", save_as_external_data=True, location="whole.onnx.data", size_threshold=0)


@case("onnx-external-data-outside", *model("outside.onnx"), says=["/etc/passwd|outside"])
def _():
    made = simple()
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "../../../../etc/passwd"), ("offset", "0"), ("length", str(4 * 6 * 27))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    write("outside.onnx", made.SerializeToString())


@case("onnx-cyclic", *model("cycle.onnx"), may_blame=True, says=["cycle|loop|circle|itself|each other|order|before"])
def _():
    g, x = network(change=lambda g, x: g("Add", x, "later"))
    g.nodes.append(helper.make_node("Relu", [g.nodes[2].output[0]], ["later"], name="later"))
    write("cycle.onnx", g.model(x).SerializeToString())


@case("onnx-unsorted", *model("unsorted.onnx"), either=True, like=GOOD_MODEL)
def _():
    made = simple()
    nodes = list(made.graph.node)[::-1]
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    write("unsorted.onnx", made.SerializeToString())


@case("onnx-int64-input", *model("tokens.onnx"), says=["int64|INT64|integer|token"])
def _():
    g = Graph([1, 12], seed=6, input_type=TensorProto.INT64)
    x = g("ReduceMean", g("Gather", g.weight(100, 8), "input"), axes=[1], keepdims=0)
    onnx.save(g.model(g.dense(x, 8, 3)), "tokens.onnx")


def shaped(name, *shape):
    """A model of an input of which lrp reads no arrays or pictures: it must say so, not what the file should be."""

    @case("onnx-input-" + name, *model(name + ".onnx"), says=["lrp"])
    def _():
        g = Graph([1, *shape], seed=6)
        onnx.save(g.model(g.dense(g("Flatten", "input"), int(numpy.prod(shape)), 3)), name + ".onnx")


shaped("signal", 2, 40)
shaped("table", 12)
shaped("volume", 1, 8, 8, 8)
shaped("oblong", 3, 16, 24)
shaped("six-channels", 6, 16, 16)


@case("onnx-two-inputs", *model("two.onnx"), says=["two|2 inputs|inputs"])
def _():
    g, x = network()
    g.nodes.append(helper.make_node("Add", [x, "age"], ["sum"], name="fuse"))
    made = g.model("sum")
    made.graph.input.append(helper.make_tensor_value_info("age", TensorProto.FLOAT, [1, 5]))
    write("two.onnx", made.SerializeToString())


@case("onnx-no-input", *model("noinput.onnx"), says=["input"])
def _():
    g = Graph([1], seed=1)
    made = g.model(g("Relu", g.vector(5)))
    del made.graph.input[:]
    write("noinput.onnx", made.SerializeToString())


@case("onnx-no-nodes", *model("nonodes.onnx"), may_blame=True)
def _():
    made = simple()
    del made.graph.node[:]
    write("nonodes.onnx", made.SerializeToString())


@case("onnx-loop", *model("loop.onnx"), says=["Loop"])
def _():
    g, x = network()
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Relu", ["state"], ["next"])], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("state", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []), helper.make_tensor_value_info("next", TensorProto.FLOAT, None)])
    x = g("Loop", g.constant(3, numpy.int64), g.constant(True, bool), x, body=body)
    write("loop.onnx", g.model(x).SerializeToString())


@case("onnx-if-on-input", *model("if.onnx"), says=["If"])
def _():
    g, x = network()
    then = helper.make_graph([helper.make_node("Relu", [x], ["then"])], "then", [], [helper.make_tensor_value_info("then", TensorProto.FLOAT, None)])
    other = helper.make_graph([helper.make_node("Neg", [x], ["else"])], "else", [], [helper.make_tensor_value_info("else", TensorProto.FLOAT, None)])
    condition = g("Greater", g("ReduceMean", x, axes=[1], keepdims=0), g.constant([0.0]))
    write("if.onnx", g.model(g("If", condition, then_branch=then, else_branch=other)).SerializeToString())


@case("onnx-detector", *model("detector.onnx"), says=["NonMaxSuppression|TopK"])
def _():
    g, x = network()
    values, _ = g("TopK", x, g.ints(2), outputs=2, axis=1)
    write("detector.onnx", g.model(values).SerializeToString())


@case("onnx-argmax-end", *model("argmax.onnx"), says=["ArgMax"])
def _():
    g, x = network()
    write("argmax.onnx", g.model(g("ArgMax", x, axis=1)).SerializeToString())


@case("onnx-segmentation", *model("segmentation.onnx"), says=["shape|map|class"])
def _():
    g = Graph([1, 3, 16, 16], seed=5)
    onnx.save(g.model(g.conv("input", 3, 4, 1)), "segmentation.onnx")


@case("onnx-string-tensor", *model("strings.onnx"), says=["string|STRING|ZipMap|LabelEncoder"])
def _():
    g, x = network()
    g.initializers.append(helper.make_tensor("names", TensorProto.STRING, [5], [b"a", b"b", b"c", b"d", b"e"]))
    x = g("Gather", "names", g("ArgMax", x, axis=1))
    write("strings.onnx", g.model(x).SerializeToString())


@case("onnx-sklearn", *model("forest.onnx"), says=["ai.onnx.ml|TreeEnsemble"])
def _():
    g = Graph([1, 4], seed=5)
    g.domains.append("ai.onnx.ml")
    x = g("TreeEnsembleRegressor", "input", domain="ai.onnx.ml", n_targets=1)
    write("forest.onnx", g.model(x).SerializeToString())


@case("onnx-nan-weights", *model("nan.onnx"), says=["NaN|nan|not a number|finite"])
def _():
    made = simple()
    values = numpy_helper.to_array(made.graph.initializer[0]).copy()
    values.flat[7] = numpy.nan
    made.graph.initializer[0].CopyFrom(numpy_helper.from_array(values, made.graph.initializer[0].name))
    onnx.save(made, "nan.onnx")


@case("onnx-infinite-weights", *model("inf.onnx"), says=["inf|finite"])
def _():
    made = simple()
    values = numpy_helper.to_array(made.graph.initializer[1]).copy()
    values.flat[1] = numpy.inf
    made.graph.initializer[1].CopyFrom(numpy_helper.from_array(values, made.graph.initializer[1].name))
    onnx.save(made, "inf.onnx")


def retyped(made, kind, numbers):
    for tensor in made.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == numpy.float32:
            if numbers is None:  # bfloat16: the upper half of each float
                data = (values.view(numpy.uint32) >> 16).astype(numpy.uint16)
                tensor.CopyFrom(helper.make_tensor(tensor.name, kind, values.shape, data.tobytes(), raw=True))
            else:
                tensor.CopyFrom(numpy_helper.from_array(values.astype(numbers), tensor.name))
    for value in [*made.graph.input, *made.graph.output]:
        value.type.tensor_type.elem_type = kind
    return made


@case("onnx-float16", *model("half.onnx"), works=True)
def _():
    onnx.save(retyped(simple(), TensorProto.FLOAT16, numpy.float16), "half.onnx")


@case("onnx-bfloat16", *model("bfloat.onnx"), either=True)
def _():
    onnx.save(retyped(simple(opset=22), TensorProto.BFLOAT16, None), "bfloat.onnx")


@case("onnx-double", *model("double.onnx"), either=True, like=GOOD_MODEL)
def _():
    onnx.save(retyped(simple(), TensorProto.DOUBLE, numpy.float64), "double.onnx")


@case("onnx-double-initializers-in-float-model", *model("mixed.onnx"), either=True, may_blame=True)
def _():
    made = simple()
    tensor = made.graph.initializer[0]
    tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(numpy.float64), tensor.name))
    write("mixed.onnx", made.SerializeToString())


@case("onnx-weights-are-inputs", *model("inputs.onnx"), works=True, like=GOOD_MODEL)
def _():
    made = simple()
    for tensor in made.graph.initializer:
        made.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
    onnx.save(made, "inputs.onnx")


@case("onnx-weights-missing", *model("noweights.onnx"))
def _():
    made = simple()
    names = [(tensor.name, list(tensor.dims)) for tensor in made.graph.initializer]
    del made.graph.initializer[:]
    for name, dims in names:
        made.graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, dims))
    write("noweights.onnx", made.SerializeToString())


@case("onnx-undefined-name", *model("undefined.onnx"), may_blame=True, says=["ghost"])
def _():
    write("undefined.onnx", simple(change=lambda g, x: g("Add", x, "ghost")).SerializeToString())


@case("onnx-wrong-weight-shape", *model("wrongshape.onnx"), may_blame=True)
def _():
    write("wrongshape.onnx", simple(change=lambda g, x: g("Conv", x, g.weight(6, 5, 3, 3), pads=[1, 1, 1, 1])).SerializeToString())


@case("onnx-attention", *model("attention.onnx"), says=["MatMul"])
def _():
    def change(g, x):
        flat = g("Reshape", x, g.ints(0, 6, 256))
        weights = g("Softmax", g("MatMul", flat, g("Transpose", flat, perm=[0, 2, 1])), axis=-1)
        return g("Reshape", g("MatMul", weights, flat), g.ints(0, 6, 16, 16))

    onnx.save(simple(change=change), "attention.onnx")


@case("onnx-sequence", *model("sequence.onnx"), says=["SequenceConstruct|sequence"])
def _():
    def change(g, x):
        return g("SequenceAt", g("SequenceConstruct", x, x), g.constant(0, numpy.int64))

    write("sequence.onnx", simple(change=change).SerializeToString())


@case("onnx-sparse-initializer", *model("sparse.onnx"), either=True)
def _():
    made = simple(change=lambda g, x: g("Conv", x, "sparse_weight"))
    values = helper.make_tensor("sparse_weight", TensorProto.FLOAT, [3], [0.5, -0.5, 1.0])
    indices = helper.make_tensor("indices", TensorProto.INT64, [3], [0, 7, 35])
    made.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [6, 6, 1, 1]))
    write("sparse.onnx", made.SerializeToString())


@case("onnx-as-text", *model("model.textproto.onnx"))
def _():
    from google.protobuf import text_format

    write("model.textproto.onnx", text_format.MessageToString(simple()))


@case("onnx-tensor-file", *model("input_0.pb"), either=False)
def _():
    write("input_0.pb", numpy_helper.from_array(numpy.zeros((1, 3, 16, 16), numpy.float32), "input").SerializeToString())


# Models of other programs

@case("other-tf-checkpoint", *weights("model.ckpt.index"), says=["TensorFlow"])
def _():
    write("model.ckpt.index", b"\x00\x00\x08\x08\x01\x1a\x02\x08\x01" + bytes(40) + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb")


@case("other-frozen-graph", *model("frozen.pb"), says=["TensorFlow|ONNX"])
def _():
    node = b"\x0a\x05input\x12\x0bPlaceholder"
    write("frozen.pb", b"\x0a" + bytes([len(node)]) + node)


@case("other-keras-h5", *model("keras.h5"), says=["HDF5|Keras", "tf2onnx"])
def _():
    write("keras.h5", b"\x89HDF\r\n\x1a\n" + bytes(2040))


@case("other-keras-zip", *model("model.keras"), says=["Keras", "tf2onnx|ONNX"])
def _():
    with zipfile.ZipFile("model.keras", "w") as file:
        file.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        file.writestr("config.json", "{}")
        file.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n")


@case("other-tflite", *model("model.tflite"), says=["TensorFlow Lite|TFLite|tflite"])
def _():
    write("model.tflite", struct.pack("<I", 28) + b"TFL3" + bytes(200))


@case("other-gguf", *model("model.gguf"), says=["GGUF|gguf"])
def _():
    write("model.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 0))


@case("other-coreml", *model("model.mlmodel"), either=False)
def _():
    write("model.mlmodel", b"\x08\x01\x12\x10\x0a\x0e\x0a\x05image\x1a\x05\x22\x03\x08\x20\x10")


@case("other-openvino", *model("model.xml"), says=["XML|OpenVINO|ONNX"])
def _():
    write("model.xml", '<?xml version="1.0"?>\n<net name="model" version="11"><layers/></net>\n')


@case("other-caffe", *model("net.caffemodel"))
def _():
    write("net.caffemodel", b"\x0a\x07AlexNet\xa2\x06\x03\x0a\x01x")


@case("other-numpy-pickle", *weights("arrays.pkl"), either=True, like=GOOD_WEIGHTS)
def _():
    with open("arrays.pkl", "wb") as file:
        pickle.dump({key: value for key, value in VGG.items()}, file)


@case("other-joblib-like", *weights("object.pkl"))
def _():
    with open("object.pkl", "wb") as file:
        pickle.dump({"model": Forest()}, file)


@case("other-npz", *weights("weights.npz"), either=True, like=GOOD_WEIGHTS)
def _():
    numpy.savez("weights.npz", **VGG)


# Checkpoints

def tensors(prefix=""):
    return {prefix + key: torch.from_numpy(value) for key, value in VGG.items()}


@case("checkpoint-plain", *weights("plain.pth"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save(tensors(), "plain.pth")


@case("checkpoint-old-format", *weights("legacy.pth"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save(tensors(), "legacy.pth", _use_new_zipfile_serialization=False)


@case("checkpoint-optimizer-only", *weights("optimizer.pth"), says=["optimi[sz]er"])
def _():
    layer = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    torch.save({"optimizer": optimizer.state_dict(), "epoch": 3}, "optimizer.pth")


@case("checkpoint-bare-optimizer", *weights("adam.pth"), says=["optimi[sz]er"])
def _():
    torch.save(torch.optim.SGD(torch.nn.Linear(3, 2).parameters(), 0.1).state_dict(), "adam.pth")


@case("checkpoint-training", *weights("training.pth.tar"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save({"epoch": 90, "arch": "vgg", "state_dict": tensors("module."), "best_acc1": numpy.float64(93.2), "optimizer": {}}, "training.pth.tar")


@case("checkpoint-lightning", *weights("lightning.ckpt"), works=True, like=GOOD_WEIGHTS)
def _():
    state = {**tensors("model."), "criterion.pos_weight": torch.ones(10), "train_acc.total": torch.tensor(5)}
    torch.save({"state_dict": state, "pytorch-lightning_version": "2.1.0", "epoch": 1, "global_step": 10, "hyper_parameters": {"lr": 0.1},
                "callbacks": {}, "optimizer_states": [], "lr_schedulers": []}, "lightning.ckpt")


@case("checkpoint-ddp-compiled", *weights("ddp.pth"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save(tensors("module._orig_mod."), "ddp.pth")


@case("checkpoint-fsdp", *weights("fsdp.pth"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save({key.replace("features.", "features._fsdp_wrapped_module.").replace("classifier.", "_fsdp_wrapped_module.classifier."): value for key, value in tensors().items()}, "fsdp.pth")


@case("checkpoint-ema", *weights("ema.pth"), either=True)
def _():
    torch.save({"model": tensors(), "model_ema": {key: value + 0.01 for key, value in tensors("module.").items()}, "n_averaged": 3}, "ema.pth")


@case("checkpoint-two-networks", *weights("gan.pth"), says=["generator|discriminator"])
def _():
    torch.save({"generator": tensors(), "discriminator": tensors()}, "gan.pth")


@case("checkpoint-torchscript", *weights("scripted.pt"), says=["TorchScript"])
def _():
    torch.jit.script(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU())).save("scripted.pt")


@case("checkpoint-exported-program", *weights("program.pt2"), says=["torch.export|exported program|ExportedProgram"])
def _():
    torch.export.save(torch.export.export(torch.nn.Linear(3, 2).eval(), (torch.zeros(1, 3),)), "program.pt2")


@case("checkpoint-whole-module", *weights("module.pth"), says=["module|class", "state_dict"])
def _():
    torch.save(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU()), "module.pth")


@case("checkpoint-bare-tensor", *weights("tensor.pt"), says=["tensor"])
def _():
    torch.save(torch.zeros(3, 4), "tensor.pt")


@case("checkpoint-list", *weights("list.pt"))
def _():
    torch.save([torch.zeros(3), torch.ones(3)], "list.pt")


@case("checkpoint-empty-dict", *weights("emptydict.pt"), says=["no parameters|empty|no tensors"])
def _():
    torch.save({}, "emptydict.pt")


@case("checkpoint-truncated", *weights("cut.pth"), may_blame=True)
def _():
    torch.save(tensors(), "cut.pth")
    write("cut.pth", open("cut.pth", "rb").read()[:-3000])


@case("checkpoint-half", *weights("half.pth"), works=True)
def _():
    torch.save({key: value.half() if value.is_floating_point() else value for key, value in tensors().items()}, "half.pth")


@case("checkpoint-double", *weights("double.pth"), works=True, like=GOOD_WEIGHTS)
def _():
    torch.save({key: value.double() if value.is_floating_point() else value for key, value in tensors().items()}, "double.pth")


@case("checkpoint-quantized", *weights("quantized.pth"), says=["quanti"])
def _():
    state = tensors()
    key = next(key for key, value in state.items() if value.dim() == 4)
    state[key] = torch.quantize_per_tensor(state[key].float(), 0.01, 0, torch.qint8)
    torch.save(state, "quantized.pth")


@case("checkpoint-sparse", *weights("sparse.pth"), says=["sparse"])
def _():
    state = tensors()
    key = next(key for key, value in state.items() if value.dim() == 2)
    state[key] = state[key].to_sparse()
    torch.save(state, "sparse.pth")


@case("checkpoint-nan", *weights("nan.pth"), says=["NaN|nan|not a number|finite"])
def _():
    state = tensors()
    key = next(key for key, value in state.items() if value.dim() == 4)
    state[key] = state[key].clone()
    state[key].view(-1)[3] = float("nan")
    torch.save(state, "nan.pth")


@case("checkpoint-other-head", *weights("head.pth"), says=["classifier|classes"])
def _():
    state = tensors()
    last = [key for key, value in state.items() if value.dim() == 2][-1]
    state[last] = torch.zeros(7, state[last].shape[1])
    state[last.replace("weight", "bias")] = torch.zeros(7)
    torch.save(state, "head.pth")


@case("checkpoint-key-missing", *weights("missing.pth"))
def _():
    state = tensors()
    del state[next(key for key, value in state.items() if value.dim() == 4)]
    torch.save(state, "missing.pth")


@case("checkpoint-malicious", *weights("evil.pth"), says=["os|posix|code"])
def _():
    with open("evil.pth", "wb") as file:
        pickle.dump({"weight": Evil()}, file)


@case("checkpoint-weight-norm", *weights("weightnorm.pth"), says=["weight_g|weight_norm|parametrizations|original"])
def _():
    state = tensors()
    key = next(key for key, value in state.items() if value.dim() == 4)
    value = state.pop(key)
    state[key + "_g"], state[key + "_v"] = value.flatten(1).norm(dim=1).view(-1, 1, 1, 1), value
    torch.save(state, "weightnorm.pth")


@case("safetensors-other-architecture", *weights("bert.safetensors"), says=["bert|embeddings|encoder"])
def _():
    save_file({"bert.embeddings.word_embeddings.weight": numpy.zeros((30, 8), "f"), "bert.encoder.layer.0.attention.self.query.weight": numpy.zeros((8, 8), "f")}, "bert.safetensors")


@case("safetensors-lora", *weights("lora.safetensors"), says=["lora"])
def _():
    save_file({"base_model.model.layer.lora_A.weight": numpy.zeros((4, 8), "f"), "base_model.model.layer.lora_B.weight": numpy.zeros((8, 4), "f")}, "lora.safetensors")


@case("safetensors-empty", *weights("empty.safetensors"), says=["empty|no tensors|no parameters"], may_blame=True)
def _():
    save_file({}, "empty.safetensors")


@case("safetensors-truncated", *weights("cut.safetensors"), may_blame=True)
def _():
    save_file(VGG, "cut.safetensors")
    write("cut.safetensors", open("cut.safetensors", "rb").read()[:-100])


@case("safetensors-fp8", *weights("fp8.safetensors"), says=["F8|float8"])
def _():
    state = tensors()
    key = next(key for key, value in state.items() if value.dim() == 4)
    state[key] = state[key].to(torch.float8_e4m3fn)
    from safetensors.torch import save_file as save

    save({key: value.contiguous() for key, value in state.items()}, "fp8.safetensors")


@case("safetensors-shard-missing", *weights("model.safetensors.index.json"), says=["model-00002-of-00002.safetensors"])
def _():
    keys = list(VGG)
    save_file({key: VGG[key] for key in keys[: len(keys) // 2]}, "model-00001-of-00002.safetensors")
    places = {key: f"model-0000{1 if place < len(keys) // 2 else 2}-of-00002.safetensors" for place, key in enumerate(keys)}
    write("model.safetensors.index.json", json.dumps({"metadata": {"total_size": 1}, "weight_map": places}))


@case("safetensors-sharded", *weights("sharded/model.safetensors.index.json"), works=True, like=GOOD_WEIGHTS)
def _():
    os.mkdir("sharded")
    keys = list(VGG)
    half = len(keys) // 2
    save_file({key: VGG[key] for key in keys[:half]}, "sharded/model-00001-of-00002.safetensors")
    save_file({key: VGG[key] for key in keys[half:]}, "sharded/model-00002-of-00002.safetensors")
    places = {key: f"model-0000{1 if place < half else 2}-of-00002.safetensors" for place, key in enumerate(keys)}
    write("sharded/model.safetensors.index.json", json.dumps({"metadata": {"total_size": 1}, "weight_map": places}))


@case("weights-without-architecture", *model("resnetlike.safetensors"), says=["architecture|card"])
def _():
    save_file(VGG, "resnetlike.safetensors")


# Arrays

def arrays(name, value, **arguments):
    return case(name, *picture(value), **arguments)


@arrays("npy-float64", "f64.npy", works=True)
def _():
    numpy.save("f64.npy", numpy.load("x.npy").astype(numpy.float64))


@arrays("npy-big-endian", "be.npy", either=True)
def _():
    numpy.save("be.npy", numpy.load("x.npy").astype(">f4"))


@arrays("npy-uint8", "u8.npy", either=True)
def _():
    numpy.save("u8.npy", random.integers(0, 255, (1, 3, 16, 16)).astype(numpy.uint8))


@arrays("npy-int64", "i64.npy", either=True)
def _():
    numpy.save("i64.npy", random.integers(0, 255, (1, 3, 16, 16)))


@arrays("npy-bool", "bool.npy", either=True)
def _():
    numpy.save("bool.npy", random.uniform(0, 1, (1, 3, 16, 16)) > 0.5)


@arrays("npy-complex", "complex.npy", says=["complex"])
def _():
    numpy.save("complex.npy", numpy.zeros((1, 3, 16, 16), numpy.complex64))


@arrays("npy-wrong-shape", "shape.npy", says=[r"\(1, 4, 16, 16\)"])
def _():
    numpy.save("shape.npy", numpy.zeros((1, 4, 16, 16), numpy.float32))


@arrays("npy-nhwc", "nhwc.npy", says=["transpose|N x C|channels|NHWC|order"])
def _():
    numpy.save("nhwc.npy", numpy.zeros((1, 16, 16, 3), numpy.float32))


@arrays("npy-2d", "flat.npy", says=[r"\(16, 16\)"])
def _():
    numpy.save("flat.npy", numpy.zeros((16, 16), numpy.float32))


@arrays("npy-scalar", "scalar.npy")
def _():
    numpy.save("scalar.npy", numpy.float32(3))


@arrays("npy-no-samples", "none.npy", says=["no sample|0|empty"])
def _():
    numpy.save("none.npy", numpy.zeros((0, 3, 16, 16), numpy.float32))


@arrays("npy-fortran", "fortran.npy", works=True)
def _():
    numpy.save("fortran.npy", numpy.asfortranarray(numpy.load("x.npy")))


@arrays("npy-nan", "nan.npy", says=["NaN|nan|not a number|finite"])
def _():
    data = numpy.load("x.npy").copy()
    data[0, 1, 2, 3] = numpy.nan
    numpy.save("nan.npy", data)


@arrays("npy-beyond-float32", "large.npy", says=["float32|range|large|1e300|1e\\+300"])
def _():
    data = numpy.load("x.npy").astype(numpy.float64)
    data[0, 1, 2, 3] = 1e300
    numpy.save("large.npy", data)


@arrays("npy-objects", "objects.npy", says=["object"])
def _():
    numpy.save("objects.npy", numpy.array([{"a": 1}, None], object), allow_pickle=True)


@arrays("npy-strings", "strings.npy", says=["text|string|<U"])
def _():
    numpy.save("strings.npy", numpy.array(["a", "bc"]))


@arrays("npy-structured", "structured.npy", says=["structured|fields|record"])
def _():
    numpy.save("structured.npy", numpy.zeros(3, [("x", "f4"), ("y", "f4")]))


@arrays("npy-truncated", "cut.npy", may_blame=True)
def _():
    numpy.save("cut.npy", numpy.load("x.npy"))
    write("cut.npy", open("cut.npy", "rb").read()[:-50])


@arrays("npy-longer", "longer.npy", either=True, may_blame=True)
def _():
    numpy.save("longer.npy", numpy.load("x.npy"))
    write("longer.npy", open("longer.npy", "rb").read() + bytes(50))


@arrays("npz-one", "one.npz", works=True)
def _():
    numpy.savez("one.npz", numpy.load("x.npy"))


@arrays("npz-compressed", "packed.npz", either=True)
def _():
    numpy.savez_compressed("packed.npz", numpy.load("x.npy"))


@arrays("npz-two", "two.npz", says=["images|two|2|several"])
def _():
    numpy.savez("two.npz", images=numpy.load("x.npy"), labels=numpy.zeros(1))


@arrays("npy-is-pickle", "pickle.npy", says=["pickle|NPY|numpy.save"])
def _():
    with open("pickle.npy", "wb") as file:
        pickle.dump(numpy.zeros(3), file)


@arrays("npy-is-csv", "table.npy", says=["NPY|numpy.save|text"])
def _():
    write("table.npy", "1.0,2.0,3.0\n4.0,5.0,6.0\n")


@arrays("array-mat", "matlab.mat", says=["MATLAB|.mat|numpy.save|NPY"])
def _():
    write("matlab.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x01IM" + bytes(64))


@arrays("array-pt", "input.pt", says=["PyTorch|numpy"])
def _():
    torch.save(torch.zeros(1, 3, 16, 16), "input.pt")


# Pictures

def photo(size=(24, 20)):
    return Image.open(CAT).convert("RGB").resize(size)


@case("picture-cmyk-jpeg", *picture("cmyk.jpg"), either=True)
def _():
    photo().convert("CMYK").save("cmyk.jpg", quality=95)


@case("picture-grey-jpeg", *picture("grey.jpg"), works=True)
def _():
    photo().convert("L").save("grey.jpg")


@case("picture-16-bit-png", *picture("deep.png"), works=True)
def _():
    values = (numpy.asarray(photo().convert("L")).astype(numpy.uint16) * 257)
    Image.fromarray(values).save("deep.png")


@case("picture-1-bit-png", *picture("bit.png"), works=True)
def _():
    photo().convert("1").save("bit.png")


@case("picture-palette-alpha-png", *picture("palette.png"), works=True)
def _():
    photo().quantize(16).save("palette.png", transparency=0)


@case("picture-rgba-png", *picture("rgba.png"), works=True)
def _():
    made = photo().convert("RGBA")
    made.putalpha(128)
    made.save("rgba.png")


@case("picture-grey-alpha-png", *picture("la.png"), works=True)
def _():
    made = photo().convert("LA")
    made.putalpha(200)
    made.save("la.png")


@case("picture-progressive-jpeg", *picture("progressive.jpg"), works=True)
def _():
    photo().save("progressive.jpg", progressive=True)


@case("picture-truncated-jpeg", *picture("cut.jpg"), may_blame=True, says=["truncated|ends|cut|incomplete|damaged|corrupt"])
def _():
    photo((200, 200)).save("cut.jpg")
    write("cut.jpg", open("cut.jpg", "rb").read()[:2000])


@case("picture-truncated-png", *picture("cut.png"), may_blame=True, says=["truncated|ends|cut|incomplete|damaged|corrupt"])
def _():
    photo((200, 200)).save("cut.png")
    write("cut.png", open("cut.png", "rb").read()[:2000])


@case("picture-gif", *picture("moving.gif"), either=True, says=["GIF|frame"])
def _():
    photo().save("moving.gif", save_all=True, append_images=[photo().rotate(90)])


@case("picture-bmp", *picture("plain.bmp"), either=True)
def _():
    photo().save("plain.bmp")


@case("picture-tiff", *picture("pages.tiff"), either=True)
def _():
    photo().save("pages.tiff", save_all=True, append_images=[photo().rotate(90)])


@case("picture-float-tiff", *picture("float.tif"), either=True)
def _():
    Image.fromarray(random.uniform(0, 1, (20, 24)).astype(numpy.float32)).save("float.tif")


@case("picture-heic", *picture("phone.heic"), says=["HEIC|HEIF"])
def _():
    write("phone.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100))


@case("picture-avif", *picture("web.avif"), says=["AVIF"])
def _():
    write("web.avif", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + bytes(100))


@case("picture-jxl", *picture("new.jxl"), says=["JPEG XL"])
def _():
    write("new.jxl", b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(100))


@case("picture-jpeg2000", *picture("j2k.jp2"), says=["JPEG 2000"])
def _():
    write("j2k.jp2", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(100))


@case("picture-svg", *picture("drawing.svg"), says=["SVG"])
def _():
    write("drawing.svg", '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>\n')


@case("picture-pdf", *picture("page.pdf"), says=["PDF"])
def _():
    write("page.pdf", "%PDF-1.7\n1 0 obj\n")


@case("picture-dicom", *picture("scan.dcm"), says=["DICOM"])
def _():
    write("scan.dcm", bytes(128) + b"DICM" + bytes(100))


@case("picture-video", *picture("clip.mp4"), says=["video|MP4"])
def _():
    write("clip.mp4", b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(100))


@case("picture-raw", *picture("camera.psd"), either=False)
def _():
    write("camera.psd", b"8BPS\x00\x01" + bytes(100))


@case("picture-empty", *picture("nothing.png"), says=["empty"], may_blame=True)
def _():
    write("nothing.png", b"")


@case("picture-folder", *picture("pictures.png"), says=["folder|directory"])
def _():
    os.mkdir("pictures.png")


@case("picture-huge", *picture("huge.png"), says=["large|pixels"])
def _():
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 2000000, 2000000, 8, 2, 0, 0, 0)
    write("huge.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))


@case("picture-one-pixel", *picture("pixel.png"), works=True)
def _():
    photo((1, 1)).save("pixel.png")


@case("picture-strip", *picture("strip.png"), works=True)
def _():
    photo((3000, 2)).save("strip.png")


@case("picture-jpeg-called-png", *picture("named.png"), works=True)
def _():
    photo().save("named.png", format="JPEG")


@case("picture-no-ending", *picture("picture_without_ending"), works=True)
def _():
    photo().save("picture_without_ending", format="PNG")


# Names and places

@case("name-with-spaces", *picture("my cat (1).png"), works=True, like=GOOD_PICTURE)
def _():
    shutil.copy("good.png", "my cat (1).png")


@case("name-with-newline", *picture("two\nlines.png"), works=True, like=GOOD_PICTURE)
def _():
    shutil.copy("good.png", "two\nlines.png")


@case("name-with-newline-broken", *picture("broken\nlines.png"), may_blame=True)
def _():
    write("broken\nlines.png", b"\x89PNG\r\n\x1a\nbroken")


@case("name-with-escape", *picture("red\x1b[31m.png"), may_blame=True)
def _():
    write("red\x1b[31m.png", b"no picture")


@case("name-not-utf8", *picture(b"caf\xe9.png"), either=True, like=GOOD_PICTURE, says=["UTF-8"])
def _():
    shutil.copy(b"good.png", b"caf\xe9.png")


@case("name-not-utf8-model", *model(b"mod\xe8le.onnx"), either=True, like=GOOD_MODEL, says=["UTF-8"])
def _():
    shutil.copy(b"good.onnx", b"mod\xe8le.onnx")


@case("name-emoji", *picture("\U0001f408.png"), works=True, like=GOOD_PICTURE)
def _():
    shutil.copy("good.png", "\U0001f408.png")


@case("name-leading-dash", "attribute", "--model", "good.onnx", "--input=-cat.png", "--output", "out.npy", works=True, like=GOOD_PICTURE)
def _():
    shutil.copy("good.png", "-cat.png")


@case("name-too-long", *picture("x" * 300 + ".png"))
def _():
    pass


@case("folder-not-utf8", "attribute", "--model", "good.onnx", "--dataset", "classes", "--output", "heat/{sample:02d}.npy", either=True)
def _():
    os.makedirs(b"classes/k\xe4fer")
    os.makedirs("classes/cat")
    shutil.copy(b"good.png", b"classes/k\xe4fer/a.png")
    shutil.copy(b"good.png", b"classes/cat/b\xe9.png")


@case("place-unreadable", *picture("secret.png"), says=["permission|allowed|Permission"])
def _():
    shutil.copy("good.png", "secret.png")
    os.chmod("secret.png", 0)


@case("place-unreadable-model", *model("secret.onnx"), says=["permission|allowed|Permission"])
def _():
    shutil.copy("good.onnx", "secret.onnx")
    os.chmod("secret.onnx", 0)


@case("place-dangling-link", *model("dangling.onnx"), says=["link|exist|no such"])
def _():
    os.symlink("gone.onnx", "dangling.onnx")


@case("place-link-to-itself", *model("self.onnx"), says=["link|loop"])
def _():
    os.symlink("self.onnx", "self.onnx")


@case("place-fifo-model", *model("pipe.onnx"), says=["pipe|FIFO|regular|file"])
def _():
    os.mkfifo("pipe.onnx")


@case("place-fifo-picture", *picture("pipe.png"), says=["pipe|FIFO|regular|file"])
def _():
    os.mkfifo("pipe.png")


@case("place-fifo-weights", *weights("pipe.pth"), says=["pipe|FIFO|regular|file"])
def _():
    os.mkfifo("pipe.pth")


@case("place-fifo-card", *card("piped.onnx"), says=["pipe|FIFO|regular|file"])
def _():
    shutil.copy("good.onnx", "piped.onnx")
    os.mkfifo("piped.yaml")


@case("place-dev-zero", *model("/dev/zero"), says=["device|regular|file"])
def _():
    pass


@case("place-dev-zero-picture", *picture("/dev/zero"), says=["device|regular|file"])
def _():
    pass


@case("place-dev-null", *model("/dev/null"), says=["empty|device|regular"])
def _():
    pass


@case("place-dev-stdin", *picture("/dev/stdin"), either=True)
def _():
    pass


@case("place-proc", *model("/proc/self/maps"))
def _():
    pass


@case("place-proc-picture", *picture("/proc/cpuinfo"))
def _():
    pass


@case("place-socket", *picture("socket.png"), says=["socket|regular|file"])
def _():
    import socket

    socket.socket(socket.AF_UNIX).bind("socket.png")


@case("place-output-is-input", "attribute", "--model", "good.onnx", "--input", "same.npy", "--output", "same.npy", either=True)
def _():
    shutil.copy("x.npy", "same.npy")


@case("place-output-in-missing-folder", "attribute", "--model", "good.onnx", "--input", "x.npy", "--output", "no/such/out.npy", either=True, says=["no/such|no such|folder"])
def _():
    pass


@case("place-output-full", "attribute", "--model", "good.onnx", "--input", "x.npy", "--output", "/dev/full", either=False)
def _():
    pass


# Cards

def carded(text, name="carded"):
    """A card beside a copy of the good model; its second line is the text's first."""
    shutil.copy("good.onnx", name + ".onnx")
    if isinstance(text, str):
        text = ("version: 1\r\n" if "\r\n" in text else "version: 1\n") + text
    write(name + ".yaml", text)


def cards(name, **arguments):
    return case("card-" + name, *card(name + ".onnx"), **arguments)


@cards("unknown-key", says=["colour", "color"])
def _():
    carded("input: [3, 16, 16]\ncolour: rgb\n", "unknown-key")


@cards("two-means", says=["mean"])
def _():
    carded("input: [3, 16, 16]\nmean: [0.5, 0.5]\nstd: [0.5, 0.5, 0.5]\n", "two-means")


@cards("zero-std", says=["std"])
def _():
    carded("mean: [0.5, 0.5, 0.5]\nstd: [0.5, 0, 0.5]\n", "zero-std")


@cards("labels-count", says=["labels|classes", "3", "5"])
def _():
    carded("labels: [cat, dog, bird]\n", "labels-count")


@cards("labels-file-count", says=["labels", "4", "5"])
def _():
    write("names.txt", "cat\ndog\nbird\nfish\n")
    carded("labels: names.txt\n", "labels-file-count")


@cards("labels-file-missing", says=["nonames.txt"])
def _():
    carded("labels: nonames.txt\n", "labels-file-missing")


@cards("byte-order-mark", works=True)
def _():
    carded(b"\xef\xbb\xbfversion: 1\nmean: [0.5, 0.5, 0.5]\nstd: [0.5, 0.5, 0.5]\n", "byte-order-mark")


@cards("utf16", either=True, says=["UTF-16"])
def _():
    carded("version: 1\nmean: [0.5, 0.5, 0.5]\n".encode("utf-16"), "utf16")


@cards("crlf", works=True)
def _():
    write("crlf.txt", "cat\r\ndog\r\nbird\r\nfish\r\nkäfer\r\n".encode())
    carded("mean: [0.5, 0.5, 0.5]\r\nstd: [0.5, 0.5, 0.5]\r\nlabels: crlf.txt\r\n", "crlf")


@cards("latin1", says=["UTF-8"])
def _():
    write("latin.txt", "cat\ndog\nbird\nfish\nkäfer\n".encode("latin-1"))
    carded("labels: latin.txt\n", "latin1")


@cards("tabs", says=["[tT]ab"])
def _():
    carded("mean:\n\t- 0.5\n\t- 0.5\n", "tabs")


@cards("mean-255", either=True)
def _():
    carded("mean: [123.675, 116.28, 103.53]\nstd: [58.395, 57.12, 57.375]\n", "mean-255")


@cards("text-for-number", says=["half", "number"])
def _():
    carded("mean: [half, 0.5, 0.5]\n", "text-for-number")


@cards("empty", either=True)
def _():
    carded(b"", "empty")


@cards("list", says=["card|mapping|key"])
def _():
    carded(b"- 1\n- 2\n", "list")


@cards("yaml-bomb", may_blame=True)
def _():
    carded("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
           "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nmean: *f\n", "yaml-bomb")


@cards("wrong-input", says=["input", "224"])
def _():
    carded("input: [3, 224, 224]\n", "wrong-input")


@cards("duplicate-key", says=["mean", "twice|again|already|duplicate|two"])
def _():
    carded("mean: [0.5, 0.5, 0.5]\nmean: [0.4, 0.4, 0.4]\n", "duplicate-key")


@case("composite-json", "composite", "check", "rules.json", "--model", "fashion_vgg", either=True)
def _():
    write("rules.json", '{"preset": "epsilon_plus"}')


@case("composite-python", "composite", "check", "rules.py", "--model", "fashion_vgg", says=["YAML|Python"])
def _():
    write("rules.py", "from zennit.composites import EpsilonPlus\ncomposite = EpsilonPlus()\n")


@case("composite-empty", "composite", "check", "empty.yaml", "--model", "fashion_vgg")
def _():
    write("empty.yaml", "")


@case("composite-utf16", "composite", "check", "utf16rules.yaml", "--model", "fashion_vgg", says=["UTF-16"], either=True)
def _():
    write("utf16rules.yaml", "rules: {}\n".encode("utf-16-le"))


@case("render-wrong-file", "render", "good.onnx", "--output", "heat.png", says=["relevance|NPY|npy|ONNX"])
def _():
    pass


class Forest:
    """An object of a class that only its program knows."""


class Evil:
    def __reduce__(self):
        return os.system, ("touch was_run",)


BLAME = re.compile(r"not sound|corrupt|onnx\.checker|truncated|damaged|export or get it anew")


def run(arguments):
    # As an ordinary user where that can be had: root may read what nobody may.
    if os.path.exists("out.npy"):
        os.remove("out.npy")
    other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 and any("secret" in str(text) for text in arguments) else {}
    begin = time.time()
    try:
        done = subprocess.run([options.lrp, *arguments], capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL,
                              env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}, **other)
    except subprocess.TimeoutExpired:
        return "hangs", "", None, SECONDS
    result = None
    if os.path.exists("out.npy"):
        result = numpy.load("out.npy")
    return done.returncode, done.stderr.decode(errors="replace").strip(), result, time.time() - begin


def judge(name, arguments, works, like, says, may_blame, either):
    status, said, result, seconds = run(arguments)
    faults = []
    if status not in (0, 1, 64):
        faults.append(f"status {status}")
    if seconds > 20:
        faults.append(f"{seconds:.0f} s")
    if works and status != 0:
        faults.append("not read")
    if not works and not either and status == 0:
        faults.append("accepted in silence" if not said else "accepted")
    errors = [line for line in said.splitlines() if line.startswith("Error")]
    if status == 1:
        if len(errors) != 1:
            faults.append(f"{len(errors)} lines with an error")
        if not may_blame and BLAME.search(said):
            faults.append("blames the file: " + BLAME.search(said).group())
        names = {os.path.basename(os.fsdecode(text)) for text in [*os.listdir("."), *arguments]}
        if not any(name in said for name in names if "." in name) and "/" not in said and "UTF-8" not in said:
            faults.append("does not name the file")
        for pattern in says:
            if not re.search(pattern, said.split("Error:")[-1]):
                faults.append(f"does not say {pattern}")
    if status == 0 and result is not None:
        if not numpy.isfinite(result).all():
            faults.append("relevance is not finite")
        if like:
            expected = run(like)[2]
            if expected is None or expected.shape != result.shape or numpy.abs(result - expected).max() > 1e-5 * numpy.abs(expected).max():
                faults.append("another relevance than the plain file")
    return status, said, seconds, faults


prepare()
rows = []
for name, make, arguments, works, like, says, may_blame, either in CASES:
    if not fnmatch.fnmatch(name, options.only):
        continue
    try:
        make()
    except Exception as error:
        print(f"---- {name}: could not be made: {error}")
        continue
    status, said, seconds, faults = judge(name, arguments, works, like, says, may_blame, either)
    rows.append((name, status, said, faults))
    print(f"{'FAIL' if faults else 'ok  '} {name}: {status} {'; '.join(faults)}\n       {said!r}", flush=True)
if os.path.exists("was_run"):
    print("FAIL: code of a checkpoint was run")
    rows.append(("code-was-run", 0, "", ["run"]))
print(f"{len(rows)} cases, {sum(1 for row in rows if row[3])} with a fault")
if options.table:
    with open(options.table, "w") as file:
        file.write("| case | status | said |\n|---|---|---|\n")
        for name, status, said, faults in rows:
            text = said.replace("\n", "<br>").replace("|", "\\|")
            file.write(f"| {name} | {status} | {text}{' **' + '; '.join(faults) + '**' if faults else ''} |\n")
sys.exit(1 if any(row[3] for row in rows) else 0)
