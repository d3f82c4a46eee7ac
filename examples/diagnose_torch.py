"""Diagnose a PyTorch network, do what the first advice says, and diagnose it again.

    python examples/diagnose_torch.py

PyTorch is no dependency of netphysics: this example needs it, the rest of the package does not.
"""

import netphysics


def main() -> None:
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed; this example has nothing to diagnose.")
        return
    torch.manual_seed(0)
    inputs = torch.randn(32, 64)
    hidden = [module for _ in range(20) for module in (torch.nn.Linear(64, 64), torch.nn.ReLU())]
    model = torch.nn.Sequential(*hidden, torch.nn.Linear(64, 10))
    found = netphysics.diagnose(model, inputs)
    print(found.cause, *found.advice, sep="\n")
    for layer in model:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.orthogonal_(layer.weight, gain=1.414)
    found = netphysics.diagnose(model, inputs)
    print(found.cause, *(f"{name}: {verdict.reason}" for name, verdict in found.verdicts.items()), sep="\n")


if __name__ == "__main__":
    main()
