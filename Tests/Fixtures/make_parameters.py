#!/usr/bin/env python3
"""Makes Tests/Fixtures/parameters: the relevance of weights and biases, from the parts of zennit's rules.

Set up as README.md says. Layers, inputs and arriving relevance are those of the `rules` group, input `mixed`. Each of a
rule's passes `z_k = f(x_k; w_k)` with its seed s_k contributes `a_k * w_k * d<z_k, s_k>/dw_k`, where a_k is the factor
with which the rule's reducer takes up the pass.
"""
import json
import pathlib

import safetensors.torch
import torch
from zennit.core import ParamMod

from reference import building, rule_layers, seeded
from reference.rules_group import SEED
from reference.store import Store

HERE = pathlib.Path(__file__).resolve().parent
RULES = [
    ("Epsilon", {"epsilon": 0.25}),
    ("Epsilon", {"epsilon": 0.25, "zero_params": ["bias"]}),
    ("Norm", {"stabilizer": 0.25}),
    ("ZPlus", {"stabilizer": 0.25}),
    ("AlphaBeta", {"alpha": 1.5, "beta": 0.5, "stabilizer": 0.125}),
    ("Gamma", {"gamma": 0.25, "stabilizer": 0.125}),
    ("ZBox", {"low": -1, "high": 1, "stabilizer": 0.25}),
    ("WSquare", {"stabilizer": 0.125}),
    ("Flat", {"stabilizer": 0.5}),
]


def factors(rule, count):
    """How the reducer weighs each pass: linear in the gradients, inputs of one."""
    ones = [torch.ones(1, dtype=torch.float64) for _ in range(count)]
    for index in range(count):
        gradients = [torch.zeros(1, dtype=torch.float64) for _ in range(count)]
        gradients[index] = ones[index]
        yield rule.reducer(ones, gradients).item()


def shares(module, rule, data, relevance):
    """{parameter name: relevance} of one layer."""
    names = [name for name, _ in module.named_parameters(recurse=False)]
    total = {name: torch.zeros_like(getattr(module, name)) for name in names}
    outputs, parameters = [], []
    for change_input, change_parameters in zip(rule.input_modifiers, rule.param_modifiers):
        _, modified = ParamMod.ensure(change_parameters).state_dicts(module)
        values = {name: modified.get(name, getattr(module, name)).detach().clone().requires_grad_() for name in names}
        outputs.append(torch.func.functional_call(module, values, (change_input(data),)))
        parameters.append(values)
    seeds = rule.gradient_mapper(relevance, outputs)
    seeds = [seeds] if isinstance(seeds, torch.Tensor) else seeds
    for output, values, seed, factor in zip(outputs, parameters, seeds, factors(rule, len(outputs))):
        gradients = torch.autograd.grad(output, list(values.values()), seed, allow_unused=True, retain_graph=True)
        for (name, value), gradient in zip(values.items(), gradients):
            if gradient is not None:
                total[name] += factor * (value * gradient).detach()
    return total


def main():
    torch.set_num_threads(1)
    store = Store(HERE / "parameters", "parameters")
    described = {layer["name"]: layer for layer in json.loads((HERE / "golden" / "rules.json").read_text())["layers"]}
    tensors = safetensors.torch.load_file(HERE / "golden" / "rules.safetensors")
    cases = []
    for entry in rule_layers.weighted():
        layer = described[entry["name"]]
        module = seeded.fill(entry["make"]().eval(), SEED).requires_grad_(False)
        data, relevance = tensors[layer["inputs"]["mixed"]], tensors[layer["relevance"]]
        for index, (name, parameters) in enumerate(RULES):
            exact = shares(module.double(), building.rule(name, parameters), data.double(), relevance.double())
            single = shares(module.float(), building.rule(name, parameters), data, relevance)
            results = {key: store.result(f"{entry['name']}.{index}.{key}", exact[key], single[key]) for key in exact}
            cases.append({"layer": entry["name"], "rule": name, "parameters": parameters, "results": results})
    store.write({"cases": cases})


if __name__ == "__main__":
    main()
