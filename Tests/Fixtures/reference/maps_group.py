"""The `maps` groups: a random rule with random parameters for every layer, pixels only."""
import copy
import math
import random

from torch import nn
from zennit.core import collect_leaves
from zennit.layer import Sum
from zennit.types import AvgPool, BatchNorm, Convolution

from . import attributing, building, embedded_group, networks
from .store import relative_error

HEAVY = 1 << 24  # parameters from which on a layer gets a rule that makes no copies of them


# Powers of ten between which stabilizers are drawn. Wide ones make well-posed cases; the narrow ones reach down to
# zennit's default, where a denominator that happens to be near zero is divided by as it is.
WIDE, NARROW = (-2, 0), (-6, -2)


def stabilizer(draw, powers):
    epsilon = float(f"{10 ** draw.uniform(*powers):.4g}") if powers == NARROW else round(10 ** draw.uniform(*powers), 4)
    form = draw.random()
    if form < 0.6:
        return epsilon
    options = {"epsilon": epsilon, "norm_scale": True}
    return options if form < 0.8 else {**options, "clip": True}


def linear_rule(draw, first, heavy, powers):
    """A rule for a convolution or fully connected layer."""
    kinds = ["Epsilon"] if heavy else ["Epsilon", "ZPlus", "ZPlus", "AlphaBeta", "Gamma", "Gamma", "WSquare", "Flat"]
    kind = draw.choice(kinds + (["ZBox"] * 4 if first else []))
    parameters = {"epsilon" if kind == "Epsilon" else "stabilizer": stabilizer(draw, powers)}
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


def random_map(draw, leaves, powers=WIDE):
    """A list of {names, rule, parameters} over the leaves; a few activations are left to the gradient."""
    entries = []
    first = True
    for name, module in leaves:
        if "#" in name:
            continue
        if isinstance(module, (Convolution, nn.Linear)):
            rule, parameters = linear_rule(draw, first, module.weight.numel() > HEAVY, powers)
            first = False
        elif isinstance(module, Sum):
            rule, parameters = "Norm", {"stabilizer": stabilizer(draw, powers)}
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


def make_maps(store, name, model, data, targets, canonizers, described, numbers, narrow=None, modules=False):
    """The maps `numbers`. `narrow` is `None` for those that are kept under golden; for others, whether their stabilizers
    are narrow, and each is run several times more to see how well-posed it is. With `modules`, the relevance at every
    module is kept too, to see where a difference begins."""
    cases = []
    leaves, _ = leaf_names(model, canonizers())
    exact_model = copy.deepcopy(model).double()
    seed_of = attributing.seed_function("logit", targets)
    title = "narrow" if narrow else "map"
    for number in numbers:
        draw = random.Random(f"{name}-narrow-{number}" if narrow else f"{name}-{number}")
        entries = random_map(draw, leaves, NARROW if narrow else WIDE)

        def composite():
            return building.name_map(entries, canonizers(), data.ndim)

        _, exact = attributing.relevances(exact_model, composite(), data.double(), seed_of)
        _, single = attributing.relevances(model, composite(), data.clone(), seed_of)
        if not math.isfinite(exact["input"].norm().item()):
            raise ValueError(f"{name}-{number}: not finite")
        result = store.result(f"{title}{number}/input" if narrow is not None else f"{number}/input", exact["input"], single["input"])
        if narrow is not None:
            result["draws"] = attributing.draws(model, composite, data, seed_of, exact["input"], relative_error)
        results = {"input": result}
        if modules:
            results |= {
                node: store.result(f"{title}{number}/{node}", exact[node], single[node], True) for node in exact if node != "input"}
        cases.append({
            "name": f"{title}{number}", "map": entries, "canonised": True, "relevance": "logit", "targets": targets,
            "results": results})
    return {
        "group": store.group, "model": name, "shape": list(data.shape), "input": store.put("picture", data),
        "cases": cases, **described}


def torchvision_maps(name, target, numbers, **options):
    """Random maps on one of torchvision's networks."""

    def make(store):
        model, canonizers, canonizer = networks.named(name)
        described = {"parameters": {"seed": networks.SEED}, "canonizer": canonizer}
        return make_maps(
            store, name, model, networks.picture((1, 3, 64, 64)), [target], canonizers, described, numbers, **options)

    return make


def embedded_maps(numbers, **options):
    """Random maps on EfficientNet-Lite0 and the middle of the picture that comes with it."""

    def make(store):
        name = "efficientnet_lite0"
        model, data, target = embedded_group.lite0_and_picture()
        data = data[..., 64:160, 64:160].contiguous()
        described = {"parameters": {"embedded": name}, "canonizer": "SequentialMergeBatchNorm"}
        return make_maps(store, name, model, data, [target], embedded_group.canonizers, described, numbers, **options)

    return make


def of(name, numbers, **options):
    if name == "efficientnet_lite0":
        return embedded_maps(numbers, **options)
    return torchvision_maps(name, 5, numbers, **options)
