#!/usr/bin/env python3
"""Makes Tests/Fixtures/attributors with zennit: what its attributors and parameter gradients give on a small network.

Set up as README.md says. Noise, baselines and fills are stored, so that no random number generator has to agree.
"""
import contextlib
import functools
import importlib.metadata
import pathlib
import unittest.mock

import torch
from torch import nn
from zennit import attribution, composites

from reference import seeded
from reference.attributing import seed_function
from reference.store import Store

HERE = pathlib.Path(__file__).resolve().parent
SEED = 3
SHAPE = (2, 3, 12, 10)
TARGETS = [1, 4]
BOX = {"low": -2.0, "high": 2.0}


def network():
    """Layers `0`, `1`, ...; the stored parameters have these names."""
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 8, 3, stride=2),
        nn.ReLU(),
        nn.AvgPool2d((2, 1)),
        nn.Flatten(),
        nn.Linear(16, 7),
        nn.ReLU(),
        nn.Linear(7, 5),
    )
    return seeded.fill(layers.eval(), SEED)


def composite(name):
    if name is None:
        return None
    return composites.COMPOSITES[name](**(BOX if name == "epsilon_gamma_box" else {}))


class Cases:
    def __init__(self):
        self.store = Store(HERE / "attributors", "attributors")
        self.model = network()
        self.data = seeded.tensor("input", SHAPE, SEED)
        self.store.put("input", self.data)
        for name, value in self.model.state_dict().items():
            self.store.put(name, value)
        self.cases = []

    def run(self, make, dtype, relevance):
        """The attribution in one precision."""
        model = network().to(dtype)
        seed_of = (lambda output: output) if relevance == "output" else seed_function(relevance, TARGETS)
        data = self.data.to(dtype)
        with make(model, dtype) as attributor:
            _, result = attributor(data, seed_of)
        return result.detach()

    def add(self, name, attributor, make, options, relevance="logit"):
        exact = self.run(make, torch.float64, relevance)
        single = self.run(make, torch.float32, relevance)
        self.cases.append({
            "name": name, "attributor": attributor, "relevance": relevance, "options": options,
            "result": self.store.result(f"{name}.result", exact, single),
        })

    def gradient_like(self, name, kind, preset, relevance="logit", noise=(), tensors=None, options=None, **arguments):
        """`noise` are keys of stored tensors that take the place of random ones; `tensors` are arguments as keys."""
        options = dict(options or {})
        if noise:
            options["noise"] = list(noise)

        @contextlib.contextmanager
        def make(model, dtype):
            supply = iter([self.store.tensors[key].to(dtype) for key in noise])
            made = {}
            if tensors:
                value = self.store.tensors[tensors["baseline"]].to(dtype)
                made["baseline_fn"] = lambda data: value.expand(data.shape)
            with unittest.mock.patch.object(torch, "randn_like", lambda data: next(supply)):
                yield getattr(attribution, kind)(model, composite(preset), **made, **arguments)

        self.add(name, kind, make, {"composite": preset, **options, **(tensors or {})}, relevance)

    def occlusion(self, name, window, stride, fill=None, invert=False, relevance="logit"):
        @contextlib.contextmanager
        def make(model, dtype):
            function = None
            if fill or invert:
                value = torch.zeros(1) if fill is None else self.store.tensors[fill]
                value = value.to(dtype)
                function = functools.partial(
                    attribution.occlude_independent, fill_fn=lambda data: value.expand(data.shape), invert=invert)
            yield attribution.Occlusion(model, occlusion_fn=function, window=window, stride=stride)

        def listed(extents):
            return extents if isinstance(extents, int) else list(extents)

        options = {"window": listed(window), "stride": listed(stride), "invert": invert}
        if fill:
            options["fill"] = fill
        self.add(name, "Occlusion", make, options, relevance)


def attributors(cases):
    presets = [None, "epsilon_plus_flat", "epsilon_gamma_box", "guided_backprop"]
    store = cases.store
    noise = [store.put(f"noise{index}", torch.special.ndtri(
        (seeded.tensor(f"noise{index}", SHAPE, SEED).double() + 1) / 2 * 0.998 + 0.001).float()) for index in range(4)]
    baseline = store.put("baseline", seeded.tensor("baseline", SHAPE, SEED, 0.5))
    single = store.put("baseline_single", seeded.tensor("baseline_single", (1, *SHAPE[1:]), SEED, 0.5))
    channels = store.put("fill_channels", seeded.tensor("fill_channels", (1, 3, 1, 1), SEED))
    whole = store.put("fill", seeded.tensor("fill", SHAPE, SEED))
    for preset in presets:
        for relevance in ("logit", "one", "output"):
            cases.gradient_like(f"gradient.{preset}.{relevance}", "Gradient", preset, relevance)
        for level, count in ((0.1, 5), (0.3, 3), (0.5, 1)):
            cases.gradient_like(
                f"smoothgrad.{preset}.{level}", "SmoothGrad", preset, noise=noise[: count - 1],
                options={"level": level, "iterations": count}, noise_level=level, n_iter=count)
        for label, tensors in (("zeros", None), ("tensor", {"baseline": baseline}), ("single", {"baseline": single})):
            cases.gradient_like(
                f"integrated.{preset}.{label}", "IntegratedGradients", preset, tensors=tensors,
                options={"iterations": 6}, n_iter=6)
        cases.gradient_like(
            f"integrated.{preset}.once", "IntegratedGradients", preset, "one", options={"iterations": 1}, n_iter=1)
    for label, window, stride in [
        ("defaults", 8, 8), ("small", 4, 3), ("large", 100, 100), ("wide_steps", 3, 5), ("axes", (5, 4), (3, 2)),
        ("channels", (2, 3, 4), (1, 2, 3)), ("batch", (1, 3, 6, 5), (1, 3, 4, 5)), ("one_axis", (3,), (2,)),
        ("whole_batch", (2, 2, 6, 5), (2, 2, 6, 5)), ("longer_window", (2, 4, 4), (3, 3)),
    ]:
        cases.occlusion(f"occlusion.{label}", window, stride)
        cases.occlusion(f"occlusion.{label}.inverted", window, stride, invert=True, relevance="output")
    cases.occlusion("occlusion.fill_channels", (4, 4), (4, 4), fill=channels)
    cases.occlusion("occlusion.fill", 5, 4, fill=whole, relevance="one")
    cases.occlusion("occlusion.fill.inverted", 5, 4, fill=whole, invert=True)


def main():
    torch.set_num_threads(1)
    cases = Cases()
    attributors(cases)
    versions = {name: importlib.metadata.version(name) for name in ("zennit", "torch")}
    cases.store.write({
        "versions": versions, "seed": SEED, "shape": list(SHAPE), "targets": TARGETS, "box": BOX, "cases": cases.cases,
    })


if __name__ == "__main__":
    main()
