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


def neighbours(data, seed):
    """`data` with every float32 moved to the next one up, the next one down, or left as it is."""
    generator = torch.Generator().manual_seed(seed)
    steps = torch.randint(-1, 2, data.shape, generator=generator)
    return torch.where(steps == 0, data, torch.nextafter(data, steps * torch.full_like(data, torch.inf)))


def draws(single_model, make_composite, data, seed_of, exact, error):
    """The errors of further float32 runs of the reference, against `exact`, of the pixels: runs that add up in another
    order (`native`: torch's own convolutions in place of oneDNN's), and on inputs that differ by one float32 (`moved`).

    One run is one draw from the reference's float32 error. Where an activation lies at its kink or a denominator at
    zero, draws differ by orders of magnitude, and the error is known from the largest of several only.
    """
    found = {"native": [], "moved": []}
    for seed in range(6):
        moved = neighbours(data, seed) if seed else data.clone()
        with torch.backends.mkldnn.flags(enabled=False):
            found["native"].append(error(relevances(single_model, make_composite(), moved, seed_of)[1]["input"], exact))
        if seed:
            found["moved"].append(error(relevances(single_model, make_composite(), moved, seed_of)[1]["input"], exact))
    return found


def seed_function(kind, targets):
    """`logit`: output * onehot(target); `one`: onehot(target)."""

    def seed_of(output):
        onehot = torch.eye(output.shape[1], dtype=output.dtype)[targets]
        return output * onehot if kind == "logit" else onehot

    return seed_of
