"""The `rules` group: every rule on every layer kind."""
import copy

import torch

from . import building, rule_layers, rule_variants, seeded
from .attributing import relevances

SEED = 20261123


class Stacked(torch.nn.Module):
    """The inputs of a Sum, stacked as torchvision's canonizers do it."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, data):
        return self.layer(data)


def families():
    variants = rule_variants
    yield rule_layers.weighted(), variants.WEIGHTED, variants.RECTIFIED
    # Of the input's bounds, only those that are the same for all pixels can be told apart from the padding.
    yield rule_layers.wrapped(), [case for case in variants.WEIGHTED if case[1].get("low") != "tensor"], []
    yield rule_layers.normalised(), variants.NORMALISED, []
    yield rule_layers.pooling(), variants.UNPARAMETERISED, []
    yield rule_layers.maxima(), variants.UNPARAMETERISED, variants.MAXIMA
    yield rule_layers.normalising(), variants.NORMALISING, []
    yield rule_layers.activations(), variants.ACTIVATIONS, []
    yield rule_layers.others(), variants.OTHERS, []


def bounds(parameters, key, shape, store):
    """Replaces the words `channels` and `tensor` by values around the inputs, which are in [-1, 1)."""
    made = dict(parameters)
    given = dict(parameters)
    for name, shift in (("low", -1.25), ("high", 1.25)):
        word = parameters.get(name)
        if word == "channels":
            values = seeded.tensor(f"{key}.{name}", (shape[1],), SEED, 0.25, shift)
            made[name] = given[name] = [float(value) for value in values]
        elif word == "tensor":
            made[name] = seeded.tensor(f"{key}.{name}", (1, *shape[1:]), SEED, 0.25, shift)
            given[name] = {"tensor": store.put(f"{key}.{name}", made[name])}
    return made, given


def attributed(module, make_rule, data, relevance):
    """R at the input of `module`, in the precision of `data`."""
    name = "layer"
    composite = building.composites.NameMapComposite([((name,), make_rule)] if make_rule else [])
    _, found = relevances(Stacked(module), composite, data, lambda output: relevance.to(output))
    return found["input"]


def make_layer(entry, mixed, rectified, store):
    """All cases of one layer."""
    name, shape = entry["name"], entry["shape"]
    torch.manual_seed(0)
    module = seeded.fill(entry["make"]().eval(), SEED)
    if entry["kind"] == "PReLU":
        module.weight = torch.nn.Parameter(seeded.tensor(f"{name}.slope", tuple(module.weight.shape), SEED, 0.25, 0.25))
    described = {"name": name, "kind": entry["kind"], "options": entry["options"], "shape": list(shape)}
    described["parameters"] = {
        key: store.put(f"{name}.{key}", value)
        for key, value in module.state_dict().items()
        if value.is_floating_point()
    }
    full = (*shape, entry["options"]["inputs"]) if "inputs" in entry["options"] else shape
    inputs = {"mixed": seeded.tensor(f"{name}.mixed", full, SEED)}
    if rectified:
        inputs["rectified"] = seeded.tensor(f"{name}.rectified", full, SEED).clamp(min=0)
    with torch.no_grad():
        output = module(inputs["mixed"])
    relevance = seeded.tensor(f"{name}.relevance", tuple(output.shape), SEED)
    described["inputs"] = {key: store.put(f"{name}.{key}", value) for key, value in inputs.items()}
    described["output"] = store.put(f"{name}.output", copy.deepcopy(module).double()(inputs["mixed"].double()))
    described["relevance"] = store.put(f"{name}.relevance", relevance)
    described["cases"] = []
    for kind, variants in (("mixed", mixed), ("rectified", rectified)):
        for index, (rule, parameters) in enumerate(variants):
            key = f"{name}.{kind}.{index}"
            made, given = bounds(parameters, key, shape, store)
            exact, single = (
                attributed(
                    copy.deepcopy(module).to(dtype), building.rule(rule, made, len(shape)), inputs[kind].to(dtype), relevance)
                for dtype in (torch.float64, torch.float32)
            )
            described["cases"].append(
                {"rule": rule, "parameters": given, "input": kind, "result": store.result(key, exact, single)})
    return described


def make(store):
    layers = [
        make_layer(entry, mixed, rectified, store)
        for entries, mixed, rectified in families()
        for entry in entries
    ]
    return {"group": "rules", "seed": SEED, "layers": layers}
