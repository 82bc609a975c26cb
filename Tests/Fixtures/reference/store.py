"""Fixture files: one safetensors file and one JSON manifest per group."""
import json
import pathlib

import safetensors.torch
import torch

SAMPLES = 1021  # prime, so that a sample of a picture does not keep to the same columns


def relative_error(found, expected):
    """||found - expected|| / ||expected|| in double; 0 if both vanish."""
    found, expected = found.double(), expected.double()
    norm = expected.norm().item()
    difference = (found - expected).norm().item()
    return difference / norm if norm > 0 else (0.0 if difference == 0 else float("inf"))


def sample(value):
    """Elements k * n // SAMPLES (k = 0, 1, ...) of the row-major array, or all of a small one."""
    flat = value.reshape(-1)
    count = flat.numel()
    if count <= SAMPLES:
        return flat
    return flat[torch.arange(SAMPLES) * count // SAMPLES]


class Store:
    """Collects the tensors of a group and describes them."""

    def __init__(self, folder, group):
        self.folder = pathlib.Path(folder)
        self.group = group
        self.tensors = {}

    def put(self, key, value):
        """Stores an exact float32 tensor and returns its key."""
        if key in self.tensors:
            raise ValueError(f"two tensors are called {key}")
        self.tensors[key] = value.detach().to(torch.float32).contiguous().clone()
        return key

    def result(self, key, exact, single, sampled=False):
        """Stores a result of the float64 run; describes it with the float32 run's relative L2 error."""
        exact, single = exact.detach(), single.detach()
        if not bool(torch.isfinite(exact).all()):
            raise ValueError(f"{key}: the reference's result is not finite")
        entry = {"key": key, "error": relative_error(single, exact)}
        if sampled and exact.numel() > SAMPLES:
            part = sample(exact)
            entry["error"] = max(entry["error"], relative_error(sample(single), part))
            entry["sampled"] = True
            entry["sum"] = exact.sum().item()
            entry["absolute"] = exact.abs().sum().item()
            entry["norm"] = exact.norm().item()
            exact = part
        self.put(key, exact)
        return entry

    def write(self, manifest):
        self.folder.mkdir(parents=True, exist_ok=True)
        safetensors.torch.save_file(self.tensors, self.folder / f"{self.group}.safetensors")
        text = json.dumps(manifest, indent=1, ensure_ascii=True)
        (self.folder / f"{self.group}.json").write_text(text + "\n")
        size = sum(value.numel() * 4 for value in self.tensors.values()) / 1e6
        print(f"{self.group}: {len(self.tensors)} tensors, {size:.2f} MB, manifest {len(text) / 1e6:.2f} MB")
