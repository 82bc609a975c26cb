"""Writes what training scripts save of `fashion_vgg` into `checkpoints/`: the pickles of `torch.save`, without numbers.

    python3 make_checkpoints.py        (needs numpy, safetensors, timm, torch; made with numpy 2.4.6, timm 1.0.31, torch 2.15.0)

The parameters are those of the embedded model, so that only NAME.pkl is kept of each archive: the tests put the numbers
back. `checkpoints.json` says which parameter each storage of each checkpoint holds; a number instead of a name is
the size in bytes of a storage of other contents, which do not matter.
"""
import argparse
import collections
import datetime
import io
import json
import os
import pathlib
import sys
import types
import zipfile

import numpy
import torch
from safetensors.torch import load_file

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "checkpoints")
PARAMETERS = load_file(os.path.join(HERE, "..", "..", "assets", "models", "fashion_vgg.safetensors"))


def named(change):
    return collections.OrderedDict((change(name), tensor) for name, tensor in PARAMETERS.items())


def prefixed(prefix):
    return named(lambda name: prefix + name)


def other(value=7.0):
    return torch.full((3,), value)


def module(path):
    """A module that only the pickles know, for classes that need not be installed here."""
    for end in range(1, path.count(".") + 2):
        sys.modules.setdefault(".".join(path.split(".")[:end]), types.ModuleType(path))
    return sys.modules[path]


def foreign(path, name, base):
    made = type(name, (base,), {"__module__": path})
    setattr(module(path), name, made)
    return made


AttributeDict = foreign("lightning.fabric.utilities.data", "AttributeDict", dict)
AverageMeter = foreign("training.utils", "AverageMeter", object)
Steps = foreign("training.utils", "Steps", list)

meter = AverageMeter()
meter.values, meter.best = collections.deque([1, 2], maxlen=5), numpy.float64(0.93)
around = {
    "epoch": 3, "acc1": numpy.float64(91.5), "best": numpy.int64(4), "single": numpy.float32(1.5),
    "history": numpy.arange(6, dtype=numpy.float32).reshape(2, 3), "dtype": numpy.dtype("float16"),
    "args": argparse.Namespace(rate=0.1, path=pathlib.PurePosixPath("/data/run"), sizes=(1, 2)),
    "meter": meter, "date": datetime.datetime(2026, 12, 1), "steps": Steps([1, 2]), "tags": {"a", "b"},
    "counts": collections.Counter(a=1), "lists": collections.defaultdict(list, a=[1]), "device": torch.device("cpu"),
    "raw": b"\x00\x01", "array": bytearray(b"\x02"), "complex": 1 + 2j, "random": torch.ByteTensor([1, 2, 3]),
}


def averaged():
    state = prefixed("module.")
    state["n_averaged"] = torch.tensor(12)
    return state


def lightning():
    state = prefixed("model.")
    state["criterion.pos_weight"] = other()
    state["train_acc.total"] = torch.tensor(12)
    return {
        "epoch": 1, "global_step": 10, "pytorch-lightning_version": "2.5.0", "state_dict": state,
        "loops": {"fit_loop": {"state_dict": {}, "progress": {"total": {"ready": 1}}}},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5), "path": pathlib.PurePosixPath("a/b")}},
        "optimizer_states": [{"state": {0: {"step": torch.tensor(1.0), "exp_avg": other()}}, "param_groups": []}],
        "hparams_name": "kwargs", "hyper_parameters": AttributeDict(rate=numpy.float64(0.1), name="run"),
    }


def split():
    """A backbone of one name and a head of another's."""
    state = named(lambda name: name if name.startswith("classifier.3") else "backbone." + name)
    state["optimizer.exp_avg"] = other()
    return state


def profiled():
    state = named(lambda name: name)
    for path in ["", "features.0.", "classifier.3."]:
        state[path + "total_ops"], state[path + "total_params"] = other(), other()
    return state


fsdp = named(lambda name: "_fsdp_wrapped_module." + name.replace(
    "features.", "features._checkpoint_wrapped_module.").replace("classifier.", "classifier._fsdp_wrapped_module."))
ema = collections.OrderedDict((name, other()) for name in PARAMETERS)
both = prefixed("online.")
both.update(("ema." + name, other()) for name in PARAMETERS)

CHECKPOINTS = {
    "wrapped_part": (named(lambda name: name.replace("features.", "features.module.")), 2),
    "compiled_part": (named(lambda name: name.replace("features.", "features._orig_mod.")), 2),
    "compiled_parallel": ({"model_state_dict": prefixed("module._orig_mod."), "epoch": 2}, 2),
    "sharded_training": (fsdp, 2),
    "lightning": (lightning(), 2),
    "numpy_beside": ({"net": named(lambda name: name), **around}, 2),
    "numpy_beside_4": ({**around, "state_dict": {"net": prefixed("net.")}}, 4),
    "numpy_beside_5": ({**around, "module": prefixed("encoder.")}, 5),
    "ema_beside": ({"state_dict_ema": ema, "model": named(lambda name: name)}, 2),
    "ema_within": (both, 2),
    "averaged": (averaged(), 2),
    "split": (split(), 2),
    "profiled": (profiled(), 2),
    "parts": ({"body": named(lambda name: name), "discriminator": {"fc.weight": other()}}, 2),
}

os.makedirs(FOLDER, exist_ok=True)
index = {}
for name, (contents, protocol) in CHECKPOINTS.items():
    archive = io.BytesIO()
    torch.save(contents, archive, pickle_protocol=protocol)
    members = zipfile.ZipFile(archive)
    root = members.namelist()[0].split("/")[0]
    with open(os.path.join(FOLDER, f"{name}.pkl"), "wb") as file:
        file.write(members.read(f"{root}/data.pkl"))
    storages = {}
    for member in members.namelist():
        if member.startswith(f"{root}/data/"):
            data = members.read(member)
            found = [known for known, tensor in PARAMETERS.items() if tensor.numpy().tobytes() == data]
            assert len(found) <= 1, found
            storages[member.split("/")[-1]] = found[0] if found else len(data)
    index[name] = storages
with open(os.path.join(FOLDER, "checkpoints.json"), "w") as file:
    json.dump(index, file, indent=0, sort_keys=True)

# Names and shapes of timm's networks whose parameters are torchvision's under other names (timm 1.0.31).
import timm  # noqa: E402

names = {}
for name in ["vgg11_bn", "convnext_tiny", "resnet18"]:
    state = timm.create_model(name).state_dict()
    names[name] = {key: list(tensor.shape) for key, tensor in state.items() if "num_batches" not in key}
with open(os.path.join(FOLDER, "timm.json"), "w") as file:
    json.dump(names, file, sort_keys=True, separators=(",", ":"))
