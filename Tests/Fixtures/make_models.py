"""Writes what PyTorch, torchvision and Pillow compute into `models/`, for the tests of ModelZoo.

    python3 make_models.py        (needs torch, torchvision, numpy, safetensors, pillow)

- `resizing.safetensors`: pictures of random bytes (H, W, 3) and what torchvision's Resize and CenterCrop make of them.
- `embedded.safetensors`: for each embedded model the logits of pictures under `assets/images`, computed in float64 from
  the weights as stored, and chelsea's 224x224 view.
- `torchvision.safetensors`: logits of torchvision's own networks with seeded parameters and input (see README.md), ten
  classes, batch of 2, 64x64 pixels (Inception v3: 96x96), computed in float64; and some of the seeded numbers themselves.
- `architectures.json`: for every classifier of torchvision that we have, what its code does (`name kind inputs
  details`) and its parameters (`name shape`), both with a thousand classes and sorted; of those that are not run only the FNV-1a
  hashes of these lines, joined by newlines. `make_models.py NAME` prints the lines.
"""
import json
import os
import sys

import numpy
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode, transforms

from reference import seeded, tracing

HERE = os.path.dirname(os.path.abspath(__file__))
ASSETS = os.path.join(HERE, "..", "..", "assets")
sys.path.insert(0, os.path.join(ASSETS, "models"))
sys.dont_write_bytecode = True
import architectures  # noqa: E402
from convert_efficientnet_lite0 import preprocessed  # noqa: E402

FOLDER = os.path.join(HERE, "models")
SEED = 11
# Those of which logits are computed: one of each kind.
RUN = [
    "resnet18", "resnet50", "vgg11", "vgg11_bn", "alexnet", "resnext50_32x4d", "wide_resnet50_2", "densenet121",
    "squeezenet1_0", "squeezenet1_1", "googlenet", "inception_v3", "mobilenet_v2", "mobilenet_v3_small",
    "mobilenet_v3_large", "mnasnet0_5", "mnasnet1_0", "shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "efficientnet_b0",
    "efficientnet_b1", "convnext_tiny"]
# Single precision carries this network's digits through with these numbers, not with those of SEED.
SEEDS = {"mobilenet_v3_large": 12}
# Classifiers of torchvision that we do not have.
OTHERS = ("vit_", "swin_", "maxvit_", "regnet_")
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
    for name in RUN:
        seed = SEEDS.get(name, SEED)
        network = seeded.fill(tracing.plain(name, 10).to_empty(device="cpu"), seed).double()
        side = 96 if name == "inception_v3" else 64
        data = seeded.tensor("input", (2, 3, side, side), seed)
        with torch.no_grad():
            tensors[f"{name}.logits"] = network(data.double()).float()
        leaves = [path for path, module in network.named_modules() if not list(module.children())]
        tensors[f"{name}.leaves"] = torch.tensor(list("\n".join(leaves).encode()), dtype=torch.uint8)
        del network
    return tensors


def architectures_of_torchvision():
    """Names, steps and parameters of all that we have."""
    found = {}
    for name in torchvision.models.list_models(module=torchvision.models):
        if name.startswith(OTHERS):
            continue
        steps, parameters = tracing.outline(tracing.traced(name, classes=1000))
        lines = {"steps": steps, "parameters": parameters}
        found[name] = lines if name in RUN else {
            key: f"{seeded.fnv1a64(chr(10).join(value)):016x}" for key, value in lines.items()}
    with open(os.path.join(FOLDER, "architectures.json"), "w") as file:
        json.dump(found, file, indent=0, sort_keys=True)
        file.write("\n")


if sys.argv[1:]:
    print("\n".join(line for lines in tracing.outline(tracing.traced(sys.argv[1], 1000)) for line in lines))
    sys.exit()
os.makedirs(FOLDER, exist_ok=True)
architectures_of_torchvision()
for file, make in (("resizing", resizing), ("embedded", embedded), ("torchvision", seeded_networks)):
    save_file(make(), os.path.join(FOLDER, file + ".safetensors"), metadata={
        "torch": torch.__version__, "torchvision": torchvision.__version__, "pillow": Image.__version__})
    os.chmod(os.path.join(FOLDER, file + ".safetensors"), 0o644)
    print(file, os.path.getsize(os.path.join(FOLDER, file + ".safetensors")))
