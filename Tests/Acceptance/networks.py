"""Networks as people write them, none of them from a zoo: small, with seeded random parameters.

Every activation is a module of its own and no module is used twice, so that zennit sees what lrp sees. `NETWORKS` at the
end of the file says how each is exported.
"""
import dataclasses
import math
import typing

import torch
from torch import nn
from torch.nn import functional


def block(inputs, outputs, activation=nn.ReLU, stride=1, size=3):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs), activation())


class Classifier(nn.Module):
    """Features, a global average, a linear layer."""

    def __init__(self, features, channels, classes=10):
        super().__init__()
        self.features = features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        return self.head(self.flatten(self.pool(self.features(x))))


class SqueezeExcite(nn.Module):
    def __init__(self, channels, spelling="expand_as", gate=nn.Sigmoid):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channels, channels // 4), nn.ReLU(), nn.Linear(channels // 4, channels), gate())
        self.spelling = spelling

    def forward(self, x):
        b, c, _, _ = x.shape
        y = self.fc(self.pool(x).view(b, c)).view(b, c, 1, 1)
        return x * (y.expand_as(x) if self.spelling == "expand_as" else y)


def squeeze_excite():
    return Classifier(nn.Sequential(block(3, 16), SqueezeExcite(16), nn.MaxPool2d(2), block(16, 32), SqueezeExcite(32)), 32)


def squeeze_excite_hard():
    return Classifier(
        nn.Sequential(
            block(3, 16, nn.Hardswish), SqueezeExcite(16, "broadcast", nn.Hardsigmoid), block(16, 32, nn.Hardswish, 2)),
        32)


class UNetEncoder(nn.Module):
    """Contracting path, expanding path with skip connections, and a classifier on both ends."""

    def __init__(self, upsample):
        super().__init__()
        self.down1, self.down2, self.middle = block(3, 8), block(8, 16), block(16, 32)
        self.pool1, self.pool2 = nn.MaxPool2d(2), nn.MaxPool2d(2)
        if upsample:
            self.up2 = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), nn.Conv2d(32, 16, 1))
            self.up1 = nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(16, 8, 1))
        else:
            self.up2, self.up1 = nn.ConvTranspose2d(32, 16, 2, 2), nn.ConvTranspose2d(16, 8, 2, 2)
        self.join2, self.join1 = block(32, 16), block(16, 8)
        self.pool, self.flatten = nn.AdaptiveAvgPool2d(1), nn.Flatten()
        self.head = nn.Linear(8, 6)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(self.pool1(first))
        y = self.up2(self.middle(self.pool2(second)))
        y = self.up1(self.join2(torch.cat([second, y], 1)))
        return self.head(self.flatten(self.pool(self.join1(torch.cat([first, y], 1)))))


class UNetCropped(nn.Module):
    """Upsampled to another tensor's size, cropped to it."""

    def __init__(self):
        super().__init__()
        self.down, self.middle = block(3, 8), block(8, 16)
        self.pool = nn.MaxPool2d(2)
        self.join = block(24, 8)
        self.mean, self.flatten = nn.AdaptiveAvgPool2d(1), nn.Flatten()
        self.head = nn.Linear(8, 6)

    def forward(self, x):
        first = self.down(x)
        y = functional.interpolate(self.middle(self.pool(first)), size=first.shape[2:], mode="bilinear", align_corners=False)
        y = torch.cat([first, y], 1)[:, :, 1:-1, 1:-1]
        return self.head(self.flatten(self.mean(self.join(y))))


class OptionA(nn.Module):
    """A block of a CIFAR ResNet whose shortcut has no parameters: every second pixel, zeros for the new channels."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.extra = (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        if self.extra:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.extra, self.extra), "constant", 0)
        return self.relu2(x + y)


def option_a():
    return Classifier(nn.Sequential(block(3, 16), OptionA(16, 16), OptionA(16, 32, 2), OptionA(32, 64, 2)), 64)


class RecurrentHead(nn.Module):
    """The columns of a feature map as a sequence; the last hidden state is classified."""

    def __init__(self, kind, layers=1, bidirectional=False):
        super().__init__()
        self.features = nn.Sequential(block(1, 8), nn.MaxPool2d(2), block(8, 16), nn.MaxPool2d((2, 1)))
        self.recurrent = kind(16 * 4, 12, layers, batch_first=True, bidirectional=bidirectional)
        self.head = nn.Linear(24 if bidirectional else 12, 5)

    def forward(self, x):
        y = self.features(x)
        y = y.permute(0, 3, 1, 2).flatten(2)
        return self.head(self.recurrent(y)[0][:, -1])


class RowGRU(nn.Module):
    """The rows of a picture, as steps of a signal, through two layers of a GRU; the last state of the last layer."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(20, 10, num_layers=2)
        self.head = nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 4))

    def forward(self, x):
        _, hidden = self.gru(x.squeeze(1).permute(1, 0, 2))
        return self.head(hidden[-1])


class SignalLSTMState(nn.Module):
    """A picture as a signal of as many channels as it has rows; the state after its last step."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(20, 8, 5, 2, 2), nn.ReLU())
        self.lstm = nn.LSTM(8, 10)
        self.head = nn.Linear(10, 4)

    def forward(self, x):
        _, (hidden, _) = self.lstm(self.conv(x.squeeze(1)).permute(2, 0, 1))
        return self.head(hidden.squeeze(0))


class CBAM(nn.Module):
    """Channel attention from two pools through one perceptron, then spatial attention from mean and maximum."""

    def __init__(self, channels):
        super().__init__()
        self.average, self.maximum = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)
        self.perceptron = nn.Sequential(
            nn.Conv2d(channels, channels // 4, 1, bias=False), nn.ReLU(), nn.Conv2d(channels // 4, channels, 1, bias=False))
        self.gate = nn.Sigmoid()
        self.spatial = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.spatial_gate = nn.Sigmoid()

    def forward(self, x):
        x = x * self.gate(self.perceptron(self.average(x)) + self.perceptron(self.maximum(x)))
        pooled = torch.cat([torch.mean(x, dim=1, keepdim=True), torch.max(x, dim=1, keepdim=True)[0]], dim=1)
        return x * self.spatial_gate(self.spatial(pooled))


def cbam():
    return Classifier(nn.Sequential(block(3, 16), CBAM(16), nn.MaxPool2d(2), block(16, 24), CBAM(24)), 24)


def mish():
    return Classifier(nn.Sequential(block(3, 16, nn.Mish), nn.MaxPool2d(2), block(16, 32, nn.Mish), block(32, 32, nn.Mish)), 32)


class Residual(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x) + x


def conv_mixer(approximate):
    def activation():
        return nn.GELU(approximate=approximate)

    def mixer():
        depthwise = nn.Sequential(nn.Conv2d(24, 24, 5, groups=24, padding=2), activation(), nn.BatchNorm2d(24))
        return nn.Sequential(Residual(depthwise), nn.Conv2d(24, 24, 1), activation(), nn.BatchNorm2d(24))

    return Classifier(nn.Sequential(nn.Conv2d(3, 24, 4, 4), activation(), nn.BatchNorm2d(24), mixer(), mixer()), 24)


class GroupNormBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.norm1, self.relu1 = nn.Conv2d(channels, channels, 3, 1, 1), nn.GroupNorm(4, channels), nn.ReLU()
        self.conv2, self.norm2, self.relu2 = nn.Conv2d(channels, channels, 3, 1, 1), nn.GroupNorm(4, channels), nn.ReLU()

    def forward(self, x):
        return self.relu2(self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x))))) + x)


def group_norm_resnet():
    stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.GroupNorm(4, 16), nn.ReLU())
    return Classifier(nn.Sequential(stem, GroupNormBlock(16), GroupNormBlock(16)), 16)


class StandardizedConv(nn.Conv2d):
    """Weight standardization: mean and deviation of each filter are taken out whenever the layer runs."""

    def forward(self, x):
        weight = self.weight
        mean = weight.mean(dim=(1, 2, 3), keepdim=True)
        deviation = weight.view(weight.size(0), -1).std(dim=1).view(-1, 1, 1, 1) + 1e-5
        return functional.conv2d(x, (weight - mean) / deviation, self.bias, self.stride, self.padding)


def weight_standardized():
    def layer(inputs, outputs, stride):
        return nn.Sequential(StandardizedConv(inputs, outputs, 3, stride, 1), nn.GroupNorm(4, outputs), nn.ReLU())

    return Classifier(nn.Sequential(layer(3, 16, 2), layer(16, 16, 1), layer(16, 32, 2)), 32)


class InceptionUneven(nn.Module):
    """Branches side by side, then pools into bins of different sizes."""

    def __init__(self, pool):
        super().__init__()
        self.stem = block(3, 8, stride=2)
        self.one, self.three = block(8, 8, size=1), nn.Sequential(block(8, 4, size=1), block(4, 8))
        self.five = nn.Sequential(block(8, 4, size=1), block(4, 8, size=5))
        self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, 1), block(8, 8, size=1))
        self.bins, self.flatten = pool, nn.Flatten()
        self.head = nn.Linear(32 * 5 * 3, 7)

    def forward(self, x):
        x = self.stem(x)
        x = torch.cat([self.one(x), self.three(x), self.five(x), self.pooled(x)], 1)
        return self.head(self.flatten(self.bins(x)))


class SubPixel(nn.Module):
    def __init__(self):
        super().__init__()
        self.unshuffle = nn.PixelUnshuffle(2)
        self.first = block(12, 16)
        self.shuffle = nn.PixelShuffle(2)
        self.second = block(4, 12)

    def forward(self, x):
        return self.second(self.shuffle(self.first(self.unshuffle(x))))


class UpsampleClassifier(nn.Module):
    def __init__(self, **arguments):
        super().__init__()
        self.first, self.second = block(3, 8, stride=2), block(8, 12)
        self.arguments = arguments

    def forward(self, x):
        return self.second(functional.interpolate(self.first(x), **self.arguments))


def padded(*pads):
    layers, channels = [], 3
    for pad in pads:
        layers += [pad, nn.Conv2d(channels, 12, 3), nn.ReLU()]
        channels = 12
    return Classifier(nn.Sequential(*layers), 12)


class EinsumHead(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(3, 8, stride=2), block(8, 16, stride=2))
        self.weight = nn.Parameter(torch.randn(6, 16, 8, 8) / 32)
        self.bias = nn.Parameter(torch.zeros(6))

    def forward(self, x):
        return torch.einsum("bchw,kchw->bk", self.features(x), self.weight) + self.bias


class ChannelEinsum(nn.Module):
    """A 1 x 1 convolution written as an Einsum, and a matrix product at the end."""

    def __init__(self):
        super().__init__()
        self.features = block(3, 8, stride=2)
        self.mix = nn.Parameter(torch.randn(8, 12) / 3)
        self.relu = nn.ReLU()
        self.weight = nn.Parameter(torch.randn(12, 6) / 3)

    def forward(self, x):
        x = self.relu(torch.einsum("nchw,cd->ndhw", self.features(x), self.mix))
        return x.mean(dim=(2, 3)) @ self.weight


class ConcatPool(nn.Module):
    """Mean, maximum and standard deviation of each channel side by side."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(3, 16), nn.MaxPool2d(2), block(16, 16))
        self.head = nn.Linear(48, 8)

    def forward(self, x):
        x = self.features(x)
        return self.head(torch.cat([x.mean((2, 3)), x.amax((2, 3)), x.flatten(2).std(2)], 1))


class GatedLinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(3, 16, nn.SiLU, 2), block(16, 16, nn.SiLU, 2), nn.Flatten())
        self.value, self.gate = nn.Linear(16 * 64, 32), nn.Linear(16 * 64, 32)
        self.silu = nn.SiLU()
        self.head = nn.Linear(32, 9)

    def forward(self, x):
        x = self.features(x)
        return self.head(self.silu(self.gate(x)) * self.value(x))


def glu():
    return Classifier(nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.GLU(1), nn.Conv2d(16, 32, 3, 2, 1), nn.GLU(1)), 16)


class Maxout(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 24, 3, 2, 1), nn.Conv2d(12, 24, 3, 2, 1)
        self.flatten, self.head = nn.Flatten(), nn.Linear(12 * 64, 5)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = conv(x)
            half = x.shape[1] // 2
            x = torch.max(x[:, :half], x[:, half:])
        return self.head(self.flatten(x))


class DenseSplit(nn.Module):
    """Dense connections; the channels are chunked, split and sliced apart again."""

    def __init__(self):
        super().__init__()
        self.stem = block(3, 16, stride=2)
        self.left, self.right = block(8, 8), block(8, 8)
        self.a, self.b, self.c = block(6, 8), block(6, 8), block(20, 8)
        self.last = block(24, 16)

    def forward(self, x):
        x = self.stem(x)
        left, right = x.chunk(2, dim=1)
        x = torch.cat([x, self.left(left), self.right(right)], 1)
        a, b, c = torch.split(x, [6, 6, 20], dim=1)
        x = torch.cat([self.a(a), self.b(b), self.c(c)], 1)
        return self.last(x[:, :, 1:-1, ::2])


class WhereMasked(nn.Module):
    """A leaky activation by hand and a constant mask."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 12, 3, 2, 1), nn.Conv2d(12, 12, 3, 1, 1)
        self.register_buffer("mask", torch.rand(1, 1, 16, 16) > 0.3)

    def forward(self, x):
        x = self.conv1(x)
        x = torch.where(x > 0, x, 0.1 * x)
        return torch.where(self.mask, self.conv2(x), torch.zeros(()))


class WrittenLayerNorm(nn.Module):
    """Normalization over the channels as ConvNeXt's first code has it."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.rand(channels) + 0.5), nn.Parameter(torch.rand(channels) - 0.5)

    def forward(self, x):
        mean = x.mean(1, keepdim=True)
        variance = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt(variance + 1e-6)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class RMSNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(channels, 1, 1) + 0.5)

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(1, keepdim=True) + 1e-6) * self.weight


def normed(norm):
    return Classifier(
        nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), norm(16), nn.ReLU(), nn.Conv2d(16, 16, 3, 1, 1), norm(16), nn.ReLU()), 16)


class LinearLayerNorms(nn.Module):
    """nn.LayerNorm on channels-last maps and on vectors, as ConvNeXt's blocks have it, with a layer scale."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 4, 4)
        self.depthwise, self.norm = nn.Conv2d(16, 16, 7, 1, 3, groups=16), nn.LayerNorm(16)
        self.wide, self.gelu, self.narrow = nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16)
        self.scale = nn.Parameter(torch.rand(16))
        self.last, self.head = nn.LayerNorm(16), nn.Linear(16, 10)

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        x = x + (self.scale * self.narrow(self.gelu(self.wide(y)))).permute(0, 3, 1, 2)
        return self.head(self.last(x.mean([-2, -1])))


class CosineHead(nn.Module):
    """Cosine similarity to a prototype of each class, as face recognition has it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(3, 16, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 12))
        self.weight = nn.Parameter(torch.randn(7, 12))

    def forward(self, x):
        return 16 * functional.linear(functional.normalize(self.features(x)), functional.normalize(self.weight))


class GeM(nn.Module):
    """Generalized mean pooling."""

    def __init__(self, trained):
        super().__init__()
        self.p = nn.Parameter(torch.ones(1) * 3) if trained else 3
        self.features = nn.Sequential(block(3, 16, stride=2), block(16, 16))
        self.head = nn.Linear(16, 8)

    def forward(self, x):
        x = self.features(x)
        x = functional.avg_pool2d(x.clamp(min=1e-6).pow(self.p), (x.size(-2), x.size(-1))).pow(1.0 / self.p)
        return self.head(x.flatten(1))


class NormalizeInside(nn.Module):
    """Takes pixels from 0 to 255."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.features = nn.Sequential(block(3, 16, stride=2), block(16, 16))

    def forward(self, x):
        return self.features((x / 255.0 - self.mean) / self.std)


def local_response():
    return Classifier(
        nn.Sequential(
            nn.Conv2d(3, 16, 5, 2, 2), nn.ReLU(), nn.LocalResponseNorm(5, 1e-2, 0.75, 2.0), nn.MaxPool2d(3, 2),
            nn.Conv2d(16, 16, 3, 1, 1), nn.ReLU(), nn.LocalResponseNorm(4, 1e-2, 0.5, 1.0)), 16)


class MultiHead(nn.Module):
    """Class and box; explained is the first."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(3, 16, stride=2), block(16, 16, stride=2), nn.AdaptiveAvgPool2d(2), nn.Flatten())
        self.classes, self.box = nn.Linear(64, 6), nn.Linear(64, 4)

    def forward(self, x):
        x = self.features(x)
        return self.classes(x), self.box(x)


def ending(layer, classes=6):
    return nn.Sequential(Classifier(nn.Sequential(block(3, 16, stride=2), block(16, 16, stride=2)), 16, classes), layer)


def audio():
    """One-dimensional convolutions over the columns of a spectrogram."""

    def layer(inputs, outputs, size, stride):
        return [nn.Conv1d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm1d(outputs), nn.ReLU()]

    return nn.Sequential(
        nn.Flatten(1, 2), *layer(64, 16, 7, 2), nn.MaxPool1d(2), *layer(16, 24, 3, 1), nn.MaxPool1d(2), *layer(24, 24, 3, 1),
        nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 11))


def volume():
    """Three-dimensional convolutions: the picture's channels are the depth."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 3)),
        nn.Conv3d(1, 8, 3, 1, 1), nn.BatchNorm3d(8), nn.ReLU(), nn.MaxPool3d((1, 2, 2)), nn.Conv3d(8, 12, 3, 2, 1), nn.ReLU(),
        nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(12, 4))


class ShuffleBlock(nn.Module):
    """Grouped convolutions between which channels are shuffled."""

    def __init__(self):
        super().__init__()
        self.stem, self.one, self.two = block(3, 24, stride=2), nn.Conv2d(24, 24, 1, groups=3), nn.Conv2d(24, 24, 3, 1, 1, groups=24)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.one(self.stem(x))
        b, c, h, w = x.size()
        x = x.view(b, 3, c // 3, h, w).transpose(1, 2).contiguous().view(b, -1, h, w)
        return self.relu(self.two(x))


def activations():
    kinds = [nn.ELU, nn.SELU, nn.CELU, nn.Softplus, nn.Softsign, nn.LeakyReLU, nn.PReLU, nn.Hardtanh, nn.ReLU6, nn.Tanh,
             nn.LogSigmoid, nn.Hardshrink, nn.Softshrink, nn.Tanhshrink]
    layers = [nn.Conv2d(3, 8, 3, 2, 1)]
    for kind in kinds:
        layers += [kind(), nn.Conv2d(8, 8, 3, 1, 1)]
    return Classifier(nn.Sequential(*layers), 8)


def instance_norm():
    return Classifier(
        nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.InstanceNorm2d(16, affine=True), nn.ReLU(), nn.Conv2d(16, 16, 3, 1, 1),
            nn.InstanceNorm2d(16), nn.LeakyReLU(0.2), nn.AdaptiveAvgPool2d(4), nn.Conv2d(16, 16, 4)), 16)


class Siamese(nn.Module):
    """The halves of a picture; the absolute difference of their features is classified."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Sequential(block(3, 8, stride=2), block(8, 8)), nn.Sequential(block(3, 8, stride=2), block(8, 8))

    def forward(self, x):
        return torch.abs(self.left(x[..., :16]) - self.right(x[..., 16:]))


class EfficientChannelAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.pool = block(3, 16, stride=2), nn.AdaptiveAvgPool2d(1)
        self.conv, self.sigmoid = nn.Conv1d(1, 1, 3, padding=1, bias=False), nn.Sigmoid()

    def forward(self, x):
        x = self.stem(x)
        y = self.conv(self.pool(x).squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        return x * self.sigmoid(y).expand_as(x)


class CoordinateAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = block(3, 16, stride=2)
        self.rows, self.columns = nn.AdaptiveAvgPool2d((None, 1)), nn.AdaptiveAvgPool2d((1, None))
        self.conv, self.act = nn.Sequential(nn.Conv2d(16, 8, 1), nn.BatchNorm2d(8)), nn.Hardswish()
        self.high, self.wide, self.one, self.two = nn.Conv2d(8, 16, 1), nn.Conv2d(8, 16, 1), nn.Sigmoid(), nn.Sigmoid()

    def forward(self, x):
        x = self.stem(x)
        _, _, h, w = x.size()
        y = torch.cat([self.rows(x), self.columns(x).permute(0, 1, 3, 2)], dim=2)
        high, wide = torch.split(self.act(self.conv(y)), [h, w], dim=2)
        return x * self.two(self.wide(wide.permute(0, 1, 3, 2))) * self.one(self.high(high))


class Highway(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten, self.first = nn.Flatten(), nn.Linear(144, 24)
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(2))
        self.gates = nn.ModuleList(nn.Sequential(nn.Linear(24, 24), nn.Sigmoid()) for _ in range(2))
        self.plain = nn.ModuleList(nn.Linear(24, 24) for _ in range(2))
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        x = self.first(self.flatten(x))
        for relu, gate, plain in zip(self.relus, self.gates, self.plain):
            t = gate(x)
            x = t * relu(plain(x)) + (1 - t) * x
        return self.head(x)


class ScaledActivations(nn.Module):
    """No normalization: activations and branches have gains, as in NFNet and SkipInit."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, 2, 1)
        self.gelus = nn.ModuleList(nn.GELU() for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv2d(16, 16, 3, 1, 1) for _ in range(2))
        self.gain = nn.Parameter(torch.tensor(0.7))

    def forward(self, x):
        x = self.stem(x)
        for gelu, conv in zip(self.gelus, self.convs):
            x = x + 0.2 * self.gain * conv(1.7015043497085571 * gelu(x) / 1.1)
        return x


class AttentionPool(nn.Module):
    """Every position has a weight by softmax; the weighted mean of the features is classified."""

    def __init__(self):
        super().__init__()
        self.features, self.score = nn.Sequential(block(3, 16, stride=2), block(16, 16, stride=2)), nn.Conv2d(16, 1, 1)
        self.head = nn.Linear(16, 6)

    def forward(self, x):
        x = self.features(x)
        weights = torch.softmax(self.score(x).flatten(2), dim=-1)
        return self.head((x.flatten(2) * weights).sum(-1))


class LogSumExpPool(nn.Module):
    """A map of evidence for each class, pooled with a smooth maximum."""

    def __init__(self):
        super().__init__()
        self.features, self.score = nn.Sequential(block(3, 16, stride=2), block(16, 16, stride=2)), nn.Conv2d(16, 6, 1)

    def forward(self, x):
        x = self.score(self.features(x)).flatten(2)
        return torch.logsumexp(4 * x, dim=2) / 4 - math.log(x.shape[-1]) / 4


class PyramidPool(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.features = nn.Sequential(block(3, 8, stride=2), block(8, 12))
        self.pools = nn.ModuleList(kind(size) for size in (1, 2, 4))
        self.head = nn.Linear(12 * 21, 8)

    def forward(self, x):
        x = self.features(x)
        return self.head(torch.cat([pool(x).flatten(1) for pool in self.pools], 1))


class BlurPool(nn.Module):
    """Anti-aliased pooling: a fixed binomial filter on every channel, with reflected borders."""

    def __init__(self, channels):
        super().__init__()
        row = torch.tensor([1.0, 2.0, 1.0]) / 4
        self.register_buffer("filter", (row[:, None] * row[None, :])[None, None].repeat(channels, 1, 1, 1))
        self.pad = nn.ReflectionPad2d(1)

    def forward(self, x):
        return functional.conv2d(self.pad(x), self.filter, stride=2, groups=x.shape[1])


def blur_pool():
    return Classifier(nn.Sequential(block(3, 12), nn.MaxPool2d(2, 1), BlurPool(12), block(12, 16), BlurPool(16)), 16)


class Fire(nn.Module):
    def __init__(self, inputs, squeezed, expanded):
        super().__init__()
        self.squeeze, self.one, self.three = nn.Conv2d(inputs, squeezed, 1), nn.Conv2d(squeezed, expanded, 1), nn.Conv2d(squeezed, expanded, 3, padding=1)
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(3))

    def forward(self, x):
        x = self.relus[0](self.squeeze(x))
        return torch.cat([self.relus[1](self.one(x)), self.relus[2](self.three(x))], 1)


def fire():
    return Classifier(
        nn.Sequential(
            nn.Conv2d(3, 12, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(12, 6, 10),
            nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), nn.Dropout(), Fire(20, 6, 10)), 20)


class Polynomial(nn.Module):
    """Products of features with each other: squares, cubes, a quotient."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(3, 8, 3, 2, 1)

    def forward(self, x):
        a, b = self.one(x), self.two(x)
        return a * b + a ** 2 - 0.1 * b ** 3 + a / (1 + b.abs()) + torch.exp(-b * b) + torch.log1p(a.abs())


class BilinearPool(nn.Module):
    """Second-order pooling with signed square roots and a norm, as in fine-grained recognition."""

    def __init__(self):
        super().__init__()
        self.left, self.right = block(3, 6, stride=2), block(3, 5, stride=2)
        self.head = nn.Linear(30, 4)

    def forward(self, x):
        a, b = self.left(x).flatten(2), self.right(x).flatten(2)
        x = (torch.bmm(a, b.transpose(1, 2)) / a.shape[-1]).flatten(1)
        x = torch.sign(x) * torch.sqrt(torch.abs(x) + 1e-5)
        return self.head(functional.normalize(x))


class ChannelsLast(nn.Module):
    """Takes pictures as NHWC, as web services send them."""

    def __init__(self):
        super().__init__()
        self.first, self.second = block(3, 8, stride=2), block(8, 8, stride=2)
        self.head = nn.Linear(8 * 64, 6)

    def forward(self, x):
        x = self.second(self.first(x.permute(0, 3, 1, 2)))
        return self.head(x.permute(0, 2, 3, 1).reshape(x.shape[0], -1))


class MinMaxScale(nn.Module):
    """Scales each picture to 0…1 by its own extremes, then clips."""

    def __init__(self):
        super().__init__()
        self.features = block(3, 12, stride=2)

    def forward(self, x):
        low, high = x.amin((1, 2, 3), keepdim=True), x.amax((1, 2, 3), keepdim=True)
        return self.features(torch.clamp((x - low) / (high - low), 0.05, 0.95))


class SwitchableNorm(nn.Module):
    """Batch normalization where no linear layer is before it: at the input and after an activation, a batch norm of vectors."""

    def __init__(self):
        super().__init__()
        self.input, self.conv, self.relu, self.after = nn.BatchNorm2d(3), nn.Conv2d(3, 12, 3, 2, 1), nn.ReLU(), nn.BatchNorm2d(12)
        self.flatten, self.linear, self.vector = nn.Flatten(), nn.Linear(12 * 64, 16), nn.BatchNorm1d(16)
        self.tanh, self.head = nn.Tanh(), nn.Linear(16, 5)

    def forward(self, x):
        x = self.after(self.relu(self.conv(self.input(x))))
        return self.head(self.tanh(self.vector(self.linear(self.flatten(x)))))


class Stochastic(nn.Module):
    """Layers with trailing `None` indices, `unsqueeze`, `repeat`, `roll`, `flip`, `stack` and `gather` by constants."""

    def __init__(self):
        super().__init__()
        self.first, self.second = block(3, 8, stride=2), block(16, 8)
        self.register_buffer("order", torch.tensor([3, 1, 7, 5, 0, 2]))
        self.third = block(6, 8)

    def forward(self, x):
        x = self.first(x)
        x = torch.stack([x, x.flip(3)], 2).flatten(1, 2)
        x = self.second(torch.roll(x, 2, 2))
        return self.third(torch.index_select(x, 1, self.order))


@dataclasses.dataclass
class Export:
    """How a network is exported and compared. An opset of 0: this exporter is left out."""

    name: str
    make: typing.Callable[[], nn.Module]
    shape: tuple = (2, 3, 32, 32)
    old: int = 17
    new: int = 18
    dynamic: bool = False  # the batch's extent is free
    # Whether zennit's EpsilonPlus sees the same layers: not where code computes what lrp knows as a layer with a rule (a norm,
    # a convolution or a product by a function, a factor for each channel), nor where a module is used twice.
    zennit: bool = True
    scale: float = 1.0


def features(make, channels, classes=10):
    return lambda: Classifier(make(), channels, classes)


NETWORKS = [
    Export("squeeze_excite", squeeze_excite, old=13, new=20),
    Export("squeeze_excite_hard", squeeze_excite_hard, old=14, new=18, dynamic=True),
    Export("unet_transposed", lambda: UNetEncoder(False), old=11, new=19),
    Export("unet_upsample", lambda: UNetEncoder(True), old=12, new=21),
    Export("unet_cropped", UNetCropped, shape=(1, 3, 30, 30), old=16, new=18, dynamic=True),
    Export("option_a", option_a, old=9, new=18),
    Export("option_a_dynamic", option_a, old=17, new=23, dynamic=True),
    Export("cnn_lstm", lambda: RecurrentHead(nn.LSTM), shape=(2, 1, 16, 16), old=13, new=18),
    Export("cnn_gru_bidirectional", lambda: RecurrentHead(nn.GRU, 1, True), shape=(2, 1, 16, 16), old=15, new=20),
    Export("gru_signal", RowGRU, shape=(2, 1, 20, 20), old=14, new=21),
    Export("lstm_state", SignalLSTMState, shape=(2, 1, 20, 20), old=9, new=18),
    Export("cbam", cbam, old=12, new=22, zennit=False),
    Export("mish", mish, old=13, new=18, zennit=False),
    Export("mish_20", mish, old=18, new=22, zennit=False),
    Export("conv_mixer", lambda: conv_mixer("none"), old=9, new=20),
    Export("conv_mixer_tanh", lambda: conv_mixer("tanh"), old=20, new=18, dynamic=True),
    Export("group_norm_resnet", group_norm_resnet, old=11, new=21),
    Export("group_norm_18", group_norm_resnet, old=20, new=18, dynamic=True),
    Export("weight_standardized", weight_standardized, old=17, new=19, zennit=False),
    Export("inception_uneven_average", lambda: InceptionUneven(nn.AdaptiveAvgPool2d((5, 3))), shape=(2, 3, 26, 26), old=0, new=18),
    Export("inception_uneven_maximum", lambda: InceptionUneven(nn.AdaptiveMaxPool2d((5, 3))), shape=(2, 3, 26, 26), old=0, new=20),
    Export("sub_pixel", features(SubPixel, 12), old=13, new=21),
    Export("upsample_bilinear", features(lambda: UpsampleClassifier(scale_factor=2, mode="bilinear"), 12), old=11, new=18),
    Export("upsample_corners", features(lambda: UpsampleClassifier(size=(20, 28), mode="bilinear", align_corners=True), 12), old=17, new=20),
    Export("upsample_nearest", features(lambda: UpsampleClassifier(scale_factor=1.5, mode="nearest"), 12), old=10, new=22),
    Export("upsample_bicubic", features(lambda: UpsampleClassifier(scale_factor=2, mode="bicubic"), 12), old=13, new=18),
    Export("padded", lambda: padded(nn.ReflectionPad2d((2, 1, 0, 3)), nn.ReplicationPad2d(2), nn.ZeroPad2d((1, 0, 2, 1)), nn.ConstantPad2d(1, 0.5)), old=10, new=18),
    Export("padded_circular", lambda: padded(nn.CircularPad2d(2), nn.ReflectionPad2d(1)), old=13, new=20),
    Export("einsum_head", EinsumHead, old=12, new=18, zennit=False),
    Export("einsum_channels", ChannelEinsum, old=15, new=22, dynamic=True, zennit=False),
    Export("concat_pool", ConcatPool, old=13, new=18, zennit=False),
    Export("gated_linear", GatedLinear, old=13, new=19),
    Export("glu", glu, old=11, new=18, zennit=False),
    Export("maxout", Maxout, old=12, new=20),
    Export("dense_split", features(DenseSplit, 16), old=11, new=18, dynamic=True),
    Export("where_masked", features(WhereMasked, 12), old=12, new=18, zennit=False),
    Export("written_layer_norm", lambda: normed(WrittenLayerNorm), old=13, new=22, zennit=False),
    Export("rms_norm", lambda: normed(RMSNorm), old=16, new=18, zennit=False),
    Export("convnext_block", LinearLayerNorms, old=17, new=20, zennit=False),
    Export("cosine_head", CosineHead, old=11, new=18),
    Export("gem_trained", lambda: GeM(True), old=13, new=18, zennit=False),
    Export("gem", lambda: GeM(False), old=17, new=21, dynamic=True, zennit=False),
    Export("normalize_inside", features(NormalizeInside, 16), old=11, new=18, scale=255, zennit=False),
    Export("local_response", local_response, old=13, new=18),
    Export("multi_head", MultiHead, old=14, new=22),
    Export("log_softmax_end", lambda: ending(nn.LogSoftmax(1)), old=12, new=18),
    Export("softmax_end", lambda: ending(nn.Softmax(1)), old=13, new=20),
    Export("sigmoid_end", lambda: ending(nn.Sigmoid(), 4), old=9, new=18),
    Export("single_sigmoid", lambda: ending(nn.Sigmoid(), 1), old=16, new=21),
    Export("audio", audio, shape=(2, 1, 64, 64), old=13, new=18),
    Export("volume", volume, shape=(2, 3, 16, 16), old=17, new=20),
    Export("shuffle", features(ShuffleBlock, 24), old=11, new=18, dynamic=True),
    Export("activations", activations, old=18, new=18),
    Export("instance_norm", instance_norm, old=15, new=22),
    Export("siamese", features(Siamese, 8), old=13, new=18),
    Export("eca", features(EfficientChannelAttention, 16), old=13, new=20),
    Export("coordinate_attention", features(CoordinateAttention, 16), old=14, new=18),
    Export("highway", Highway, shape=(2, 1, 12, 12), old=12, new=21),
    Export("scaled_activations", features(ScaledActivations, 16), old=17, new=18, zennit=False),
    Export("attention_pool", AttentionPool, old=13, new=18, zennit=False),
    Export("log_sum_exp", LogSumExpPool, old=13, new=20, zennit=False),
    Export("pyramid_maximum", lambda: PyramidPool(nn.AdaptiveMaxPool2d), old=13, new=18),
    Export("pyramid_average", lambda: PyramidPool(nn.AdaptiveAvgPool2d), old=10, new=22),
    Export("blur_pool", blur_pool, old=11, new=18, zennit=False),
    Export("fire", fire, shape=(2, 3, 45, 45), old=13, new=21),
    Export("polynomial", features(Polynomial, 8), old=13, new=18, zennit=False),
    Export("bilinear_pool", BilinearPool, old=13, new=18, zennit=False),
    Export("channels_last", ChannelsLast, shape=(2, 32, 32, 3), old=13, new=18, dynamic=True),
    Export("min_max_scale", features(MinMaxScale, 12), old=13, new=20, zennit=False),
    Export("stray_batch_norms", SwitchableNorm, shape=(2, 3, 16, 16), old=13, new=18),
    Export("rearranged", features(Stochastic, 8), old=13, new=18),
]


def seeded(network):
    """In evaluation mode, with statistics and biases that are not the trivial ones."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
                module.running_mean.uniform_(-0.3, 0.3)
                module.running_var.uniform_(0.5, 1.5)
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.LayerNorm, nn.InstanceNorm2d)):
                if module.weight is not None:
                    module.weight.uniform_(0.5, 1.5)
                    module.bias.uniform_(-0.3, 0.3)
            elif isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)) and module.bias is not None:
                module.bias.uniform_(-0.1, 0.1)
    return network.eval()
