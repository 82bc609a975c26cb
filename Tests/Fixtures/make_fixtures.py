#!/usr/bin/env python3
"""Makes the golden fixtures under Tests/Fixtures/golden with zennit; see README.md.

usage: make_fixtures.py [GROUP ...]        (all groups if none is named)
"""
import importlib.metadata
import pathlib
import sys
import time
import warnings

import torch
import torchvision

from reference import embedded_group, maps_group, models_group, rules_group
from reference.store import Store

HERE = pathlib.Path(__file__).resolve().parent
GROUPS = {
    "rules": rules_group.make,
    "models_resnet18": models_group.resnet18,
    "models_vgg11_bn": models_group.vgg11_bn,
    "models_fashion_mlp": embedded_group.fashion("fashion_mlp"),
    "models_fashion_vgg": embedded_group.fashion("fashion_vgg"),
    "models_fashion_resnet": embedded_group.fashion("fashion_resnet"),
    "models_efficientnet_lite0": embedded_group.efficientnet_lite0,
    "maps_resnet18": maps_group.resnet18,
    "maps_vgg11_bn": maps_group.vgg11_bn,
}


def main(names):
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    for name in names or GROUPS:
        start = time.time()
        store = Store(HERE / "golden", name)
        manifest = GROUPS[name](store)
        versions = {package: importlib.metadata.version(package) for package in ("zennit", "torch", "torchvision")}
        manifest["reference"] = versions
        store.write(manifest)
        print(f"{name}: {time.time() - start:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
