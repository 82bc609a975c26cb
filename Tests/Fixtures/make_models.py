"""Writes what PyTorch, torchvision and Pillow compute into `models/`, for the tests of ModelZoo.

    python3 make_models.py        (needs torch, torchvision, numpy, safetensors, pillow)

- `resizing.safetensors`: pictures of random bytes (H, W, 3) and what torchvision's Resize and CenterCrop make of them.
- `embedded.safetensors`: for each embedded model the logits of pictures under `assets/images`, computed in float64 from
  the weights as stored, and chelsea's 224x224 view.
- `torchvision.safetensors`: logits of torchvision's own networks with seeded parameters and input (see README.md), ten
  classes, batch of 2, 64x64 pixels, computed in float64; and some of the seeded numbers themselves.
"""
import os
import sys

import numpy
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode, transforms

from reference import seeded

HERE = os.path.dirname(os.path.abspath(__file__))
ASSETS = os.path.join(HERE, "..", "..", "assets")
sys.path.insert(0, os.path.join(ASSETS, "models"))
sys.dont_write_bytecode = True
import architectures  # noqa: E402
from convert_efficientnet_lite0 import preprocessed  # noqa: E402

FOLDER = os.path.join(HERE, "models")
SEED = 11
torch.set_num_threads(1)


def resizing():
    tensors = {}
    generator = numpy.random.default_rng(1)
    modes = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
    # (height, width, resize, crop)
    for height, width, resize, crop in [(37, 53, 32, 28), (90, 20, 32, 32), (10, 13, 24, 21), (32, 45, 32, 32),
                                        (61, 61, 28, 28), (3, 200, 16, 9), (1, 1, 8, 8), (50, 33, 47, 40)]:
        pixels = generator.integers(0, 256, (height, width, 3), dtype=numpy.uint8)
        name = f"{height}x{width}"
        tensors[f"{name}.picture"] = torch.from_numpy(pixels)
        for mode, interpolation in modes.items():
            for color in ("rgb", "grey"):
                image = Image.fromarray(pixels).convert("RGB" if color == "rgb" else "L")
                steps = [transforms.Resize(resize, interpolation), transforms.CenterCrop(crop)]
                result = numpy.asarray(transforms.Compose(steps)(image)).copy()
                tensors[f"{name}.{color}.{mode}.{resize}.{crop}"] = torch.from_numpy(result.reshape(crop, crop, -1))
    return tensors


def embedded():
    tensors = {}
    images = os.path.join(ASSETS, "images")
    picture = preprocessed(os.path.join(images, "chelsea.png"))
    tensors["efficientnet_lite0.view"] = ((picture * 0.502 + 0.498) * 255).round().to(torch.uint8)[0].permute(1, 2, 0)
    names = {"efficientnet_lite0": ["chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg"]}
    fashion = sorted(name for name in os.listdir(images) if name.startswith("fashion_") and name.endswith(".png"))
    for model in ("fashion_mlp", "fashion_vgg", "fashion_resnet"):
        names[model] = fashion
    for model, pictures in names.items():
        network = architectures.load(model).double()
        for name in pictures:
            path = os.path.join(images, name)
            if model == "efficientnet_lite0":
                data = preprocessed(path)
            else:
                data = torch.from_numpy(numpy.asarray(Image.open(path), dtype=numpy.float32) / 255)
                data = ((data - 0.2860) / 0.3530)[None, None]
                tensors[f"{name}.view"] = torch.from_numpy(numpy.asarray(Image.open(path)).copy())
            with torch.no_grad():
                tensors[f"{model}.{name}"] = network(data.double())[0].float()
    return {name: value.contiguous() for name, value in tensors.items()}


def seeded_networks():
    tensors = {"seeded.conv1.weight": seeded.tensor("conv1.weight", (3, 2, 3, 3), SEED, (6 / 18) ** 0.5),
               "seeded.bn1.running_var": seeded.tensor("bn1.running_var", (40,), SEED, 0.5, 1.0),
               "seeded.fc.bias": seeded.tensor("fc.bias", (40,), SEED, 0.1)}
    data = seeded.tensor("input", (2, 3, 64, 64), SEED)
    for name in ("resnet18", "resnet50", "vgg11", "vgg11_bn"):
        with torch.device("meta"):
            network = getattr(torchvision.models, name)(num_classes=10)
        network = seeded.fill(network.to_empty(device="cpu"), SEED).eval().double()
        with torch.no_grad():
            tensors[f"{name}.logits"] = network(data.double()).float()
        leaves = [path for path, module in network.named_modules() if not list(module.children())]
        tensors[f"{name}.leaves"] = torch.tensor(list("\n".join(leaves).encode()), dtype=torch.uint8)
        del network
    return tensors


os.makedirs(FOLDER, exist_ok=True)
for file, make in (("resizing", resizing), ("embedded", embedded), ("torchvision", seeded_networks)):
    save_file(make(), os.path.join(FOLDER, file + ".safetensors"), metadata={
        "torch": torch.__version__, "torchvision": torchvision.__version__, "pillow": Image.__version__})
    os.chmod(os.path.join(FOLDER, file + ".safetensors"), 0o644)
    print(file, os.path.getsize(os.path.join(FOLDER, file + ".safetensors")))
