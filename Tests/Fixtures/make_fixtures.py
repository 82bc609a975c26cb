#!/usr/bin/env python3
"""Makes the golden fixtures with zennit; see README.md."""
import argparse
import importlib.metadata
import pathlib
import time
import warnings

import torch

from reference import embedded_group, maps_group, models_group, rules_group, zoo_group
from reference.store import Store

HERE = pathlib.Path(__file__).resolve().parent
GROUPS = {
    "rules": rules_group.make,
    "models_resnet18": models_group.resnet18,
    "residual_resnet18": models_group.residual_resnet18,
    "models_vgg11_bn": models_group.vgg11_bn,
    "models_fashion_mlp": embedded_group.fashion("fashion_mlp"),
    "models_fashion_vgg": embedded_group.fashion("fashion_vgg"),
    "models_fashion_resnet": embedded_group.fashion("fashion_resnet"),
    "models_efficientnet_lite0": embedded_group.efficientnet_lite0,
    "maps_resnet18": maps_group.of("resnet18", range(10)),
    "maps_vgg11_bn": maps_group.of("vgg11_bn", range(6)),
    **{f"zoo_{name}": zoo_group.of(name) for name in zoo_group.FAMILIES},
}
NETWORKS = ["resnet18", "resnet50", "vgg11_bn", "vgg16", "efficientnet_lite0"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all if none is named")
    parser.add_argument("--maps", type=int, metavar="N", help=f"instead: N more random maps on each of {', '.join(NETWORKS)}")
    parser.add_argument("--first", type=int, default=1000, help="number of the first of these maps, its seed")
    parser.add_argument("--narrow", action="store_true", help="with stabilizers down to 1e-6 in these maps")
    parser.add_argument("--modules", action="store_true", help="with the relevance at every module of these maps")
    parser.add_argument("--folder", type=pathlib.Path, default=HERE / "golden", help="where to write")
    options = parser.parse_args()
    groups = GROUPS
    if options.maps:
        numbers = range(options.first, options.first + options.maps)
        kind = f"{'narrow_' if options.narrow else ''}{options.first}"
        groups = {
            f"maps_{name}_{kind}": maps_group.of(name, numbers, narrow=options.narrow, modules=options.modules)
            for name in options.groups or NETWORKS}
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    for name in groups if options.maps else options.groups or groups:
        start = time.time()
        store = Store(options.folder, name)
        manifest = groups[name](store)
        versions = {package: importlib.metadata.version(package) for package in ("zennit", "torch", "torchvision")}
        manifest["reference"] = versions
        store.write(manifest)
        print(f"{name}: {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
