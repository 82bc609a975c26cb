"""Writes small networks that move, repeat and cut what they compute, as both exporters of torch write them, into
`formats/onnx_structure/`, with what onnxruntime computes and zennit's gradient and relevance in float64.

    python3 make_onnx_structure.py        (needs torch, onnx, onnxscript, onnxruntime, zennit, safetensors)

`NAME_old17`, `NAME_new18` and `NAME_new23` are by the older and the newer exporter at that operator set; where the batch is
free, by name, `NAME_..._free`. `results.safetensors` holds `NAME.input`, `.output`, `.gradient` (of the outputs, seeded with
themselves) and `.relevance` (of zennit's EpsilonPlusFlat), both of the network that all files of `NAME` hold.
Made with torch 2.15.0, onnxscript and onnxruntime 1.32.0, zennit 1.0.0, seed 17.
"""
import io
import os
import sys
import warnings

import numpy
import onnx
import onnxruntime
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from zennit.attribution import Gradient
from zennit.composites import EpsilonPlusFlat

warnings.filterwarnings("ignore")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats", "onnx_structure")
os.makedirs(FOLDER, exist_ok=True)
torch.manual_seed(17)
results = {}
failed = []


class Net(nn.Module):
    """A convolution, a function, a linear layer."""

    def __init__(self, function, channels=4, size=(8, 7), pool=None):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1)
        self.relu = nn.ReLU()
        self.function = function
        self.pool = pool or nn.Identity()
        with torch.no_grad():
            count = function(self.pool(torch.zeros(1, channels, *size))).flatten(1).shape[1]
        self.head = nn.Linear(count, 3)

    def forward(self, x):
        return self.head(torch.flatten(self.function(self.pool(self.relu(self.conv(x)))), 1))


def option_a(x):
    y = x[:, :, ::2, ::2]
    return F.pad(y, (0, 0, 0, 0, 2, 2))


class Left(nn.Module):
    """Constant matrices on either side, and einsum."""

    def __init__(self, form):
        super().__init__()
        self.form = form
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.matrix = nn.Parameter(torch.randn(5, 8))
        self.channels = nn.Parameter(torch.randn(6, 4))
        self.head = nn.Linear({"left": 4 * 5 * 7, "channels": 6 * 56, "rows": 4 * 7 * 5, "both": 5 * 6 * 7, "tokens": 56 * 5}[form], 3)
        self.token = nn.Linear(4, 5)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.conv(x))
        if self.form == "left":
            x = torch.matmul(self.matrix, x)
        elif self.form == "channels":
            x = torch.einsum("nchw,oc->nohw", x, self.channels)
        elif self.form == "rows":
            x = torch.einsum("oh,nchw->ncwo", self.matrix, x)
        elif self.form == "both":
            x = torch.einsum("nchw,pc->nphw", x, self.channels)
            x = torch.einsum("nphw,oh->nopw", x, self.matrix)
        else:
            x = self.token(x.flatten(2).transpose(1, 2))
        return self.head(x.flatten(1))


NETS = {
    "option_a": Net(option_a),
    "steps": Net(lambda x: x[:, 1::2, 1:-1:3, 2:]),
    "flip": Net(lambda x: torch.flip(x, (2, 3))[:, :, 1:]),
    "open_end": Net(lambda x: x[:, 2:, :, -4:]),
    "squeeze_excite": Net(lambda x: x * torch.sigmoid(x.mean((2, 3))).view(x.shape[0], -1, 1, 1).expand_as(x)),
    "expand": Net(lambda x: x[:, :, :1].expand(-1, -1, 3, -1)),
    "repeat": Net(lambda x: x.repeat(1, 2, 1, 3)),
    "split": Net(lambda x: torch.cat(torch.split(x, [3, 4], dim=3)[::-1], 3)),
    "chunk": Net(lambda x: torch.cat([part for part in torch.chunk(x, 3, dim=2)][1:], 2)),
    "channel": Net(lambda x: x[:, 1]),
    "channels": Net(lambda x: x[:, [2, 0, 0]]),
    "pixels": Net(lambda x: x[:, :, [0, 3, 3], [1, 1, 6]]),
    "grid": Net(lambda x: x[:, :, torch.tensor([[0], [5]]), torch.tensor([[1, 4, 6]])]),
    "index_select": Net(lambda x: torch.index_select(x, 3, torch.tensor([6, 0, 2]))),
    "reflect": Net(lambda x: F.pad(x, (2, 1, 0, 3), mode="reflect")),
    "replicate": Net(lambda x: F.pad(x, (2, 1, 0, 3), mode="replicate")),
    "circular": Net(lambda x: F.pad(x, (2, 1, 0, 3), mode="circular")),
    "constant": Net(lambda x: F.pad(x, (2, 1, 0, 3), value=0.7)),
    "crop": Net(lambda x: F.pad(x, (-1, 2, -3, 0))),
    "channel_padding": Net(lambda x: F.pad(x, (0, 1, 0, 0, 1, 3), value=-0.3)),
    "permuted_mean": Net(lambda x: x.permute(0, 2, 3, 1).mean((1, 2))),
    "squeezed": Net(lambda x: F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1).unsqueeze(1)),
    "rows_of_channels": Net(lambda x: x.permute(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)),
    "left": Left("left"),
    "einsum_channels": Left("channels"),
    "einsum_rows": Left("rows"),
    "einsum_both": Left("both"),
    "tokens": Left("tokens"),
    "uneven_pool": Net(lambda x: x, pool=nn.AdaptiveAvgPool2d(3)),
    "uneven_pool_wide": Net(lambda x: x, pool=nn.AdaptiveAvgPool2d((2, 5))),
    "even_pool": Net(lambda x: x, pool=nn.AdaptiveAvgPool2d((4, 7))),
}
# At operator set 23, too.
NEWEST = ("option_a", "flip", "grid", "constant", "einsum_both", "uneven_pool")
FREE = ("option_a", "squeeze_excite", "expand", "steps", "reflect", "rows_of_channels", "repeat", "uneven_pool")


def export(net, data, path, opset, is_new, is_free):
    # The new exporter talks a lot.
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        if is_new:
            shapes = ({0: torch.export.Dim("batch", min=1, max=64)},) if is_free else None
            program = torch.onnx.export(net, (data,), dynamo=True, opset_version=opset, dynamic_shapes=shapes, verbose=False)
            program.save(path)
        else:
            torch.onnx.export(net, (data,), path, dynamo=False, opset_version=opset, input_names=["x"],
                              dynamic_axes={"x": {0: "batch"}} if is_free else None)
    finally:
        sys.stdout = out
    model = onnx.load(path)
    del model.graph.value_info[:]
    for node in model.graph.node:
        for prop in list(node.metadata_props):
            if prop.key != "pkg.torch.onnx.name_scopes":
                node.metadata_props.remove(prop)
    onnx.save_model(model, path)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: data.numpy()})[0]


def explain(net, data, composite):
    with Gradient(net.double(), composite) as attributor:
        _, relevance = attributor(data.double(), lambda output: output)
    net.float()
    return relevance.detach().float().contiguous()


for name, net in NETS.items():
    net.eval()
    data = torch.randn(2, 3, 8, 7)
    results[f"{name}.input"] = data
    with torch.no_grad():
        results[f"{name}.output"] = net(data).contiguous()
    for kind, opset in (("old", 17), ("new", 18), ("new", 23)):
        for is_free in (False, True):
            if (is_free and (name not in FREE or opset == 23)) or (opset == 23 and name not in NEWEST):
                continue
            stem = f"{name}_{kind}{opset}" + ("_free" if is_free else "")
            path = os.path.join(FOLDER, stem + ".onnx")
            try:
                found = export(net, data if is_free else data[:1], path, opset, kind == "new", is_free)
                assert numpy.abs(found - results[f"{name}.output"][: len(found)].numpy()).max() < 1e-5, stem
            except Exception as error:
                failed.append(f"{stem}: {str(error)[:120]}")
                if os.path.exists(path):
                    os.remove(path)
    results[f"{name}.gradient"] = explain(net, data.clone(), None)
    results[f"{name}.relevance"] = explain(net, data.clone(), EpsilonPlusFlat())

save_file(results, os.path.join(FOLDER, "results.safetensors"))
print(len(os.listdir(FOLDER)) - 1, "models;", "not exported:", *failed, sep="\n")
