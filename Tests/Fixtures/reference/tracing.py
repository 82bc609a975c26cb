"""torchvision's networks with a module, and so a name, for everything that their code calls as a function.

`traced(name)` gives a network that computes the same, whose forward function runs a list of steps. A function that
belongs to the module M is the module `M.FUNCTION` (`features.3.add`); a second one, or a second use of a module, has
`#2` after its name. Modules and parameters keep their names.
"""
import operator
import types

import torch
import torch.nn.functional as F
from torch import fx, nn
from torchvision import models, ops
from torchvision.models import convnext, shufflenetv2

from . import networks

shufflenetv2.channel_shuffle = torch.channel_shuffle  # one operation instead of three that depend on the extents


class Add(nn.Module):
    def forward(self, left, right):
        return left + right


class Product(nn.Module):
    def forward(self, left, right):
        return left * right


class Scale(nn.Module):
    """A product with a parameter of the owner."""

    def __init__(self, owner, name):
        super().__init__()
        self.owner, self.name = [owner], name  # in a list, so that it is no module of this one

    def forward(self, data):
        return getattr(self.owner[0], self.name) * data


class Concatenation(nn.Module):
    def forward(self, *parts):
        return torch.cat(parts, 1)


class Slice(nn.Module):
    def __init__(self, count, index):
        super().__init__()
        self.count, self.index = count, index

    def forward(self, data):
        return data.chunk(self.count, dim=1)[self.index].clone()


KINDS = {
    nn.Linear: "FullyConnected", convnext.LayerNorm2d: "LayerNorm", ops.StochasticDepth: "Dropout",
    ops.misc.Permute: "Transpose", Concatenation: "Concatenation"}


def kind(module):
    """Our name for the class of a module."""
    return KINDS.get(type(module), type(module).__name__)


class Tracer(fx.Tracer):
    """Knows which module each operation belongs to."""

    def is_leaf_module(self, module, path):
        return isinstance(module, (ops.StochasticDepth, ops.misc.Permute, convnext.LayerNorm2d)) or super().is_leaf_module(
            module, path)


def owner_of(node):
    stack = node.meta.get("nn_module_stack") or {}
    return list(stack.values())[-1][0] if stack else ""


def replacement(node, model):
    """A module for an operation and the tensors it reads: (name, module, inputs), or None if it is no step."""
    function, arguments = node.target, list(node.args)
    if function in (operator.add, operator.iadd):
        return "add", Add(), arguments
    if function is operator.mul:
        scale = [a for a in arguments if a.op == "get_attr"]
        if scale:
            path, _, name = scale[0].target.rpartition(".")
            return "mul", Scale(model.get_submodule(path), name), [a for a in arguments if a.op != "get_attr"]
        return "mul", Product(), arguments
    if function is torch.cat:
        return "cat", Concatenation(), list(arguments[0])
    if function is F.relu:
        return "relu", nn.ReLU(), arguments[:1]
    if function is torch.flatten:
        return "flatten", nn.Flatten(), arguments[:1]
    if function is torch.channel_shuffle:
        return "channel_shuffle", nn.ChannelShuffle(arguments[1]), arguments[:1]
    if function is F.adaptive_avg_pool2d:
        return "adaptive_avg_pool2d", nn.AdaptiveAvgPool2d(arguments[1]), arguments[:1]
    if function is F.avg_pool2d:
        return "avg_pool2d", nn.AvgPool2d(**node.kwargs), arguments[:1]
    if function is F.max_pool2d:
        return "max_pool2d", nn.MaxPool2d(arguments[1], node.kwargs["stride"]), arguments[:1]
    if function is operator.getitem and arguments[0].target == "chunk":
        return "chunk", Slice(arguments[0].args[1], arguments[1]), arguments[0].args[:1]
    raise ValueError(f"no module for {node.format_node()}")


def plain(name, classes):
    """A network of torchvision's, without auxiliary heads and without memory for its parameters."""
    options = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    with torch.device("meta"):
        return networks.apart(getattr(models, name)(num_classes=classes, **options))


def traced(name, classes=10):
    """The same with a module for each step."""
    model = plain(name, classes)
    graph = Tracer().trace(model)
    uses, steps, where = {}, [], {}

    def step(node, path, module, inputs):
        uses[path] = uses.get(path, 0) + 1
        unique = path if uses[path] == 1 else f"{path}#{uses[path]}"
        if unique not in dict(model.named_modules()):
            owner, _, leaf = unique.rpartition(".")
            model.get_submodule(owner).add_module(leaf, module)
        steps.append((unique, [where.get(i) for i in inputs]))
        where[node] = unique

    for node in graph.nodes:
        if node.op == "placeholder":
            where[node] = "input"
        elif node.op == "call_module":
            module = model.get_submodule(node.target)
            second = type(module)() if uses.get(node.target) else module
            step(node, node.target, second, node.args)
        elif node.op == "call_method" and node.target == "mean":
            step(node, "mean", nn.AdaptiveAvgPool2d(1), node.args[:1])
            step(node, "flatten", nn.Flatten(), [node])
        elif node.op == "call_method" and node.target == "chunk" or node.op == "get_attr":
            pass
        elif node.op == "output":
            assert where[node.args[0]] == steps[-1][0]
        else:
            path, module, inputs = replacement(node, model)
            owner = owner_of(node)
            step(node, f"{owner}.{path}" if owner else path, module, inputs)

    def forward(self, data):
        values = {"input": data}
        for path, inputs in self.steps:
            values[path] = self.get_submodule(path)(*[values[i] for i in inputs])
        return values[self.steps[-1][0]]

    model.steps = steps
    model.forward = types.MethodType(forward, model)
    return model


def numbers(value):
    return "x".join(map(str, value if isinstance(value, tuple) else (value, value)))


def details(module):
    """What a module does, apart from its parameters."""
    if isinstance(module, nn.Conv2d):
        return f"stride={numbers(module.stride)} padding={numbers(module.padding)} groups={module.groups}"
    if isinstance(module, (nn.MaxPool2d, nn.AvgPool2d)):
        window = f"kernel={numbers(module.kernel_size)} stride={numbers(module.stride)}"
        return f"{window} padding={numbers(module.padding)} ceil={module.ceil_mode}".lower()
    if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
        return f"eps={module.eps}"
    return ""


def outline(model):
    """Steps as lines `name kind inputs... details`, and parameters as `name shape`; sorted."""
    lines = sorted(
        " ".join([path, kind(module), *inputs, details(module)]).rstrip()
        for path, module, inputs in ((path, model.get_submodule(path), inputs) for path, inputs in model.steps))
    state = sorted(
        f"{name} {'x'.join(map(str, value.shape))}" for name, value in model.state_dict().items()
        if not name.endswith("num_batches_tracked"))
    return lines, state
