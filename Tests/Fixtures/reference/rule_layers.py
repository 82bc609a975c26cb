"""The small layers of the `rules` group: every kind, with the shapes that go wrong first."""
import torch
from torch import nn
from torch.nn import functional
from torchvision.ops import FrozenBatchNorm2d
from zennit.layer import Sum


class PaddedConv2d(nn.Conv2d):
    """A convolution with its own zero padding for each side, (left, right, top, bottom)."""

    def __init__(self, *arguments, sides, **options):
        super().__init__(*arguments, **options)
        self.sides = sides

    def forward(self, data):
        return super().forward(functional.pad(data, self.sides))


def pair(value, rank):
    return list(value) if isinstance(value, tuple) else [value] * rank


def convolution(name, rank, shape, outputs, kernel, transposed=False, bias=True, groups=1, sides=None, **options):
    """The description and the module of one convolution; `sides` are pairs (before, after) per axis."""
    kind = f"Conv{'Transpose' if transposed else ''}{rank}d"
    padding = pair(options.get("padding", 0), rank)
    described = {
        "kernel": pair(kernel, rank),
        "stride": pair(options.get("stride", 1), rank),
        "dilation": pair(options.get("dilation", 1), rank),
        "padding": [list(side) for side in sides] if sides else [[p, p] for p in padding],
        "groups": groups,
    }
    if transposed:
        described["output_padding"] = pair(options.get("output_padding", 0), rank)

    if "padding_mode" in options:
        described["padding_mode"] = options["padding_mode"]

    def make():
        if sides:
            flat = [amount for side in reversed(sides) for amount in side]
            return PaddedConv2d(shape[1], outputs, kernel, bias=bias, groups=groups, sides=flat, **options)
        return getattr(nn, kind)(shape[1], outputs, kernel, bias=bias, groups=groups, **options)

    return {"name": name, "kind": kind, "options": described, "shape": shape, "make": make}


def plain(name, kind, shape, make, **options):
    return {"name": name, "kind": kind, "options": options, "shape": shape, "make": make}


def weighted():
    """Layers with a weight, all rules apply."""
    c = convolution
    return [
        c("conv1d", 1, (2, 3, 11), 4, 3, padding=1),
        c("conv1d_stride3_dilation2", 1, (3, 4, 17), 6, 3, stride=3, dilation=2, padding=2, groups=2, bias=False),
        c("conv1d_depthwise_dilated", 1, (2, 4, 13), 4, 3, dilation=3, padding=3, groups=4),
        c("conv2d", 2, (2, 3, 7, 6), 5, 3),
        c("conv2d_padded", 2, (2, 4, 6, 7), 5, (3, 2), padding=(2, 1)),
        c("conv2d_strided_padded", 2, (3, 3, 9, 8), 4, 3, stride=(2, 3), padding=(1, 2)),
        c("conv2d_dilated", 2, (2, 3, 9, 10), 4, (3, 2), dilation=(2, 3), padding=(2, 0)),
        c("conv2d_asymmetric", 2, (2, 3, 8, 7), 4, 3, stride=2, sides=[(0, 1), (1, 2)]),
        c("conv2d_grouped", 2, (2, 6, 6, 5), 8, 3, groups=2, padding=1),
        c("conv2d_depthwise", 2, (2, 5, 7, 7), 5, 3, groups=5, padding=1),
        c("conv2d_depthwise_strided", 2, (2, 4, 8, 9), 4, 5, groups=4, stride=2, padding=2, bias=False),
        c("conv2d_depthwise_multiplier", 2, (2, 3, 6, 7), 6, 3, groups=3, padding=(0, 1)),
        c("conv2d_depthwise_asymmetric", 2, (2, 16, 8, 8), 16, 3, groups=16, stride=2, sides=[(0, 1), (0, 1)]),
        c("conv2d_pointwise", 2, (2, 7, 4, 5), 9, 1, bias=False),
        c("conv2d_pointwise_strided", 2, (2, 6, 5, 7), 4, 1, stride=2),
        c("conv2d_wide", 2, (1, 32, 6, 6), 48, 3, padding=1),
        c("conv3d", 3, (2, 3, 4, 5, 4), 4, (2, 3, 2), padding=(1, 1, 0)),
        c("conv3d_strided_grouped", 3, (2, 4, 5, 5, 6), 4, 2, stride=(2, 1, 2), groups=2, bias=False),
        c("conv3d_dilated", 3, (2, 3, 5, 6, 5), 2, 2, dilation=(2, 3, 2), padding=(1, 0, 1)),
        c("conv3d_depthwise", 3, (2, 3, 4, 4, 5), 3, 3, padding=1, groups=3),
        c("convtranspose1d", 1, (2, 3, 7), 4, 3, True, stride=2, padding=1, output_padding=1),
        c("convtranspose1d_grouped_dilated", 1, (2, 4, 6), 6, 3, True, stride=3, dilation=2, groups=2),
        c("convtranspose2d", 2, (2, 3, 5, 4), 4, 3, True),
        c("convtranspose2d_strided", 2, (2, 4, 4, 5), 3, (3, 4), True, stride=(2, 3), padding=(1, 1), output_padding=(1, 0)),
        c("convtranspose2d_grouped", 2, (2, 6, 4, 4), 4, 3, True, groups=2, dilation=2, bias=False),
        c("convtranspose3d", 3, (2, 2, 3, 3, 4), 3, 2, True, stride=(1, 2, 1), padding=(0, 1, 0)),
        c("convtranspose2d_depthwise", 2, (2, 4, 3, 4), 4, 3, True, stride=2, padding=1, output_padding=1, groups=4),
        c("convtranspose3d_grouped", 3, (1, 4, 3, 2, 3), 4, 2, True, stride=2, dilation=(1, 2, 1), output_padding=1, groups=2),
        plain("linear", "FullyConnected", (3, 13), lambda: nn.Linear(13, 7)),
        plain("linear_unbiased", "FullyConnected", (2, 10), lambda: nn.Linear(10, 4, bias=False)),
        plain("linear_extra_axis", "FullyConnected", (2, 5, 9), lambda: nn.Linear(9, 4)),
        plain("linear_two_extra_axes", "FullyConnected", (2, 3, 4, 5), lambda: nn.Linear(5, 3, bias=False)),
    ]


def wrapped():
    """Convolutions whose padding repeats pixels."""
    shapes = {1: ((2, 3, 9), 2), 2: ((2, 3, 6, 7), (1, 2)), 3: ((1, 2, 4, 3, 4), 1)}
    modes = ["circular", "reflect", "replicate"]
    entries = [
        convolution(f"conv{rank}d_{mode}", rank, shape, 4, 3, padding=padding, padding_mode=mode)
        for rank, (shape, padding) in shapes.items()
        for mode in modes
    ]
    further = {
        "strided": {"stride": 2}, "dilated": {"dilation": 2}, "grouped": {"groups": 2, "bias": False},
    }
    return entries + [
        convolution(f"conv2d_{mode}_{key}", 2, (2, 4, 7, 6), 4, 3, padding=(2, 1), padding_mode=mode, **options)
        for mode, (key, options) in zip(modes, further.items())
    ]


def normalised():
    """Un-merged batch normalisation: rules change its weight and bias only."""
    return [
        plain("batchnorm1d", "BatchNorm1d", (3, 6), lambda: nn.BatchNorm1d(6), eps=1e-5),
        plain("batchnorm1d_sequence", "BatchNorm1d", (2, 4, 5), lambda: nn.BatchNorm1d(4), eps=1e-5),
        plain("batchnorm2d", "BatchNorm2d", (2, 5, 4, 3), lambda: nn.BatchNorm2d(5, eps=1e-3), eps=1e-3),
        plain("batchnorm3d", "BatchNorm3d", (2, 3, 2, 3, 4), lambda: nn.BatchNorm3d(3), eps=1e-5),
        plain("frozenbatchnorm2d", "FrozenBatchNorm2d", (2, 4, 3, 5), lambda: FrozenBatchNorm2d(4), eps=1e-5),
    ]


def pooling():
    """Averages, and a sum."""

    def average(name, rank, shape, kernel, stride, padding=0, ceil=False, include=True):
        kind = f"AvgPool{rank}d"
        return plain(
            name, kind, shape, lambda: getattr(nn, kind)(kernel, stride, padding, ceil, include),
            kernel=pair(kernel, rank), stride=pair(stride, rank), padding=[[p, p] for p in pair(padding, rank)],
            ceil_mode=ceil, count_include_pad=include)

    def adaptive(name, rank, shape, size):
        kind = f"AdaptiveAvgPool{rank}d"
        return plain(name, kind, shape, lambda: getattr(nn, kind)(size), output=pair(size, rank))

    return [
        average("avgpool1d", 1, (2, 3, 11), 3, 2, 1),
        average("avgpool2d", 2, (2, 3, 7, 8), (3, 2), 2, (1, 0)),
        average("avgpool2d_excluding", 2, (2, 3, 7, 6), 3, 2, 1, include=False),
        average("avgpool2d_ceil", 2, (2, 4, 8, 7), 3, (2, 3), 0, ceil=True),
        average("avgpool2d_ceil_padded", 2, (2, 2, 8, 9), 3, 2, 1, ceil=True),
        average("avgpool2d_ceil_padded_excluding", 2, (2, 2, 8, 9), 3, 2, 1, ceil=True, include=False),
        average("avgpool3d", 3, (2, 2, 4, 5, 6), 2, (1, 2, 2)),
        adaptive("adaptiveavgpool1d", 1, (2, 3, 10), 4),
        adaptive("adaptiveavgpool2d", 2, (2, 3, 7, 5), (3, 2)),
        adaptive("adaptiveavgpool2d_global", 2, (2, 6, 5, 4), 1),
        adaptive("adaptiveavgpool2d_enlarging", 2, (2, 3, 2, 3), (5, 7)),
        adaptive("adaptiveavgpool3d", 3, (1, 2, 4, 5, 3), (2, 3, 2)),
        plain("sum_axis1", "Sum", (2, 3, 4, 5), lambda: Sum(1), axis=1),
        plain("sum_axis2", "Sum", (2, 4, 3), lambda: Sum(2), axis=2),
        plain("sum_axis_from_the_end", "Sum", (2, 3, 4, 5), lambda: Sum(-2), axis=-2),
        plain("sum2", "Sum", (2, 3, 4, 5), lambda: Sum(-1), inputs=2),
        plain("sum3", "Sum", (2, 5), lambda: Sum(-1), inputs=3),
    ]


def maxima():
    """Max pooling: the plain gradient, the first maximum wins."""

    def largest(name, rank, shape, kernel, stride, padding=0, dilation=1, ceil=False):
        kind = f"MaxPool{rank}d"
        return plain(
            name, kind, shape, lambda: getattr(nn, kind)(kernel, stride, padding, dilation, ceil_mode=ceil),
            kernel=pair(kernel, rank), stride=pair(stride, rank), padding=[[p, p] for p in pair(padding, rank)],
            dilation=pair(dilation, rank), ceil_mode=ceil)

    return [
        largest("maxpool1d", 1, (2, 3, 11), 3, 2, 1),
        largest("maxpool2d", 2, (2, 3, 8, 7), 2, 2),
        largest("maxpool2d_overlapping", 2, (2, 4, 9, 8), 3, 2, 1),
        largest("maxpool2d_ceil_dilated", 2, (2, 2, 9, 10), 2, (2, 3), 0, 2, True),
        largest("maxpool3d", 3, (1, 2, 5, 4, 6), 2, 2),
        plain("adaptivemaxpool1d", "AdaptiveMaxPool1d", (2, 3, 11), lambda: nn.AdaptiveMaxPool1d(4), output=[4]),
        plain("adaptivemaxpool3d", "AdaptiveMaxPool3d", (1, 2, 5, 4, 3), lambda: nn.AdaptiveMaxPool3d(2), output=[2, 2, 2]),
        plain("adaptivemaxpool2d", "AdaptiveMaxPool2d", (2, 3, 7, 5), lambda: nn.AdaptiveMaxPool2d((3, 2)), output=[3, 2]),
    ]


def activations():
    """The 22 of zennit.types, as torch makes them by default or with other parameters."""
    shape = (2, 3, 4, 5)
    made = {
        "ELU": {"alpha": 0.75}, "Hardshrink": {"lambd": 0.25}, "Hardsigmoid": {}, "Hardtanh": {"min_val": -0.5, "max_val": 0.75},
        "Hardswish": {}, "LeakyReLU": {"negative_slope": 0.125}, "LogSigmoid": {}, "ReLU": {}, "ReLU6": {},
        "RReLU": {"lower": 0.125, "upper": 0.375}, "SELU": {}, "CELU": {"alpha": 1.5}, "GELU": {}, "Sigmoid": {}, "SiLU": {},
        "Softplus": {"beta": 2, "threshold": 3}, "Softshrink": {"lambd": 0.25}, "Softsign": {}, "Tanh": {}, "Tanhshrink": {},
        "Threshold": {"threshold": 0.25, "value": -0.5},
    }
    entries = [
        plain(kind.lower(), kind, shape, lambda kind=kind, options=options: getattr(nn, kind)(**options), **options)
        for kind, options in made.items()
    ]
    entries.append(plain("gelu_tanh", "GELU", shape, lambda: nn.GELU(approximate="tanh"), approximate="tanh"))
    entries.append(plain("prelu", "PReLU", shape, lambda: nn.PReLU(3)))
    entries.append(plain("prelu_shared", "PReLU", shape, lambda: nn.PReLU()))
    return entries


def normalising():
    """Layers that divide by a spread of their input: no preset has a rule for them."""
    return [
        plain("layernorm", "LayerNorm", (2, 3, 6), lambda: nn.LayerNorm(6), eps=1e-5),
        plain("layernorm_axes", "LayerNorm", (2, 3, 4, 5), lambda: nn.LayerNorm((4, 5), eps=1e-3), eps=1e-3),
        plain("layernorm_unbiased", "LayerNorm", (3, 7), lambda: nn.LayerNorm(7, bias=False), eps=1e-5),
        plain("groupnorm", "GroupNorm", (2, 6, 4, 3), lambda: nn.GroupNorm(3, 6), groups=3, eps=1e-5),
        plain("groupnorm_single", "GroupNorm", (2, 4, 5), lambda: nn.GroupNorm(1, 4, eps=1e-2), groups=1, eps=1e-2),
        plain("instancenorm1d", "InstanceNorm1d", (2, 3, 7), lambda: nn.InstanceNorm1d(3), eps=1e-5),
        plain("instancenorm2d", "InstanceNorm2d", (2, 3, 4, 5), lambda: nn.InstanceNorm2d(3, affine=True), eps=1e-5),
        plain("instancenorm3d", "InstanceNorm3d", (1, 2, 3, 4, 3), lambda: nn.InstanceNorm3d(2), eps=1e-5),
    ]


def others():
    """Layers without rules of their own in the presets."""
    return [
        plain("flatten", "Flatten", (2, 3, 4, 5), nn.Flatten),
        plain("softmax", "Softmax", (3, 7), lambda: nn.Softmax(1)),
        plain("logsoftmax", "LogSoftmax", (3, 7), lambda: nn.LogSoftmax(1)),
        plain("softmax_channels", "Softmax", (2, 4, 3, 2), lambda: nn.Softmax(1)),
        plain("padding", "Padding", (2, 3, 4, 5), lambda: nn.ZeroPad2d((1, 0, 2, 1)), padding=[[2, 1], [1, 0]]),
        plain("padding_reflect", "Padding", (2, 3, 4, 5), lambda: nn.ReflectionPad2d((1, 2, 3, 0)),
              padding=[[3, 0], [1, 2]], mode="reflect"),
        plain("padding_replicate", "Padding", (2, 3, 7), lambda: nn.ReplicationPad1d((2, 1)), padding=[[2, 1]], mode="replicate"),
        plain("padding_circular", "Padding", (2, 3, 4, 5), lambda: nn.CircularPad2d((1, 2, 0, 3)),
              padding=[[0, 3], [1, 2]], mode="circular"),
        plain("padding_cut", "Padding", (2, 3, 5, 6), lambda: nn.ZeroPad2d((-1, 2, 1, -2)), padding=[[1, -2], [-1, 2]]),
        plain("dropout", "Dropout", (2, 5), nn.Dropout),
    ]
