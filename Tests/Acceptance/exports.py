"""Networks as people write them (networks.py), timm's, and graphs as converters from TensorFlow write them (graphs.py):
exported by both of torch's exporters at assorted opsets, opened, run, explained, compared.

    pip install torch torchvision onnx onnxruntime onnxscript safetensors numpy timm 'pillow<13'
    pip install --no-deps --ignore-requires-python zennit==1.0.0
    python3 Tests/Acceptance/exports.py [--only PATTERN] [--work FOLDER] [--table FILE.md]

Compared are the output with onnxruntime, the plain gradient with torch in float64 (for graphs, with central differences), the relevance of `epsilon_plus` with
zennit in float64 where zennit sees the same layers, and what both exporters' files give with the canonizers that lrp chooses;
each the largest difference over the largest value. Random numbers are seeded.
"""
import argparse
import contextlib
import fnmatch
import io
import json
import os
import subprocess
import sys
import warnings

import numpy
import onnx
import onnxruntime
import torch
from safetensors.numpy import load_file
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import EpsilonPlus

import graphs
import networks

warnings.filterwarnings("ignore")
onnxruntime.set_default_logger_severity(3)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The largest difference over the largest value: of outputs, and of relevance.
OUTPUT_TOLERANCE, RELEVANCE_TOLERANCE = 1e-5, 1e-4
TIMM = [
    ("resnet10t", 17, 18), ("resnet26d", 13, 20), ("ghostnet_050", 11, 18), ("regnetx_002", 12, 21), ("regnety_002", 15, 18),
    ("eca_nfnet_l0", 17, 20), ("mobileone_s0", 16, 18), ("repvgg_a0", 13, 23), ("hardcorenas_a", 14, 18),
    ("tf_efficientnet_lite0", 13, 19), ("mixnet_s", 17, 18), ("convnextv2_atto", 17, 20), ("dla34", 9, 18),
    ("ese_vovnet19b_dw", 13, 22), ("skresnet18", 12, 18), ("resnest14d", 17, 18), ("resnetv2_50", 18, 18),
    ("seresnet18", 10, 20), ("rexnet_100", 13, 18), ("mobilenetv4_conv_small", 17, 21), ("starnet_s1", 17, 18),
    ("hgnetv2_b0", 16, 18), ("cs3darknet_focus_s", 13, 20), ("selecsls42b", 11, 18), ("nf_regnet_b0", 14, 22),
]

# Seeds of inputs where that of the others, 2, puts a ReLU's argument within rounding of zero, so that its gradient is either: torch in
# float32 is off there, too.
SEEDS = {"timm_mobileone_s0": 4, "timm_resnetv2_50": 4}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--lrp", default=os.path.join(ROOT, ".build", "release", "lrp"))
parser.add_argument("--work", default=os.path.join(ROOT, ".build", "acceptance"))
parser.add_argument("--only", default="*", help="networks whose name fits, as in a shell")
parser.add_argument("--table", help="write the results as a table")
options = parser.parse_args()
os.makedirs(options.work, exist_ok=True)
rows = []


def path(*parts):
    return os.path.join(options.work, *parts)


def lrp(model, data, *arguments):
    """Runs the program; returns what it has written, and the ledger."""
    result, ledger = path("result.safetensors"), path("ledger.json")
    command = [options.lrp, "attribute", "--model", model, "--input", data, "--output", result, "--ledger", ledger, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"status {done.returncode}: {done.stderr.strip()}")
    with open(ledger) as file:
        return load_file(result), json.load(file)["layers"]


def difference(value, expected):
    return float(numpy.abs(value.reshape(expected.shape) - expected).max() / numpy.abs(expected).max())


def gap(layers, relevance):
    """How far the ledger is from adding up, over the largest relevance that passes a layer."""
    largest = max(abs(value) for layer in layers for value in layer["relevance_out"])
    spent = numpy.array([[layer[key] for key in ("bias", "stabilizer", "other")] for layer in layers]).sum((0, 1))
    return float(numpy.abs(numpy.array(layers[-1]["relevance_out"]) - spent - relevance.reshape(len(relevance), -1).sum(1)).max() / largest)


def reference(network, data, composite=None):
    """Relevance of the strongest class in float64, with zennit's composite or as a plain gradient."""
    network = network.double()
    data = torch.from_numpy(data).double().requires_grad_()

    def relevance(module):
        output = module(data)
        output = output[0] if isinstance(output, tuple) else output
        start = torch.zeros_like(output).scatter_(1, output.argmax(1, keepdim=True), 1) * output
        return torch.autograd.grad(output, data, start.detach())[0].numpy()

    if composite is None:
        return relevance(network)
    with composite.context(network) as module:
        return relevance(module)


def worst_slope(model, data, relevance, expected):
    """The largest difference of the gradient along a direction, over the gradient's length along it were they parallel; None where
    the evaluator of the package onnx computes something else than onnxruntime."""
    computed = graphs.evaluated(model, data)
    if difference(computed, expected.reshape(computed.shape)) > OUTPUT_TOLERANCE:
        return None
    if relevance.shape != data.shape:
        relevance = relevance.transpose(0, 2, 3, 1)
    length = numpy.linalg.norm(relevance)
    return max(abs((relevance * direction).sum() - slope) / length for direction, slope in graphs.slopes(model, data))


def export(make, data, file, exporter, opset, dynamic):
    if os.path.exists(file):
        return
    arguments = {}
    if dynamic and exporter == "new":
        arguments["dynamic_shapes"] = ({0: torch.export.Dim("batch")},)
    elif dynamic:
        arguments["dynamic_axes"] = {"input": {0: "batch"}, "output": {0: "batch"}}
    if exporter == "old":
        arguments["input_names"], arguments["output_names"] = ["input"], ["output"]
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(
            make(), (torch.from_numpy(data),), file, dynamo=exporter == "new", opset_version=opset, verbose=False,
            external_data=False, **arguments)


def pictures(data):
    """lrp takes pictures as (N, C, H, W) also where the model wants them the other way."""
    return numpy.ascontiguousarray(data.transpose(0, 3, 1, 2)) if data.ndim == 4 and data.shape[-1] in (1, 3) else data


def compare(name, file, data, make=None, zennit=False):
    """One file: a row of the table. Returns the relevance with the canonizers that lrp chooses."""
    stored = path(name + ".npy")
    numpy.save(stored, pictures(data))
    row = {"name": name, "opset": max(o.version for o in onnx.load(file, load_external_data=False).opset_import if o.domain in ("", "ai.onnx"))}
    rows.append(row)
    chosen, problems = None, []
    try:
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        expected = session.run(None, {session.get_inputs()[0].name: data})[0]
        plain, _ = lrp(file, stored, "--composite", "none", "--canonizer", "none")
        row["output"] = difference(plain["output"], expected.reshape(plain["output"].shape))
        if make is not None:
            row["gradient"] = difference(plain["relevance"], pictures(reference(make(), data)))
        else:
            slope = worst_slope(onnx.load(file), data, plain["relevance"].astype(numpy.float64), expected)
            if slope is not None:
                row["gradient"] = slope
        if zennit:
            ours, _ = lrp(file, stored, "--composite", "epsilon_plus", "--canonizer", "GraphMergeBatchNorm")
            row["zennit"] = difference(
                ours["relevance"], pictures(reference(make(), data, EpsilonPlus(canonizers=[SequentialMergeBatchNorm()]))))
        ours, layers = lrp(file, stored, "--composite", "epsilon_plus", "--canonizer", "auto")
        row["ledger"] = gap(layers, ours["relevance"])
        chosen = ours["relevance"]
    except Exception as error:  # what is refused is a row of the table too
        row["error"] = str(error)
    finish(row)
    return chosen


def finish(row):
    tolerances = {"output": OUTPUT_TOLERANCE, "gradient": RELEVANCE_TOLERANCE, "zennit": RELEVANCE_TOLERANCE, "ledger": RELEVANCE_TOLERANCE,
                  "exporters": RELEVANCE_TOLERANCE}
    row["passed"] = "error" not in row and all(row[key] < value for key, value in tolerances.items() if key in row)
    figures = ", ".join(f"{key} {row[key]:.1e}" for key in tolerances if key in row)
    print(f"{'ok  ' if row['passed'] else 'FAIL'} {row['name']} (opset {row['opset']}): {figures} {row.get('error', '')}", flush=True)


def both_exporters(name, make, shape, old, new, dynamic=False, zennit=False, scale=1.0):
    chosen = []
    shape = shape if dynamic else (1, *shape[1:])
    random = numpy.random.default_rng(SEEDS.get(name, 2))
    data = random.standard_normal(shape).astype(numpy.float32)
    if scale != 1:
        data = random.uniform(0, scale, shape).astype(numpy.float32)
    for exporter, opset in (("old", old), ("new", new)):
        title = f"{name}_{exporter}"
        if opset == 0 or not fnmatch.fnmatch(title, options.only):
            continue
        file = path(title + ".onnx")
        try:
            export(make, data, file, exporter, opset, dynamic)
        except Exception as error:
            print(f"---- {title}: torch does not export it: {str(error).strip().splitlines()[0]}", flush=True)
            continue
        chosen.append(compare(title, file, data, make, zennit))
    if len(chosen) == 2 and all(relevance is not None for relevance in chosen):
        rows[-1]["exporters"] = difference(chosen[1], chosen[0])
        finish(rows[-1])


def made(factory):
    def make():
        torch.manual_seed(20261201)
        return networks.seeded(factory())

    return make


for entry in networks.NETWORKS:
    both_exporters(entry.name, made(entry.make), entry.shape, entry.old, entry.new, entry.dynamic, entry.zennit, entry.scale)
for name, old, new in TIMM:
    if any(fnmatch.fnmatch(f"timm_{name}_{exporter}", options.only) for exporter in ("old", "new")):
        import timm

        both_exporters("timm_" + name, made(lambda: timm.create_model(name, num_classes=20)), (1, 3, 96, 96), old, new)
for name, make, shape in graphs.GRAPHS:
    if fnmatch.fnmatch("graph_" + name, options.only):
        onnx.save(make(), path(f"graph_{name}.onnx"))
        compare("graph_" + name, path(f"graph_{name}.onnx"), numpy.random.default_rng(3).uniform(0, 1, shape).astype(numpy.float32))
if options.table:
    def cell(row, key):
        return f"{row[key]:.1e}" if key in row else ""

    with open(options.table, "w") as file:
        file.write("| file | opset | output | gradient | zennit | ledger gap | exporters |\n|---|---|---|---|---|---|---|\n")
        for row in rows:
            cells = [cell(row, key) for key in ("output", "gradient", "zennit", "ledger", "exporters")]
            wrong = "" if row["passed"] else " **wrong** " + row.get("error", "").replace("\n", " ")
            file.write(f"| `{row['name']}` | {row['opset']} | {' | '.join(cells)}{wrong} |\n")
sys.exit(0 if all(row["passed"] for row in rows) else 1)
