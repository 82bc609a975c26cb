"""zennit's rules and composites from the names and parameters written in the manifests."""
import torch
from zennit import composites, rules
from zennit.core import Hook, Stabilizer
from zennit.layer import Sum


class SumSingle(Hook):
    """All relevance of a Sum goes to one summand, as under zennit's example program without residuals."""

    def __init__(self, summand=1):
        super().__init__()
        self.summand = summand

    def backward(self, module, grad_input, grad_output):
        parts = [torch.zeros_like(grad_output[0]) for _ in range(grad_input[0].shape[module.dim])]
        parts[self.summand] = grad_output[0]
        return (torch.stack(parts, dim=module.dim),)

    def copy(self):
        return SumSingle(self.summand)


def stabilizer(value):
    """A number, or {epsilon, clip, norm_scale, dim}."""
    if isinstance(value, dict):
        options = dict(value)
        if "dim" in options:
            options["dim"] = tuple(options["dim"])
        return Stabilizer(**options)
    return float(value)


def parameter(key, value, rank):
    """A parameter as zennit wants it; lists of numbers are per channel of an input of `rank` axes."""
    if key in ("epsilon", "stabilizer"):
        return stabilizer(value)
    if key in ("low", "high") and isinstance(value, list):
        return torch.tensor(value).reshape(1, -1, *(1,) * (rank - 2))
    return value


def rule(name, parameters, rank=4):
    """The zennit rule `name`; `None` for the plain gradient."""
    if name is None:
        return None
    options = {key: parameter(key, value, rank) for key, value in parameters.items()}
    return getattr(rules, name)(**options)


def preset(name, parameters, canonizers=(), rank=4):
    """The zennit composite registered as `name`; with `residual: False` nothing goes through shortcuts."""
    options = {key: parameter(key, value, rank) for key, value in parameters.items() if key != "residual"}
    if not parameters.get("residual", True):
        options["layer_map"] = [(Sum, SumSingle(1))]
    return composites.COMPOSITES[name](canonizers=list(canonizers), **options)


def name_map(entries, canonizers=(), rank=4):
    """A NameMapComposite from a list of {names, rule, parameters}. Later uses of a module are modules of their own here."""
    pairs = [
        (
            [use for name in entry["names"] for use in (name, f"{name}#2", f"{name}#3")],
            rule(entry["rule"], entry["parameters"], rank),
        )
        for entry in entries
    ]
    return composites.NameMapComposite(name_map=pairs, canonizers=list(canonizers))
