"""The `zoo` groups: one of each family of torchvision's networks under one or two presets, relevance at every step."""
from zennit.canonizers import SequentialMergeBatchNorm

from . import models_group, networks, seeded, tracing

FAMILIES = [
    "alexnet", "squeezenet1_1", "googlenet", "inception_v3", "densenet121", "mobilenet_v2", "mobilenet_v3_small",
    "mnasnet0_5", "shufflenet_v2_x0_5", "efficientnet_b0", "convnext_tiny"]
# Whose batch norms do not follow the convolutions that are registered before them.
UNMERGED = ["densenet121"]
BOTH = ["alexnet", "squeezenet1_1", "mobilenet_v2", "efficientnet_b0", "convnext_tiny"]


def of(name):
    def make(store):
        model = seeded.fill(tracing.traced(name).to_empty(device="cpu"), networks.SEED)
        side = 96 if name == "inception_v3" else 64
        data = networks.picture((1, 3, side, side))
        merged = name not in UNMERGED
        cases = [
            (case, preset, parameters, merged, kind)
            for case, preset, parameters, _, kind in models_group.PRESETS
            if case == "epsilon_gamma_box" or case == "epsilon_plus" and name in BOTH]
        described = {
            "parameters": {"seed": networks.SEED}, "canonizer": "SequentialMergeBatchNorm",
            "input": store.put("picture", data)}
        return models_group.make_model(
            store, name, model, data, [3], lambda: [SequentialMergeBatchNorm()], cases, described)

    return make
