"""The reference's side of the benchmark: reads one request per line, runs it with zennit, answers with the seconds.

Requests are JSON: {"model", "composite", "batch", "threads", "output"}; the relevance is written to `output` as NPY, so
that results are compared before times are. Needs torch, torchvision, numpy, safetensors and zennit 1.0.0.
"""
import functools
import json
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Fixtures"))

import numpy
import torch
import zennit
from zennit import composites, rules, types
from zennit.attribution import Gradient

from reference import embedded_group, networks

CLASS = 5


@functools.cache
def network(name):
    """The network, its canonizers, and one sample of its input."""
    if name == "efficientnet_lite0":
        model, data, _ = embedded_group.lite0_and_picture()
        return model, embedded_group.canonizers, data
    model, canonizers, _ = networks.named(name)
    return model, canonizers, None


def composite(name, canonizers):
    if name == "gradient":
        return None
    if name == "all_gamma":
        layer_map = composites.layer_map_base() + [(types.Linear, rules.Gamma())]
        return composites.LayerMapComposite(layer_map=layer_map, canonizers=canonizers)
    options = {"low": -3.0, "high": 3.0} if name == "epsilon_gamma_box" else {}
    return composites.COMPOSITES[name](canonizers=canonizers, **options)


def run(request):
    torch.set_num_threads(request["threads"])
    model, canonizers, sample = network(request["model"])
    batch = request["batch"]
    data = networks.picture((batch, 3, 224, 224)) if sample is None else sample.expand(batch, -1, -1, -1).clone()

    def output_relevance(output):
        seed = torch.zeros_like(output)
        seed[:, CLASS] = output[:, CLASS]
        return seed.detach()

    with Gradient(model=model, composite=composite(request["composite"], canonizers())) as attributor:
        began = time.perf_counter()
        _, relevance = attributor(data, output_relevance)
        seconds = time.perf_counter() - began
    numpy.save(request["output"], relevance.detach().numpy())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "peak": peak}


def main():
    print(json.dumps({"torch": torch.__version__, "zennit": getattr(zennit, "__version__", "?")}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


main()
