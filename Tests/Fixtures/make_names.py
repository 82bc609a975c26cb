#!/usr/bin/env python3
"""Writes parity/zennit.json: the public names of zennit's modules, and what is in the classes of zennit.types.

A name is public if it is defined in the module itself and does not begin with an underscore. The names of zennit's own
unit tests, which are not installed with it, are in parity/zennit_tests.json, by hand.
"""
import importlib
import importlib.metadata
import inspect
import json
import pathlib

MODULES = ("core", "rules", "composites", "canonizers", "attribution", "image", "cmap", "layer", "types", "torchvision")
CONSTANTS = {"composites": ["COMPOSITES"], "image": ["CMAPS"]}  # values do not say where they are defined


def names(key):
    module = importlib.import_module(f"zennit.{key}")
    own = [
        name for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__]
    return sorted(own + CONSTANTS.get(key, []))


def kinds():
    from zennit import types

    return {
        name: [kind.__name__ for kind in value.__subclass__]
        for name, value in vars(types).items() if inspect.isclass(value) and hasattr(value, "__subclass__")}


def main():
    from zennit.composites import COMPOSITES
    from zennit.image import CMAPS

    result = {
        "versions": {name: importlib.metadata.version(name) for name in ("zennit", "torch", "torchvision")},
        "names": {key: names(key) for key in MODULES},
        "types": kinds(),
        "composites": sorted(COMPOSITES),
        "colormaps": list(CMAPS),
    }
    target = pathlib.Path(__file__).resolve().parent / "parity" / "zennit.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
