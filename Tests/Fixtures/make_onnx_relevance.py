"""Writes small networks by both of torch's exporters, at several operator sets, into `formats/onnx_relevance.safetensors`,
with what zennit computes for them in float64.

    OMP_NUM_THREADS=1 python3 make_onnx_relevance.py [NETWORK ...]      (only these anew)
    (torch 2.15.0, torchvision 0.29.2, onnx 1.23.2, onnxruntime 1.32.0, onnxscript 0.7.2, zennit 1.0.0, safetensors)

`NETWORK_EXPORTER_SET.model` holds the bytes of a model; beside them are `NETWORK.input`, `NETWORK.output` and the relevance of
the strongest class's output, `NETWORK.none` (the plain gradient) and `NETWORK.epsilon_plus` (without canonizers), all
float32 of what was computed in float64. `NETWORK.gated` is the relevance of recurrent layers whose gates take nothing, by loops
in double below. Every network begins with seed 17.
"""
import copy
import io
import logging
import math
import os
import sys
import warnings

import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file, save_file
from torch import nn
from torchvision.ops import FrozenBatchNorm2d
from zennit.attribution import Gradient
from zennit.composites import EpsilonPlus

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats", "onnx_relevance.safetensors")
results = {}


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Scaled(nn.Module):
    """What code does with parameters that are no module's."""
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.rand(channels, 1, 1) + 0.5)

    def forward(self, x):
        return x * self.gamma


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gate = nn.Sequential(nn.Conv2d(channels, 3, 1), nn.ReLU(), nn.Conv2d(3, channels, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.gate(x.amax((2, 3), keepdim=True))


class ChannelAttention(nn.Module):
    """CBAM (Woo et al., ECCV 2018): by channel, then by place."""
    def __init__(self, channels):
        super().__init__()
        # zennit forgets the first input of a module that is used twice, so there are two.
        self.mlps = nn.ModuleList(nn.Sequential(
            nn.Conv2d(channels, 3, 1, bias=False), nn.ReLU(), nn.Conv2d(3, channels, 1, bias=False)) for _ in range(2))
        self.average, self.maximum = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)
        self.place, self.gate, self.sigmoid = nn.Conv2d(2, 1, 3, padding=1), nn.Sigmoid(), nn.Sigmoid()

    def forward(self, x):
        x = x * self.gate(self.mlps[0](self.average(x)) + self.mlps[1](self.maximum(x)))
        both = torch.cat([x.sum(1, keepdim=True) / 8, x.max(1, keepdim=True)[0]], 1)
        return x * self.sigmoid(self.place(both))


class GeneralizedMean(nn.Module):
    def __init__(self):
        super().__init__()
        self.clamp, self.pool = nn.Hardtanh(1e-2, 100), nn.AvgPool2d(2)

    def forward(self, x):
        return self.pool(self.clamp(x) ** 3) ** (1 / 3)


def network(*middle):
    with torch.random.fork_rng():
        first = nn.Conv2d(3, 8, 3, padding=1)
        body = nn.Sequential(first, *middle)
        features = body(torch.zeros(1, 3, 6, 6)).flatten(1).shape[1]
    return nn.Sequential(first, *middle, nn.Flatten(), nn.Linear(features, 5))


def randomize(model):
    for module in model.modules():
        for tensor in list(module.parameters(recurse=False)) + list(module.buffers(recurse=False)):
            if tensor.is_floating_point():
                tensor.data.uniform_(-1, 1)
        if getattr(module, "running_var", None) is not None:
            module.running_var.data.uniform_(0.5, 1.5)


MEAN, STD = torch.tensor([0.2, -0.1, 0.3]).reshape(3, 1, 1), torch.tensor([0.7, 1.3, 0.5]).reshape(3, 1, 1)
NETWORKS = {
    "groupnorm": lambda: network(nn.GroupNorm(4, 8), nn.ReLU()),
    "groupnorm_flat": lambda: network(nn.Flatten(2), nn.GroupNorm(2, 8), nn.ReLU()),
    "instancenorm": lambda: network(nn.InstanceNorm2d(8, affine=True), nn.ReLU()),
    "instancenorm_plain": lambda: network(nn.InstanceNorm2d(8), nn.ReLU()),
    "layernorm": lambda: network(nn.LayerNorm(6), nn.ReLU()),
    "layernorm_two": lambda: network(nn.LayerNorm([6, 6]), nn.ReLU()),
    "rmsnorm": lambda: network(nn.RMSNorm(6), nn.ReLU()),
    "batchnorm": lambda: network(nn.ReLU(), nn.BatchNorm2d(8)),
    "frozenbatchnorm": lambda: network(FrozenBatchNorm2d(8), nn.ReLU()),
    "layerscale": lambda: network(Scaled(8), nn.ReLU()),
    "arithmetic": lambda: network(nn.ReLU(), Function(lambda x: 1.5 * x - 0.25), Function(lambda x: 2 - x / 3), nn.ReLU()),
    "normalized_input": lambda: nn.Sequential(Function(lambda x: (x - MEAN.to(x)) / STD.to(x)), *network(nn.ReLU())),
    "difference": lambda: network(Function(lambda x: x * x - x[:, :1].abs())),
    "quotient": lambda: network(nn.ReLU(), Function(lambda x: x / (1 + x.sum(1, keepdim=True)))),
    "squeezeexcite": lambda: network(nn.ReLU(), SqueezeExcite(8)),
    "cbam": lambda: network(nn.ReLU(), ChannelAttention(8)),
    "generalizedmean": lambda: network(nn.ReLU(), GeneralizedMean()),
    "choice": lambda: network(Function(lambda x: torch.where(x > 0.1, x, 0.5 * x * x)), nn.ReLU()),
    "extrema": lambda: network(Function(lambda x: torch.maximum(x, 0.3 * x.abs()) + torch.minimum(x, x.exp()))),
    "reductions": lambda: network(nn.ReLU(), Function(
        lambda x: torch.cat([x.sum(2), x.amax(3), x.norm(dim=2), x.logsumexp(3), x.abs().sum(2), x.amin(3)], 1))),
    "upsample": lambda: network(nn.ReLU(), nn.Upsample(scale_factor=2)),
    "upsample_linear": lambda: network(nn.ReLU(), nn.Upsample(scale_factor=1.5, mode="bilinear")),
    "upsample_cubic": lambda: network(nn.ReLU(), nn.Upsample(scale_factor=2, mode="bicubic")),
    "pixelshuffle": lambda: network(nn.ReLU(), nn.PixelShuffle(2)),
    "pixelunshuffle": lambda: network(nn.ReLU(), nn.PixelUnshuffle(2)),
    "globalmax": lambda: network(nn.ReLU(), nn.AdaptiveMaxPool2d(1)),
}
for name in ("Hardshrink", "Hardsigmoid", "Hardswish", "LogSigmoid", "CELU", "SELU", "GELU", "SiLU", "Softplus", "Softshrink",
             "Softsign", "Tanhshrink", "Mish", "ELU", "PReLU"):
    NETWORKS[name.lower()] = lambda name=name: network(getattr(nn, name)())
NETWORKS["gelu_tanh"] = lambda: network(nn.GELU(approximate="tanh"))
NETWORKS["threshold"] = lambda: network(nn.Threshold(0.1, -0.3))
NETWORKS["softplus_beta"] = lambda: network(nn.Softplus(2.0))
NETWORKS["glu"] = lambda: network(nn.GLU(1))


class Recurrent(nn.Module):
    """A sequence (N, T, 4), read by a recurrent layer, and the classes."""
    def __init__(self, layer, head, features):
        super().__init__()
        self.layer, self.head, self.fc = layer, head, nn.Linear(features, 5)

    def forward(self, x):
        return self.fc(self.head(*self.layer(x)))


class RecurrentHead(nn.Module):
    """Rows of a picture's features, read one after the other."""
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv, self.layer, self.fc = nn.Conv2d(3, 4, 3, padding=1), nn.LSTM(24, 5, batch_first=True), nn.Linear(5, 5)

    def forward(self, x):
        x = self.relu(self.conv(x)).permute(0, 2, 1, 3).flatten(2)
        return self.fc(self.layer(x)[0][:, -1])


LAST, ALL = lambda y, h: y[:, -1], lambda y, h: y.flatten(1)
NETWORKS["lstm"] = lambda: Recurrent(nn.LSTM(4, 5, batch_first=True), LAST, 5)
NETWORKS["lstm_all"] = lambda: Recurrent(nn.LSTM(4, 5, batch_first=True), ALL, 30)
NETWORKS["lstm_final"] = lambda: Recurrent(nn.LSTM(4, 5, batch_first=True, num_layers=2), lambda y, h: h[0][-1], 5)
NETWORKS["lstm_cell"] = lambda: Recurrent(nn.LSTM(4, 5, batch_first=True), lambda y, h: h[1][0], 5)
NETWORKS["lstm_both"] = lambda: Recurrent(nn.LSTM(4, 5, batch_first=True, bidirectional=True), ALL, 60)
NETWORKS["lstm_both_final"] = lambda: Recurrent(
    nn.LSTM(4, 3, batch_first=True, bidirectional=True, num_layers=2), lambda y, h: torch.cat([h[0][-2], h[0][-1]], 1), 6)
NETWORKS["gru"] = lambda: Recurrent(nn.GRU(4, 5, batch_first=True), LAST, 5)
NETWORKS["gru_all"] = lambda: Recurrent(nn.GRU(4, 5, batch_first=True), ALL, 30)
NETWORKS["gru_both"] = lambda: Recurrent(nn.GRU(4, 5, batch_first=True, bidirectional=True, num_layers=2), LAST, 10)
NETWORKS["gru_final"] = lambda: Recurrent(nn.GRU(4, 5, batch_first=True), lambda y, h: h[-1], 5)
NETWORKS["rnn"] = lambda: Recurrent(nn.RNN(4, 5, batch_first=True), LAST, 5)
NETWORKS["rnn_relu"] = lambda: Recurrent(nn.RNN(4, 5, batch_first=True, nonlinearity="relu"), ALL, 30)
NETWORKS["lstm_head"] = RecurrentHead


def stab(z):
    return z + (1e-6 if z >= 0 else -1e-6)


def share(relevance, sums, weights, inputs, result, factors=None):
    """Hands the relevance of weighted sums to their inputs by contributions."""
    for row in range(len(relevance)):
        for column in range(len(inputs)):
            contribution = weights[row][column] * inputs[column] * (1 if factors is None else factors[row])
            result[column] += contribution / stab(sums[row]) * relevance[row]


def gated(layer, x, arriving):
    """Relevance of a sequence (T, I) for what arrives at the states (T, H): gates take nothing, signals take all (Arras et
    al. 2017), in loops."""
    w, u = layer.weight_ih_l0.tolist(), layer.weight_hh_l0.tolist()
    a, b = layer.bias_ih_l0.tolist(), layer.bias_hh_l0.tolist()
    count, steps, sigmoid = layer.hidden_size, [], lambda z: 1 / (1 + math.exp(-z))
    h, c = [0.0] * count, [0.0] * count
    dot = lambda row, vector: sum(p * q for p, q in zip(row, vector))
    for t in range(len(x)):
        inside = [dot(w[j], x[t]) + a[j] for j in range(len(w))]
        back = [dot(u[j], h) + b[j] for j in range(len(w))]
        step = {"h": h, "c": c}
        if isinstance(layer, nn.LSTM):
            z = [p + q for p, q in zip(inside, back)]
            i, f, o = ([sigmoid(z[k * count + j]) for j in range(count)] for k in (0, 1, 3))
            step["sum"] = z[2 * count:3 * count]
            g = [math.tanh(v) for v in step["sum"]]
            c = [f[j] * c[j] + i[j] * g[j] for j in range(count)]
            h = [o[j] * math.tanh(c[j]) for j in range(count)]
            step.update(i=i, f=f, g=g, new=c)
        elif isinstance(layer, nn.GRU):
            r, z = ([sigmoid(inside[k * count + j] + back[k * count + j]) for j in range(count)] for k in (0, 1))
            step["sum"] = [inside[2 * count + j] + r[j] * back[2 * count + j] for j in range(count)]
            n = [math.tanh(v) for v in step["sum"]]
            h = [(1 - z[j]) * n[j] + z[j] * h[j] for j in range(count)]
            step.update(r=r, z=z, n=n, new=h)
        else:
            step["sum"] = [p + q for p, q in zip(inside, back)]
            h = [math.tanh(v) if layer.nonlinearity == "tanh" else max(v, 0) for v in step["sum"]]
        steps.append(step)
    result = [[0.0] * len(x[0]) for _ in x]
    state, cell = [0.0] * count, [0.0] * count
    for t in reversed(range(len(x))):
        step = steps[t]
        state = [p + q for p, q in zip(state, arriving[t])]
        before = [0.0] * count
        rows = slice(2 * count, 3 * count)
        if isinstance(layer, nn.LSTM):
            cell = [p + q for p, q in zip(cell, state)]
            signal = [step["i"][j] * step["g"][j] / stab(step["new"][j]) * cell[j] for j in range(count)]
            cell = [step["f"][j] * step["c"][j] / stab(step["new"][j]) * cell[j] for j in range(count)]
            factors = None
        elif isinstance(layer, nn.GRU):
            signal = [(1 - step["z"][j]) * step["n"][j] / stab(step["new"][j]) * state[j] for j in range(count)]
            before = [step["z"][j] * step["h"][j] / stab(step["new"][j]) * state[j] for j in range(count)]
            factors = step["r"]
        else:
            signal, rows, factors = state, slice(0, count), None
        share(signal, step["sum"], w[rows], x[t], result[t])
        share(signal, step["sum"], u[rows], step["h"], before, factors)
        state = before
    return result


def gated_relevance(model, data):
    """The whole network's, with epsilon in its last layer."""
    states = model.layer(data)[0][0].tolist()
    relevance = model(data)[0]
    target = int(relevance.argmax())
    inputs = model.head(*model.layer(data))[0].tolist()
    arriving = [0.0] * len(inputs)
    share([float(relevance[target])], [float(relevance[target])], [model.fc.weight[target].tolist()], inputs, arriving)
    count = model.layer.hidden_size
    if len(inputs) == count:
        arriving = [0.0] * (len(states) - 1) * count + arriving
    rows = [arriving[t * count:(t + 1) * count] for t in range(len(states))]
    return torch.tensor([gated(model.layer, data[0].tolist(), rows)])


def export(model, data, exporter, operator_set):
    if exporter == "old":
        stream = io.BytesIO()
        torch.onnx.export(model, (data,), stream, opset_version=operator_set, dynamo=False)
        return onnx.load_from_string(stream.getvalue())
    return torch.onnx.export(model, (data,), None, opset_version=operator_set, dynamo=True, verbose=False).model_proto


if sys.argv[1:]:
    results = {key: torch.from_numpy(value) for key, value in load_file(FILE).items()
               if not any(key.startswith(name + end) for name in sys.argv[1:] for end in (".", "_old_", "_new_"))}
for name, make in NETWORKS.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    torch.manual_seed(17)
    model = make().eval()
    randomize(model)
    data = torch.rand(*((1, 6, 4) if isinstance(model, Recurrent) else (1, 3, 6, 6))) * 2 - 1
    written = {}
    for exporter, operator_set in (("old", 9), ("old", 13), ("old", 17), ("new", 18), ("new", 20), ("new", 22)):
        if exporter == "new" and name.startswith("rnn"):
            continue  # unrolled, with time in front of the batch
        try:
            proto = export(copy.deepcopy(model), data, exporter, operator_set)
        except Exception as error:
            print(name, exporter, operator_set, str(error).replace("\n", " ")[:100])
            continue
        for node in proto.graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        found = torch.from_numpy(session.run(None, {session.get_inputs()[0].name: data.numpy()})[0])
        with torch.no_grad():
            if not torch.allclose(found, model(data), atol=1e-4):
                print(name, exporter, operator_set, "exported as another network")
                continue
        proto.graph.ClearField("value_info")
        proto.graph.ClearField("metadata_props")
        operators = " ".join(node.op_type for node in proto.graph.node if node.op_type != "Constant")
        if written.get(exporter) == operators:
            continue
        written[exporter] = operators
        results[f"{name}_{exporter}_{operator_set}.model"] = torch.frombuffer(
            bytearray(proto.SerializeToString()), dtype=torch.uint8)
    model, data = model.double(), data.double().requires_grad_()
    output = model(data)
    mask = F.one_hot(output.argmax(1), output.shape[1]).to(output)
    results[f"{name}.input"], results[f"{name}.output"] = data, output
    if name in ("lstm", "lstm_all", "gru", "gru_all", "gru_final", "rnn", "rnn_relu"):
        results[f"{name}.gated"] = gated_relevance(model, data)
    for rule, composite in (("none", None), ("epsilon_plus", EpsilonPlus())):
        if name == "glu" and composite:
            continue  # a sigmoid called as a function gets a rule here, none in zennit
        with Gradient(model=model, composite=composite) as attributor:
            results[f"{name}.{rule}"] = attributor(data, output.detach() * mask)[1]

save_file({key: (value if value.dtype == torch.uint8 else value.detach().float()).numpy()
           for key, value in results.items()}, FILE)
print(len(NETWORKS), "networks")
