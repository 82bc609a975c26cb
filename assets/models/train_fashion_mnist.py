"""Trains the three Fashion-MNIST models of `architectures.py` on one thread, in about ten minutes.

    python3 train_fashion_mnist.py [--data /usr/share/datasets/fashion-mnist] [--only fashion_vgg] [--epochs 8]

Data: Debian's package dataset-fashion-mnist. Prints the accuracy on the 10,000 test pictures of the weights as they
are stored, that is after rounding to float16. Seeded; other versions of PyTorch give other last digits.
"""
import argparse
import gzip
import os
import time

import numpy
import torch
from torch import nn

import architectures

MEAN, STD = 0.2860, 0.3530


def read(path):
    with gzip.open(path) as file:
        data = file.read()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * axis:8 + 4 * axis], "big") for axis in range(rank)]
    return torch.from_numpy(numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * rank).reshape(shape).copy())


def pictures(folder, part):
    images = read(os.path.join(folder, part + "-images-idx3-ubyte.gz")).float().div_(255)
    labels = read(os.path.join(folder, part + "-labels-idx1-ubyte.gz")).long()
    return images.sub_(MEAN).div_(STD)[:, None], labels


def augmented(batch, generator):
    """Half of the pictures mirrored; the whole batch moved by up to two pixels."""
    flip = torch.rand(len(batch), generator=generator) < 0.5
    batch = torch.where(flip[:, None, None, None], batch.flip(3), batch)
    down, right = torch.randint(-2, 3, (2,), generator=generator).tolist()
    padded = nn.functional.pad(batch, (2, 2, 2, 2), value=-MEAN / STD)
    return padded[:, :, 2 + down:30 + down, 2 + right:30 + right]


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        predicted = torch.cat([model(part).argmax(1) for part in images.split(500)])
    return (predicted == labels).float().mean().item()


def train(model, images, labels, epochs, rate, generator, augment):
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.02)
    size = 128
    steps = epochs * (len(images) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.2)
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(epochs):
        start, total = time.time(), 0.0
        model.train()
        order = torch.randperm(len(images), generator=generator)
        for indices in order.split(size):
            if len(indices) < size:
                continue
            batch = images[indices]
            if augment:
                batch = augmented(batch, generator)
            loss = loss_function(model(batch), labels[indices])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"  epoch {epoch + 1}: loss {total * size / len(images):.4f}, {time.time() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--only", choices=["fashion_mlp", "fashion_vgg", "fashion_resnet"])
    parser.add_argument("--epochs", type=int)
    options = parser.parse_args()
    torch.set_num_threads(1)
    images, labels = pictures(options.data, "train")
    test_images, test_labels = pictures(options.data, "t10k")
    # name: epochs, highest learning rate, augmentation
    plans = {"fashion_mlp": (8, 2e-3, False), "fashion_vgg": (7, 4e-3, True), "fashion_resnet": (8, 4e-3, True)}
    for name, (epochs, rate, augment) in plans.items():
        if options.only not in (None, name):
            continue
        torch.manual_seed(1)
        model = architectures.ARCHITECTURES[name]()
        print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters", flush=True)
        train(model, images, labels, options.epochs or epochs, rate, torch.Generator().manual_seed(2), augment)
        path = architectures.save(model, name, {
            "model": name, "license": "LGPL-3.0-or-later", "source": "train_fashion_mnist.py"})
        stored = accuracy(architectures.load(name), test_images, test_labels)
        print(f"{name}: {stored:.2%} of the test pictures, {os.path.getsize(path)} bytes", flush=True)


if __name__ == "__main__":
    main()
