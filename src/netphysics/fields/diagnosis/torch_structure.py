"""The structure of a PyTorch module, from the functions that it calls: `F.relu` in a `forward` as well as `nn.ReLU`."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from .structure import Structure
from .torch_batch import TorchBatch

# A row of attention over at least so many tokens that has more of its weight in one place looks at that one alone.
FEWEST_TOKENS, ALL_WEIGHT = 4, 0.99


class Follow(TorchFunctionMode):
    """While it is entered, every function of PyTorch that is called is told to `structure`."""

    def __init__(self, model: torch.nn.Module, batch: TorchBatch) -> None:
        super().__init__()
        matrices: dict[Hashable, str] = {id(p): layer_name(name) for name, p in model.named_parameters() if p.ndim > 1}
        self.structure = Structure(made=matrices, past={id(each): frozenset() for each in batch.tensors})
        # A key is the place of a tensor in memory: none may go while others are followed.
        self.kept: list[Any] = []
        self.samples = len(batch)

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = function(*args, **(kwargs or {}))
        taken, given = list(tensors((args, kwargs))), list(tensors(result))
        if given:
            self.kept.append(result)
            weight = next((t for t in taken if id(t) in self.structure.made), None)
            sizes = (taken[0].numel() // self.samples, given[0].numel() // self.samples) if taken else (0, 0)
            taps = 1 if weight is None else math.prod(weight.shape[2:])
            name = function.__name__.strip("_")
            if name == "hardtanh" and (kwargs or {}).get("min_val", -1.0) == 0:
                name = "relu6"  # As PyTorch makes it.
            if name == "softmax" and given[0].ndim > 2 and given[0].shape[-1] >= FEWEST_TOKENS:
                share = float((given[0].detach().amax(dim=-1) > ALL_WEIGHT).float().mean())
                self.structure.one_hot = max(self.structure.one_hot, share)
            if "dropout" in name:
                share = (kwargs or {}).get("p", args[1] if len(args) > 1 else 0.5)
                self.structure.dropped = max(self.structure.dropped, share)
            self.structure.apply(name, list(map(id, taken)), list(map(id, given)), taps, sizes)
        return result


def layer_name(parameter: str) -> str:
    """The name of the module that a parameter belongs to, also where its weight is made of others."""
    return parameter.partition(".parametrizations.")[0].removesuffix(".weight")


def tensors(value: Any) -> Iterator[torch.Tensor]:
    """All tensors in nested tuples, lists and dictionaries."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, Mapping):
        yield from tensors(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from tensors(part)
