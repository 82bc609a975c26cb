"""Writes the first test picture of each Fashion-MNIST class as a 28x28 grey PNG beside this script.

    python3 extract_fashion_mnist.py [/usr/share/datasets/fashion-mnist]
"""
import gzip
import os
import sys

import numpy
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))


def read(folder, name, offset):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=offset)


folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"
images = read(folder, "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
labels = read(folder, "t10k-labels-idx1-ubyte.gz", 8)
with open(os.path.join(HERE, "..", "labels", "fashion_mnist.txt"), encoding="utf-8") as file:
    names = file.read().splitlines()
for label, name in enumerate(names):
    index = int(numpy.flatnonzero(labels == label)[0])
    slug = name.lower().replace("t-shirt/top", "t_shirt").replace(" ", "_")
    path = f"fashion_{slug}.png"
    Image.fromarray(images[index]).save(os.path.join(HERE, path), optimize=True)
    print(f"{path}: test picture {index}, class {label} {name}")
