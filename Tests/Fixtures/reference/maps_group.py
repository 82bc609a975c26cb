"""The `maps` groups: a random rule with random parameters for every layer, pixels only."""
import copy
import math
import random

from torch import nn
from zennit.core import collect_leaves
from zennit.layer import Sum
from zennit.types import AvgPool, BatchNorm, Convolution

from . import attributing, building, embedded_group, networks

HEAVY = 1 << 24  # parameters from which on a layer gets a rule that makes no copies of them


def stabilizer(draw):
    """Wide enough for a well-posed case."""
    epsilon = round(10 ** draw.uniform(-2, 0), 4)
    form = draw.random()
    if form < 0.6:
        return epsilon
    options = {"epsilon": epsilon, "norm_scale": True}
    return options if form < 0.8 else {**options, "clip": True}


def linear_rule(draw, first, heavy):
    """A rule for a convolution or fully connected layer."""
    kinds = ["Epsilon"] if heavy else ["Epsilon", "ZPlus", "ZPlus", "AlphaBeta", "Gamma", "Gamma", "WSquare", "Flat"]
    kind = draw.choice(kinds + (["ZBox"] * 4 if first else []))
    parameters = {"epsilon" if kind == "Epsilon" else "stabilizer": stabilizer(draw)}
    if kind == "AlphaBeta":
        beta = draw.randint(0, 8) / 8
        parameters.update(alpha=1 + beta, beta=beta)
    elif kind == "Gamma":
        parameters.update(gamma=round(10 ** draw.uniform(-1.5, 1), 4))
    elif kind == "ZBox":
        parameters.update(low=[-1.0, -1.5, -1.25], high=[1.0, 1.5, 1.25])
    if draw.random() < 0.2:
        parameters["zero_params"] = ["bias"]
    return kind, parameters


def leaf_names(model, canonizers):
    """Names and modules of the leaves in registration order, with the canonizers applied."""
    model = copy.deepcopy(model)  # merging leaves traces behind
    handles = [handle for canonizer in canonizers for handle in canonizer.apply(model)]
    names = {module: name for name, module in model.named_modules()}
    return [(names[leaf], leaf) for leaf in collect_leaves(model)], handles


def random_map(draw, leaves):
    """A list of {names, rule, parameters} over the leaves; a few activations are left to the gradient."""
    entries = []
    first = True
    for name, module in leaves:
        if "#" in name:
            continue
        if isinstance(module, (Convolution, nn.Linear)):
            rule, parameters = linear_rule(draw, first, module.weight.numel() > HEAVY)
            first = False
        elif isinstance(module, Sum):
            rule, parameters = "Norm", {"stabilizer": stabilizer(draw)}
        elif isinstance(module, AvgPool):
            rule, parameters = "Norm", {"stabilizer": 1e-6}
        elif isinstance(module, BatchNorm):
            rule, parameters = "Pass", {}
        elif isinstance(module, (nn.ReLU, nn.ReLU6)) and draw.random() < 0.85:
            rule, parameters = draw.choice([("Pass", {}), ("Pass", {}), ("Pass", {}), ("ReLUBetaSmooth", {"beta_smooth": 5})])
        else:
            continue
        same = next((e for e in entries if e["rule"] == rule and e["parameters"] == parameters), None)
        if same:
            same["names"].append(name)
        else:
            entries.append({"names": [name], "rule": rule, "parameters": parameters})
    return entries


def make_maps(store, name, model, data, targets, canonizers, described, numbers):
    cases = []
    leaves, _ = leaf_names(model, canonizers())
    for number in numbers:
        draw = random.Random(f"{name}-{number}")
        entries = random_map(draw, leaves)
        seed_of = attributing.seed_function("logit", targets)
        _, exact, single = attributing.both(
            model, lambda: building.name_map(entries, canonizers(), data.ndim), data, seed_of)
        if not math.isfinite(exact["input"].norm().item()):
            raise ValueError(f"{name}-{number}: not finite")
        result = store.result(f"{number}/input", exact["input"], single["input"])
        cases.append({
            "name": f"map{number}", "map": entries, "canonised": True, "relevance": "logit", "targets": targets,
            "results": {"input": result}})
    return {
        "group": store.group, "model": name, "shape": list(data.shape), "input": store.put("picture", data),
        "cases": cases, **described}


def torchvision_maps(name, target, numbers):
    """Random maps on one of torchvision's networks."""

    def make(store):
        model, canonizers, canonizer = networks.named(name)
        described = {"parameters": {"seed": networks.SEED}, "canonizer": canonizer}
        return make_maps(
            store, name, model, networks.picture((1, 3, 64, 64)), [target], canonizers, described, numbers)

    return make


def embedded_maps(numbers):
    """Random maps on EfficientNet-Lite0 and the picture that comes with it."""

    def make(store):
        name = "efficientnet_lite0"
        model, data, target = embedded_group.lite0_and_picture()
        described = {"parameters": {"embedded": name}, "canonizer": "SequentialMergeBatchNorm"}
        return make_maps(store, name, model, data, [target], embedded_group.canonizers, described, numbers)

    return make


def of(name, numbers):
    return embedded_maps(numbers) if name == "efficientnet_lite0" else torchvision_maps(name, 5, numbers)
