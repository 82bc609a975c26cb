"""Writes small state dicts with torch.save into `formats/`, for the tests of the readers.

    python3 make_pytorch.py        (needs numpy, torch)

As in make_formats.py, tensors hold 0, 1, 2, ... (unsigned), those minus 3 (signed) or that divided by 4 (floating-point).
Every file comes in the zip format and, as NAME_legacy.pth, in the format before PyTorch 1.6.
"""
import argparse
import os
from collections import OrderedDict

import torch

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")


def values(kind, *shape):
    count = torch.Size(shape).numel()
    numbers = torch.arange(count, dtype=torch.float64) - (0 if kind == "u" else 3)
    return (numbers / 4 if kind == "f" else numbers).reshape(shape)


def save(name, contents):
    torch.save(contents, os.path.join(FOLDER, f"{name}.pth"))
    torch.save(contents, os.path.join(FOLDER, f"{name}_legacy.pth"), _use_new_zipfile_serialization=False)


types = OrderedDict()
for name, kind in (("float64", "f"), ("float32", "f"), ("float16", "f"), ("bfloat16", "f"), ("int64", "i"),
                   ("int32", "i"), ("int16", "i"), ("int8", "i"), ("uint8", "u"), ("uint16", "u"), ("uint32", "u"),
                   ("uint64", "u")):
    types[name] = values(kind, 2, 3, 4, 5).to(getattr(torch, name))
types["bool"] = (values("u", 2, 3, 4, 5) % 2).to(torch.bool)
types["scalar"] = torch.tensor(2.5)
types["empty"] = torch.zeros(0, 3)
save("types", types)

whole = values("f", 6, 8).float()
half = values("f", 4, 6).half()
save("views", {
    "whole": whole,
    "transposed": whole.t(),
    "rows": whole[2:4],
    "columns": whole[:, 1:7:2],
    "element": whole[1, 2],
    "expanded": whole[0].expand(3, 8),
    "halves": half.t()[1:3],
    "channels_last": values("f", 2, 3, 4, 5).float().contiguous(memory_format=torch.channels_last),
    "number": 7,
})

model = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)))
with torch.no_grad():
    model.module[0].weight.copy_(values("f", 2, 3))
    model.module[0].bias.copy_(values("f", 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
model(torch.ones(4, 3)).sum().backward()
optimizer.step()
with torch.no_grad():
    model.module[0].weight.copy_(values("f", 2, 3))
save("checkpoint", {
    "epoch": 3, "best": 0.5, "args": argparse.Namespace(rate=0.1, name="run"), "random": torch.ByteTensor([1, 2, 3]),
    "optimizer": optimizer.state_dict(), "state_dict": model.state_dict(),
})
save("parameters", dict(model.module.named_parameters()))
