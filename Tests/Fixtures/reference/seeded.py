"""Numbers from a counter: the same in Python and in Swift (ModelZoo/SeededParameters.swift).

Value i of the tensor called `name` is SplitMix64 at the state
`(FNV-1a64(name) ^ seed) + (i + 1) * 0x9E3779B97F4A7C15`, its upper 53 bits read as a fraction u in [0, 1).
"""
import math

import numpy as np
import torch

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
CHUNK = 1 << 20


def fnv1a64(name):
    """The 64-bit FNV-1a hash of the UTF-8 bytes of `name`."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(name, count, seed):
    """`count` doubles in [0, 1) for the tensor `name`."""
    start = fnv1a64(name) ^ seed
    result = np.empty(count, dtype=np.float64)
    with np.errstate(over="ignore"):
        for first in range(0, count, CHUNK):
            last = min(first + CHUNK, count)
            z = np.arange(first + 1, last + 1, dtype=np.uint64) * np.uint64(GOLDEN) + np.uint64(start)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z ^= z >> np.uint64(31)
            result[first:last] = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return result


def tensor(name, shape, seed, scale=1.0, shift=0.0):
    """A float32 tensor of `shape(2u - 1) * scale + shift`, computed in double and then rounded."""
    values = (2 * uniform(name, math.prod(shape), seed) - 1) * scale + shift
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def fill(module, seed):
    """Draws all parameters and buffers of `module` by name and kind, rounded to float32."""
    norms = {
        name for name, child in module.named_modules()
        if hasattr(child, "running_var") or isinstance(child, torch.nn.LayerNorm)}
    state = module.state_dict()  # keeps the versions of modules that some look for
    for name, value in list(state.items()):
        owner, _, key = name.rpartition(".")
        shape = tuple(value.shape)
        if key == "num_batches_tracked":
            state[name] = value
        elif owner in norms and key in ("weight", "running_var") or key == "layer_scale":
            state[name] = tensor(name, shape, seed, 0.5, 1.0)
        elif owner in norms:
            state[name] = tensor(name, shape, seed, 0.2)
        elif key == "bias":
            state[name] = tensor(name, shape, seed, 0.1)
        else:
            state[name] = tensor(name, shape, seed, math.sqrt(6 / math.prod(shape[1:])))
    module.load_state_dict(state, assign=True)
    return module
