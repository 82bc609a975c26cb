"""The `models` groups: whole networks under presets, relevance at every module output."""
import copy

import torch
from torchvision.models.resnet import BasicBlock
from zennit.torchvision import ResNetCanonizer

from . import attributing, building, networks

# With this seed, parameters disturbed by 6e-7 move no relevance by more than 5e-5 (under the presets that are most
# easily disturbed). With seed 11, one unit of the second sample lies so close to its ReLU's kink that it may be on
# either side in float32, and with it a share of the relevance that does not go to zero there.
WELL_POSED = 13

BOX = {"low": -1, "high": 1}

# (name of the case, preset or None for the gradient, parameters, canonised, relevance at the output)
PRESETS = [
    ("epsilon_plus", "epsilon_plus", {}, True, "logit"),
    ("epsilon_plus_flat", "epsilon_plus_flat", {}, True, "logit"),
    ("epsilon_alpha2_beta1", "epsilon_alpha2_beta1", {}, True, "logit"),
    ("epsilon_alpha2_beta1_flat", "epsilon_alpha2_beta1_flat", {}, True, "logit"),
    ("epsilon_gamma_box", "epsilon_gamma_box", BOX, True, "logit"),
    ("excitation_backprop", "excitation_backprop", {}, True, "logit"),
    ("deconvnet", "deconvnet", {}, True, "logit"),
    ("guided_backprop", "guided_backprop", {}, True, "logit"),
    ("beta_smooth", "beta_smooth", {}, True, "logit"),
    ("gradient", None, {}, False, "one"),
]
VARIATIONS = [
    ("epsilon_plus_one", "epsilon_plus", {"epsilon": 0.25, "stabilizer": 1e-3}, True, "one"),
    ("epsilon_plus_uncanonised", "epsilon_plus", {}, False, "logit"),
    (
        "epsilon_gamma_box_unbiased", "epsilon_gamma_box",
        {
            "low": [-1.0, -1.25, -1.5], "high": [1.0, 1.25, 1.5], "gamma": 0.5, "epsilon": 0.125, "zero_params": ["bias"],
        },
        True, "logit"),
]
# Without shortcuts: zennit's example program with --no-residual, and with --no-bias too.
RESIDUALS = [
    ("epsilon_plus_no_residual", "epsilon_plus", {"residual": False}, True, "logit"),
    (
        "epsilon_gamma_box_no_residual_no_bias", "epsilon_gamma_box", {**BOX, "residual": False, "zero_params": ["bias"]},
        True, "logit"),
]


def make_case(model, data, targets, canonizers, case, prefix, store, sampled=True):
    """One case: relevance at every module output."""
    name, preset, parameters, canonised, kind = case
    used = canonizers if canonised else list

    def composite():
        return building.preset(preset, parameters, used(), data.ndim) if preset else None

    seed_of = attributing.seed_function(kind, targets)
    output, exact, single = attributing.both(model, composite, data, seed_of)
    results = {
        node: store.result(f"{prefix}{name}/{node}", exact[node], single[node], sampled and node != "input")
        for node in exact
    }
    return output, {
        "name": name, "preset": preset, "parameters": parameters, "canonised": canonised, "relevance": kind,
        "targets": targets, "results": results}


def make_model(store, name, model, data, targets, canonizers, cases, described):
    made = []
    for case in cases:
        output, entry = make_case(model, data, targets, canonizers, case, "", store)
        made.append(entry)
    return {
        "group": store.group, "model": name, "shape": list(data.shape),
        "output": store.put("output", output), "cases": made, **described}


def same_as_unmodified(model, data, targets):
    """Checks that our ResNet with separate activations is torchvision's under zennit's own canonizer."""
    def pixels(network, canonizers):
        composite = building.preset("epsilon_plus", {}, canonizers)
        seed_of = attributing.seed_function("logit", targets)
        data_ = data.double().requires_grad_()
        with composite.context(network) as modified:
            output = modified(data_)
            return torch.autograd.grad(output, data_, seed_of(output.detach()))[0]

    ours = pixels(copy.deepcopy(model).double(), networks.resnet_canonizers())
    theirs = pixels(networks.resnet18(BasicBlock).double(), [ResNetCanonizer()])
    assert torch.equal(ours, theirs), "the ResNet with separate activations differs from torchvision's"


def residual_resnet18(store):
    model, data, targets = networks.resnet18(), networks.picture((2, 3, 64, 64), WELL_POSED), [3, 7]
    described = {
        "parameters": {"seed": networks.SEED}, "canonizer": "ResNetCanonizer", "input": store.put("picture", data)}
    return make_model(store, "resnet18", model, data, targets, networks.resnet_canonizers, RESIDUALS, described)


def resnet18(store):
    model, data, targets = networks.resnet18(), networks.picture((2, 3, 64, 64), WELL_POSED), [3, 7]
    same_as_unmodified(model, data, targets)
    described = {
        "parameters": {"seed": networks.SEED}, "canonizer": "ResNetCanonizer", "input": store.put("picture", data)}
    return make_model(
        store, "resnet18", model, data, targets, networks.resnet_canonizers, PRESETS + VARIATIONS, described)


def vgg11_bn(store):
    model, data, targets = networks.vgg11_bn(), networks.picture((1, 3, 64, 64)), [4]
    described = {
        "parameters": {"seed": networks.SEED}, "canonizer": "VGGCanonizer", "input": store.put("picture", data)}
    return make_model(
        store, "vgg11_bn", model, data, targets, networks.vgg_canonizers, PRESETS + VARIATIONS, described)
