"""Diagnose a PyTorch network: forward hooks collect what the layers say, netphysics reads it.

    python examples/diagnose_torch.py

PyTorch is no dependency of netphysics. `collect` is all that touches it; the rest takes arrays.
"""

from itertools import pairwise

import numpy as np

import netphysics

WIDTHS = (32, 64, 64, 64, 64, 10)


def collect(model, inputs) -> list[np.ndarray]:
    """The outputs of every linear layer on a batch, in the order in which they are called."""
    import torch

    found = []
    linear = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    hooks = [module.register_forward_hook(lambda _, __, out: found.append(out.numpy().copy())) for module in linear]
    with torch.no_grad():
        model(inputs)
    for hook in hooks:
        hook.remove()
    return found


def stacked(networks: list[list[np.ndarray]]) -> list[np.ndarray]:
    """Layers of several networks as one array each, (networks, samples, width): the spread shows."""
    return [np.stack(layers) for layers in zip(*networks, strict=True)]


def main() -> None:
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed; this example has nothing to diagnose.")
        return
    inputs = torch.randn(20, WIDTHS[0])
    networks = []
    for seed in range(16):
        torch.manual_seed(seed)
        layers = []
        for n_in, n_out in pairwise(WIDTHS):
            layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
        networks.append(collect(torch.nn.Sequential(*layers[:-1]), inputs))
    diagnosis = netphysics.diagnose(stacked(networks))
    print(diagnosis.verdict, *diagnosis.advice, sep="\n")


if __name__ == "__main__":
    main()
