"""The embedded models as PyTorch modules, with exactly the module names that the files and the Swift code use.

Python is never needed to build, run or test lrp: this file serves the scripts beside it, which made the weights, and
whoever wants to run the same models in PyTorch or zennit.

    from architectures import load
    model = load("fashion_resnet")          # float32, evaluation mode, weights from the file beside this script
"""
import os

import torch
from torch import nn

try:  # zennit's rules find residual additions by this type
    from zennit.layer import Sum
except ImportError:

    class Sum(nn.Module):
        """Sums over the last axis, on which the summands have been stacked."""

        def forward(self, input):
            return input.sum(-1)


FOLDER = os.path.dirname(os.path.abspath(__file__))


class FashionMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(
            nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        return self.classifier(self.flatten(x))


class FashionVGG(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 1
        for width in (32, 64, 128):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
            channels = width
        self.features = nn.Sequential(*layers)
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(nn.Linear(128 * 3 * 3, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10))

    def forward(self, x):
        return self.classifier(self.flatten(self.features(x)))


class FashionBlock(nn.Module):
    """torchvision's BasicBlock with a module of its own for each activation and for the addition."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))
        self.sum = Sum()
        self.relu2 = nn.ReLU()

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        skip = x if self.downsample is None else self.downsample(x)
        return self.relu2(self.sum(torch.stack([skip, y], dim=-1)))


class FashionResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.relu = nn.ReLU()
        self.layer1 = nn.Sequential(FashionBlock(32, 32, 1))
        self.layer2 = nn.Sequential(FashionBlock(32, 64, 2))
        self.layer3 = nn.Sequential(FashionBlock(64, 128, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x))))))
        return self.fc(self.flatten(self.avgpool(x)))


def same_padding(size, kernel, stride):
    """TensorFlow's SAME padding of one axis: (before, after)."""
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding for inputs of one size, which may be wider at the far sides.

    The padding is part of the convolution, not a layer before it: it is no pixel, so that rules which put other
    values in the input's place (ZBox, Flat, WSquare) do not put them there.
    """

    def __init__(self, channels, width, kernel, stride, size, groups=1):
        super().__init__(channels, width, kernel, stride, groups=groups, bias=False)
        before, after = same_padding(size, kernel, stride)
        self.sides = (before, after, before, after)

    def forward(self, input):
        return super().forward(nn.functional.pad(input, self.sides))


class LiteBlock(nn.Module):
    """Inverted residual: expand (absent if the factor is 1), depthwise, project, and a sum where shapes agree."""

    def __init__(self, channels, width, kernel, stride, factor, size):
        super().__init__()
        hidden = channels * factor
        if factor != 1:
            self.expand = nn.Conv2d(channels, hidden, 1, bias=False)
            self.expand_bn = nn.BatchNorm2d(hidden, eps=1e-3)
            self.expand_relu = nn.ReLU6()
        self.depthwise = SameConv2d(hidden, hidden, kernel, stride, size, groups=hidden)
        self.depthwise_bn = nn.BatchNorm2d(hidden, eps=1e-3)
        self.depthwise_relu = nn.ReLU6()
        self.project = nn.Conv2d(hidden, width, 1, bias=False)
        self.project_bn = nn.BatchNorm2d(width, eps=1e-3)
        if stride == 1 and channels == width:
            self.sum = Sum()

    def forward(self, x):
        y = x
        if hasattr(self, "expand"):
            y = self.expand_relu(self.expand_bn(self.expand(y)))
        y = self.depthwise_relu(self.depthwise_bn(self.depthwise(y)))
        y = self.project_bn(self.project(y))
        return self.sum(torch.stack([x, y], dim=-1)) if hasattr(self, "sum") else y


class EfficientNetLite0(nn.Module):
    """EfficientNet-Lite0 with the padding of a 224x224 input built in."""

    # (repeats, kernel, stride, expansion, width)
    STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
              (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]

    def __init__(self):
        super().__init__()
        self.conv_stem = SameConv2d(3, 32, 3, 2, 224)
        self.conv_stem_bn = nn.BatchNorm2d(32, eps=1e-3)
        self.conv_stem_relu = nn.ReLU6()
        blocks, channels, size = [], 32, 112
        for repeats, kernel, stride, factor, width in self.STAGES:
            for index in range(repeats):
                step = stride if index == 0 else 1
                blocks.append(LiteBlock(channels, width, kernel, step, factor, size))
                channels, size = width, -(-size // step)
        self.blocks = nn.Sequential(*blocks)
        self.conv_head = nn.Conv2d(320, 1280, 1, bias=False)
        self.conv_head_bn = nn.BatchNorm2d(1280, eps=1e-3)
        self.conv_head_relu = nn.ReLU6()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(1280, 1000)

    def forward(self, x):
        x = self.conv_stem_relu(self.conv_stem_bn(self.conv_stem(x)))
        x = self.conv_head_relu(self.conv_head_bn(self.conv_head(self.blocks(x))))
        return self.classifier(self.dropout(self.flatten(self.avgpool(x))))


ARCHITECTURES = {
    "efficientnet_lite0": EfficientNetLite0,
    "fashion_mlp": FashionMLP,
    "fashion_vgg": FashionVGG,
    "fashion_resnet": FashionResNet,
}


def parameters_of(model):
    """What a weights file holds: parameters and running statistics, without the batch counters."""
    return {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def save(model, name, metadata):
    """Writes the model as float16 safetensors beside this script."""
    from safetensors.torch import save_file

    tensors = {key: value.detach().to(torch.float16).contiguous() for key, value in parameters_of(model).items()}
    path = os.path.join(FOLDER, name + ".safetensors")
    save_file(tensors, path, metadata={"format": "pt", **metadata})
    return path


def load(name):
    """The model with the weights beside this script, in float32 and evaluation mode."""
    from safetensors.torch import load_file

    model = ARCHITECTURES[name]()
    weights = load_file(os.path.join(FOLDER, name + ".safetensors"))
    missing = set(parameters_of(model)) ^ set(weights)
    if missing:
        raise SystemExit(f"{name}: parameters do not match: {sorted(missing)}")
    model.load_state_dict({key: value.float() for key, value in weights.items()}, strict=False)
    return model.eval()
