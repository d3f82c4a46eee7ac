"""The peer: the same networks with explicit weight matrices, batched, in PyTorch. Run by sampling.py."""

import json
import sys
import time

import torch

DEPTH, WIDTH, INPUTS, BATCH = 20, 1024, 4, 4


def layer(initialization, batch):
    weights = torch.randn(batch, WIDTH, WIDTH)
    if initialization == "gaussian":
        return weights / WIDTH**0.5
    frame, triangle = torch.linalg.qr(weights)
    return frame * torch.sign(torch.diagonal(triangle, dim1=1, dim2=2))[:, None, :]


def networks(initialization, batch):
    z = torch.randn(1, WIDTH, INPUTS).expand(batch, -1, -1)
    for _ in range(DEPTH):
        z = 1.5**0.5 * torch.bmm(layer(initialization, batch), torch.tanh(z))
    return z.square().sum()


def main():
    initialization = sys.argv[1]
    layer(initialization, 1)
    counted, start = 0, time.perf_counter()
    with torch.no_grad():
        while counted == 0 or time.perf_counter() - start < 5:
            networks(initialization, BATCH)
            counted += BATCH
    print(json.dumps({"rate": counted / (time.perf_counter() - start)}))


if __name__ == "__main__":
    main()
