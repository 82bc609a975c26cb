"""torchvision's networks with one module per use, filled with numbers from the counter."""
import torch
from torch import nn
from torchvision import models
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from zennit.canonizers import AttributeCanonizer, CompositeCanonizer, SequentialMergeBatchNorm
from zennit.layer import Sum
from zennit.torchvision import VGGCanonizer

from . import seeded

SEED = 11


class Block(BasicBlock):
    """A BasicBlock whose second activation is a module of its own.

    torchvision uses one ReLU module twice; zennit then overwrites what it stored at the first use, so that rules which
    look at the input (BetaSmooth) go wrong. The second use is called `relu#2`.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.add_module("relu#2", nn.ReLU())

    def branches(self, data):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(data)))))
        return (data if self.downsample is None else self.downsample(data)), out

    def forward(self, data):
        identity, out = self.branches(data)
        return getattr(self, "relu#2")(out + identity)


class WideBlock(Bottleneck):
    """A Bottleneck with a module for each of its three activations."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.add_module("relu#2", nn.ReLU())
        self.add_module("relu#3", nn.ReLU())

    def branches(self, data):
        out = self.relu(self.bn1(self.conv1(data)))
        out = self.bn3(self.conv3(getattr(self, "relu#2")(self.bn2(self.conv2(out)))))
        return (data if self.downsample is None else self.downsample(data)), out

    def forward(self, data):
        identity, out = self.branches(data)
        return getattr(self, "relu#3")(out + identity)


class BlockCanonizer(AttributeCanonizer):
    """What zennit's canonizers for BasicBlock and Bottleneck do, for the blocks above."""

    def __init__(self):
        super().__init__(self.attributes)

    @classmethod
    def attributes(cls, name, module):
        if not isinstance(module, (Block, WideBlock)):
            return None
        return {"forward": cls.forward.__get__(module), "canonizer_sum": Sum()}

    @staticmethod
    def forward(self, data):
        out = self.canonizer_sum(torch.stack(self.branches(data), dim=-1))
        return getattr(self, "relu#2" if isinstance(self, Block) else "relu#3")(out)


def resnet_canonizers():
    return [CompositeCanonizer((SequentialMergeBatchNorm(), BlockCanonizer()))]


def vgg_canonizers():
    return [VGGCanonizer()]


def apart(model):
    """Without in-place operations."""
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return model.eval().requires_grad_(False)


def empty(build, classes=10):
    """A network without memory for its parameters, to be filled."""
    with torch.device("meta"):
        return build(num_classes=classes)


def resnet18(block=Block):
    model = empty(lambda num_classes: ResNet(block, [2, 2, 2, 2], num_classes=num_classes))
    return apart(seeded.fill(model, SEED))


def vgg11_bn():
    return apart(seeded.fill(empty(models.vgg11_bn), SEED))


def named(name):
    """A torchvision network with its canonizers and their name."""
    if name == "resnet18":
        return resnet18(), resnet_canonizers, "ResNetCanonizer"
    if name == "resnet50":
        model = empty(lambda num_classes: ResNet(WideBlock, [3, 4, 6, 3], num_classes=num_classes))
        return apart(seeded.fill(model, SEED)), resnet_canonizers, "ResNetCanonizer"
    return apart(seeded.fill(empty(getattr(models, name)), SEED)), vgg_canonizers, "VGGCanonizer"


def picture(shape, seed=SEED):
    """The input: the tensor `input` of the counter."""
    return seeded.tensor("input", shape, seed)
