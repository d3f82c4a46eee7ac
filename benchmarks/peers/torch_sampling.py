"""The same ensembles in PyTorch with explicit weights, batched over networks. Prints networks per second.

Reads one JSON object per line from standard input, {"case", "networks", "batch"}; answers with one number.
"""

import json
import math
import sys
import time
from itertools import pairwise

import torch


def one_hidden(networks, batch):
    """(1, 100, 1), erf, six inputs, Gaussian weights."""
    inputs = 0.01 * torch.tensor([0.2, 0.4, 0.6, 0.8, 1.0, 1.2])
    for _ in range(networks // batch):
        hidden = torch.erf(torch.randn(batch, 1, 100) * inputs[:, None] + torch.randn(batch, 1, 100))
        output = hidden @ torch.randn(batch, 100, 1) / 10 + torch.randn(batch, 1, 1)
    return output


def deep(networks, batch, orthogonal):
    """(4, 1024 x 20, 1), tanh, four inputs."""
    widths = (4, *[1024] * 20, 1)
    inputs = torch.eye(4) * 2
    for _ in range(networks // batch):
        signal = inputs.expand(batch, 4, 4)
        for n_in, n_out in pairwise(widths):
            if orthogonal:
                n = max(n_in, n_out)
                frame, triangle = torch.linalg.qr(torch.randn(batch, n, min(n_in, n_out)))
                frame = frame * torch.sign(torch.diagonal(triangle, dim1=-2, dim2=-1))[:, None, :]
                weights = (frame if n_out >= n_in else frame.mT) * math.sqrt(n / n_in)
            else:
                weights = torch.randn(batch, n_out, n_in) / math.sqrt(n_in)
            z = signal @ weights.mT
            signal = torch.tanh(z)
    return z


CASES = {
    "one hidden layer": one_hidden,
    "deep gaussian": lambda networks, batch: deep(networks, batch, False),
    "deep orthogonal": lambda networks, batch: deep(networks, batch, True),
}

if __name__ == "__main__":
    with torch.no_grad():
        for line in sys.stdin:
            request = json.loads(line)
            start = time.perf_counter()
            CASES[request["case"]](request["networks"], request["batch"])
            print(request["networks"] / (time.perf_counter() - start), flush=True)
