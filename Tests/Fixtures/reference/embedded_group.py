"""The `models` groups of the embedded networks (assets/models), with their weights and real pictures."""
import importlib
import pathlib
import sys

import numpy
import torch
from PIL import Image
from zennit.canonizers import SequentialMergeBatchNorm

from . import models_group, networks, seeded

ASSETS = pathlib.Path(__file__).resolve().parents[3] / "assets"
FASHION_MEAN, FASHION_STD = 0.2860, 0.3530
# Smallest and largest value of a normalised pixel, rounded to float32.
FASHION_BOX = {
    "low": float(numpy.float32(-FASHION_MEAN / FASHION_STD)), "high": float(numpy.float32((1 - FASHION_MEAN) / FASHION_STD))}
LITE_BOX = {"low": float(numpy.float32(-0.498 / 0.502)), "high": 1}
FASHION_PICTURES = [("fashion_ankle_boot", 9), ("fashion_shirt", 6)]


def asset_module(name):
    """A Python module under assets/models."""
    folder = str(ASSETS / "models")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


def canonizers():
    return [SequentialMergeBatchNorm()]


def boxed(cases, box):
    return [
        (name, preset, {**parameters, **box} if preset == "epsilon_gamma_box" else parameters, canonised, kind)
        for name, preset, parameters, canonised, kind in cases
    ]


def fashion(name):
    def make(store):
        model = networks.apart(asset_module("architectures").load(name))
        pictures = [
            numpy.asarray(Image.open(ASSETS / "images" / f"{picture}.png").convert("L"), dtype=numpy.float32) / 255
            for picture, _ in FASHION_PICTURES
        ]
        data = torch.from_numpy((numpy.stack(pictures)[:, None] - FASHION_MEAN) / FASHION_STD).float()
        # On a black background pooled values tie, and which of them wins is a matter of rounding.
        data += seeded.tensor("noise", tuple(data.shape), networks.SEED, 0.05)
        described = {
            "parameters": {"embedded": name}, "input": store.put("picture", data), "canonizer": "SequentialMergeBatchNorm",
            "pictures": [f"{picture}.png" for picture, _ in FASHION_PICTURES]}
        return models_group.make_model(
            store, name, model, data, [target for _, target in FASHION_PICTURES], canonizers,
            boxed(models_group.PRESETS, FASHION_BOX), described)

    return make


LITE_PRESETS = ("epsilon_plus", "epsilon_gamma_box", "epsilon_alpha2_beta1_flat")


def lite0_and_picture():
    """The network, the preprocessed picture, and the class that it finds there."""
    model = networks.apart(asset_module("architectures").load("efficientnet_lite0"))
    data = asset_module("convert_efficientnet_lite0").preprocessed(str(ASSETS / "images" / "chelsea.png")).float()
    with torch.no_grad():
        return model, data, int(model(data).argmax())


def efficientnet_lite0(store):
    model, data, target = lite0_and_picture()
    cases = [case for case in models_group.PRESETS if case[1] in LITE_PRESETS]
    described = {
        "parameters": {"embedded": "efficientnet_lite0"}, "input": store.put("picture", data),
        "canonizer": "SequentialMergeBatchNorm", "pictures": ["chelsea.png"]}
    return models_group.make_model(
        store, "efficientnet_lite0", model, data, [target], canonizers, boxed(cases, LITE_BOX), described)
