"""Relevance at the output of every module."""
import copy

import torch
from zennit.core import Composite


def relevances(model, composite, data, seed_of):
    """Runs `model` under `composite` and returns the relevance at the output of each leaf module, and at `input`.

    A tensor's gradient under zennit's hooks, after what comes from all its readers is added up, is the relevance that
    arrives there. `seed_of` makes the relevance at the output from the output.
    """
    found = {}
    handles = []

    def record(name):
        def keep(gradient):
            if name in found:
                raise ValueError(f"module {name} is used twice")
            found[name] = gradient.detach().clone()

        return keep

    def observer(name):
        return lambda module, arguments, output: output.register_hook(record(name)) and None

    data = data.clone().requires_grad_()
    with (composite or Composite()).context(model) as modified:
        for name, module in modified.named_modules():
            if name and not list(module.children()):
                handles.append(module.register_forward_hook(observer(name)))
        output = modified(data)
        seed = seed_of(output.detach())
        output.backward(seed)
    for handle in handles:
        handle.remove()
    found["input"] = data.grad.detach().clone()
    return output.detach(), found


def both(model, make_composite, data, seed_of):
    """The same in float64 and in float32: (exact output, exact relevances, single relevances)."""
    single_model = copy.deepcopy(model)
    exact_model = copy.deepcopy(model).double()
    output, exact = relevances(exact_model, make_composite(), data.double(), seed_of)
    _, single = relevances(single_model, make_composite(), data.clone(), seed_of)
    return output, exact, single


def seed_function(kind, targets):
    """`logit`: output * onehot(target); `one`: onehot(target)."""

    def seed_of(output):
        onehot = torch.eye(output.shape[1], dtype=output.dtype)[targets]
        return output * onehot if kind == "logit" else onehot

    return seed_of
