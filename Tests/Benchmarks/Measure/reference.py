"""The reference's side of the benchmark: reads one request per line, runs it with zennit, answers with the seconds.

Requests are JSON: {"item": {"model", "composite", "batch", "side", "method", "iterations"}, "threads", "noiseLevel",
"weights" (a safetensors file, or nothing), "output"}; the relevance is written to `output` as NPY, so that results are compared before times are. A request that
fails is answered with {"error"}. Needs torch, torchvision, numpy, safetensors and zennit 1.0.0.
"""
import functools
import importlib.metadata
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Fixtures"))

import numpy
import safetensors.torch
import torch
import torchvision
from zennit import attribution, composites, rules, types
from zennit import torchvision as torchvision_canonizers

from reference import embedded_group, networks

CLASS = 5


@functools.lru_cache(maxsize=1)
def network(name, weights=None):
    """The network, its canonizers, one sample of its input if it is not noise, and the input's shape."""
    if weights:
        # The parameters stay in the mapped file: nothing is copied, nor filled before.
        model = networks.empty(getattr(torchvision.models, name), classes=1000)
        model.load_state_dict(safetensors.torch.load_file(weights), strict=False, assign=True)
        canonizers = torchvision_canonizers.ResNetCanonizer if "resnet" in name else torchvision_canonizers.VGGCanonizer
        return networks.apart(model), lambda: [canonizers()], None, (3, 224, 224)
    if name == "efficientnet_lite0":
        model, data, _ = embedded_group.lite0_and_picture()
        return model, embedded_group.canonizers, data, (3, 224, 224)
    if name.startswith("fashion_"):
        model = networks.apart(embedded_group.asset_module("architectures").load(name))
        return model, embedded_group.canonizers, None, (1, 28, 28)
    model, canonizers, _ = networks.named(name)
    return model, canonizers, None, (3, 224, 224)


def peak():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def composite(name, canonizers):
    if name == "gradient":
        return None
    if name == "all_gamma":
        layer_map = composites.layer_map_base() + [(types.Linear, rules.Gamma())]
        return composites.LayerMapComposite(layer_map=layer_map, canonizers=canonizers)
    options = {"low": -3.0, "high": 3.0} if name == "epsilon_gamma_box" else {}
    return composites.COMPOSITES[name](canonizers=canonizers, **options)


def attributor(item, model, rule_map, side, noise_level):
    options = {"model": model, "composite": rule_map}
    if item["method"] == "smoothgrad":
        return attribution.SmoothGrad(noise_level=noise_level, n_iter=item["iterations"], **options)
    if item["method"] == "integrated-gradients":
        return attribution.IntegratedGradients(n_iter=item["iterations"], **options)
    if item["method"] == "occlusion":
        window = (side // item["iterations"],) * 2
        return attribution.Occlusion(window=window, stride=window, **options)
    return attribution.Gradient(**options)


def run(request):
    torch.set_num_threads(request["threads"])
    item = request["item"]
    model, canonizers, sample, (channels, own_side, _) = network(item["model"], request.get("weights"))
    batch, side = item["batch"], item.get("side") or own_side
    if sample is None or side != own_side:
        data = networks.picture((batch, channels, side, side))
    else:
        data = sample.expand(batch, -1, -1, -1).clone()

    def output_relevance(output):
        seed = torch.zeros_like(output)
        seed[:, CLASS] = output[:, CLASS]
        return seed.detach()

    rule_map = composite(item["composite"], canonizers())
    with attributor(item, model, rule_map, side, request["noiseLevel"]) as explain:
        began = time.perf_counter()
        _, relevance = explain(data, output_relevance)
        seconds = time.perf_counter() - began
    numpy.save(request["output"], relevance.detach().numpy())
    return {"seconds": seconds, "peak": peak()}


def answer(line):
    try:
        return run(json.loads(line))
    except Exception as error:  # whatever it is, the benchmark goes on without this row
        return {"error": repr(error)}


def main():
    print(json.dumps({"torch": torch.__version__, "zennit": importlib.metadata.version("zennit")}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(line)), flush=True)


main()
