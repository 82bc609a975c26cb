#!/usr/bin/env python3
"""Makes Tests/Fixtures/second_order: gradients of attributions with respect to the input, with zennit.

Set up as README.md says. The network and its input are those of `attributors`; for each curved activation there is also
a small network of two linear layers around it. What is differentiated is the product of the attribution with `weights`.
"""
import torch
from torch import nn
from zennit import composites
from zennit.core import Composite, Stabilizer

from make_attributors import HERE, SHAPE, TARGETS, network
from reference import seeded
from reference.attributing import seed_function
from reference.store import Store

SEED = 5
NORM = {"epsilon": 0.25, "norm_scale": True}
CLIP = {"epsilon": 0.25, "clip": True}
NORM_CLIP = {"epsilon": 0.5, "clip": True, "norm_scale": True}
WIDE = {"epsilon": 0.25, "stabilizer": 0.25}
PRESETS = [
    (None, {}),
    ("beta_smooth", {}),
    ("beta_smooth", {"beta_smooth": 3}),
    ("guided_backprop", {}),
    ("deconvnet", {}),
    ("epsilon_plus", WIDE),
    ("epsilon_plus", {"epsilon": NORM, "stabilizer": 0.25}),
    ("epsilon_plus", {"epsilon": CLIP, "stabilizer": 0.25}),
    ("epsilon_plus", {"epsilon": NORM_CLIP, "stabilizer": 0.25}),
    ("epsilon_plus_flat", WIDE),
    ("epsilon_alpha2_beta1", WIDE),
    ("epsilon_gamma_box", {**WIDE, "low": -2.0, "high": 2.0, "gamma": 0.5}),
    ("excitation_backprop", {"stabilizer": 0.25}),
]
ACTIVATIONS = {
    "elu": nn.ELU(1.5), "celu": nn.CELU(1.5), "selu": nn.SELU(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU("tanh"),
    "sigmoid": nn.Sigmoid(), "silu": nn.SiLU(), "softplus": nn.Softplus(2.0), "softsign": nn.Softsign(),
    "tanh": nn.Tanh(), "tanhshrink": nn.Tanhshrink(), "logsigmoid": nn.LogSigmoid(), "hardswish": nn.Hardswish(),
    "leakyrelu": nn.LeakyReLU(0.1),
}


def around(activation):
    return seeded.fill(nn.Sequential(nn.Linear(6, 5), activation, nn.Linear(5, 3)).eval(), SEED)


def value(given):
    return Stabilizer(**given) if isinstance(given, dict) else given


def second(model, preset, parameters, data, weights, seed_of, dtype):
    model = model.to(dtype)
    options = {key: value(given) for key, given in parameters.items()}
    composite = composites.COMPOSITES[preset](**options) if preset else Composite()
    data = data.detach().to(dtype).requires_grad_()
    with composite.context(model) as modified:
        output = modified(data)
        attribution, = torch.autograd.grad(output, data, seed_of(output), create_graph=True)
        with composite.inactive():
            result, = torch.autograd.grad(attribution, data, weights.to(dtype), allow_unused=True)
    return torch.zeros_like(data) if result is None else result


def main():
    torch.set_num_threads(1)
    store = Store(HERE / "second_order", "second_order")
    data = seeded.tensor("input", SHAPE, 3)
    weights = seeded.tensor("weights", SHAPE, SEED)
    store.put("weights", weights)
    cases = []

    def add(name, make, preset, parameters, data, weights, relevance, **more):
        seed_of = (lambda output: output) if relevance == "output" else seed_function(relevance, TARGETS)
        exact, single = (
            second(make(), preset, parameters, data, weights, seed_of, dtype) for dtype in (torch.float64, torch.float32))
        cases.append({
            "name": name, "preset": preset, "parameters": parameters, "relevance": relevance,
            "result": store.result(name, exact, single), **more,
        })

    for index, (preset, parameters) in enumerate(PRESETS):
        # With a constant at the output, zennit keeps no graph in the rule of the last layer.
        constant = ["one"] if preset in (None, "beta_smooth", "guided_backprop", "deconvnet") else []
        for relevance in ["logit", "output"] + constant:
            add(f"{index}.{preset}.{relevance}", network, preset, parameters, data, weights, relevance)
    small = store.put("small", seeded.tensor("small", (4, 6), SEED, 2.0))
    small_weights = store.put("small_weights", seeded.tensor("small_weights", (4, 6), SEED))
    for key, parameter in around(nn.ReLU()).state_dict().items():
        store.put(f"around.{key}", parameter)
    for name, activation in ACTIVATIONS.items():
        for preset, parameters in ((None, {}), ("epsilon_plus", WIDE)):
            add(
                f"{name}.{preset}", lambda: around(activation), preset, parameters, store.tensors[small],
                store.tensors[small_weights], "output", activation=name)
    store.write({"targets": TARGETS, "cases": cases})


if __name__ == "__main__":
    main()
