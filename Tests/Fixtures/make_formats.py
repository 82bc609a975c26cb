"""Writes small arrays with numpy and safetensors into `formats/`, for the tests of the readers.

    python3 make_formats.py        (needs numpy, torch, safetensors)

Every file holds the values -3, -2, … (mod 251 - 3 for unsigned types: from 0) of shape (2, 3, 4, 5), divided by 4 in
floating-point types, so that each type holds them exactly.
"""
import os

import numpy
import torch
from safetensors.torch import save_file

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")
os.makedirs(FOLDER, exist_ok=True)
SHAPE = (2, 3, 4, 5)


def values(kind):
    numbers = numpy.arange(120).reshape(SHAPE) - (0 if kind in "ub" else 3)
    return numbers / 4 if kind == "f" else numbers


for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    for order, word in (("<", "little"), (">", "big")):
        if name[1] == "1" and order == ">":
            continue
        array = values(name[0]).astype(order + name)
        numpy.save(os.path.join(FOLDER, f"{name}_{word}.npy"), array)
numpy.save(os.path.join(FOLDER, "f4_fortran.npy"), numpy.asfortranarray(values("f").astype("<f4")))
numpy.save(os.path.join(FOLDER, "f4_matrix_fortran.npy"), numpy.asfortranarray(values("f").astype("<f4")[0, 0]))
for version in ((2, 0), (3, 0)):
    with open(os.path.join(FOLDER, f"f4_version{version[0]}.npy"), "wb") as file:
        numpy.lib.format.write_array(file, values("f").astype("<f4"), version=version)
numpy.save(os.path.join(FOLDER, "scalar.npy"), numpy.float32(2.5))
numpy.save(os.path.join(FOLDER, "complex.npy"), numpy.zeros(3, numpy.complex64))
numpy.save(os.path.join(FOLDER, "structured.npy"), numpy.zeros(3, [("a", "<f4")]))
# Archives of arrays, stored and compressed.
numpy.savez(os.path.join(FOLDER, "one.npz"), x=values("f").astype("<f4"))
numpy.savez_compressed(os.path.join(FOLDER, "one_compressed.npz"), values("f").astype(">f8"))
numpy.savez(os.path.join(FOLDER, "two.npz"), images=values("f").astype("<f4"), labels=numpy.arange(2))
numpy.savez_compressed(
    os.path.join(FOLDER, "two_compressed.npz"), images=values("f").astype("<f4"), labels=numpy.arange(2))

tensors = {str(kind).split(".")[1]: torch.from_numpy(values("f")).to(kind)
           for kind in (torch.float64, torch.float32, torch.float16, torch.bfloat16)}
tensors |= {str(kind).split(".")[1]: torch.from_numpy(values("i")).to(kind)
            for kind in (torch.int64, torch.int32, torch.int16, torch.int8)}
tensors["uint8"] = torch.from_numpy(values("u")).to(torch.uint8)
tensors["bool"] = torch.from_numpy(values("u") % 2 == 1)
tensors["scalar"] = torch.tensor(2.5)
tensors["empty"] = torch.zeros(0, 3)
save_file(tensors, os.path.join(FOLDER, "types.safetensors"), metadata={"format": "pt", "note": "a \"quoted\" \u00e9"})
