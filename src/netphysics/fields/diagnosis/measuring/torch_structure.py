"""The structure of a PyTorch module, from the functions that it calls: `F.relu` in a `forward` as well as `nn.ReLU`."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from .structure import LINEAR, PRODUCTS, Structure
from .torch_batch import TorchBatch

# A row of attention over at least so many tokens that has more of its weight in one place looks at that one alone.
FEWEST_TOKENS, ALL_WEIGHT = 4, 0.99
# Signals beyond it explode, whatever function overflows first.
EXPLODED = 1e10
# A function that leaves less of the variance over samples leaves rounding alone; samples of which more of the mean
# square tells them apart are different.
SAME, DIFFERENT = 1e-8, 1e-6


class Follow(TorchFunctionMode):
    """While it is entered, every function of PyTorch that is called is told to `structure`."""

    def __init__(self, model: torch.nn.Module, batch: TorchBatch) -> None:
        super().__init__()
        matrices: dict[Hashable, str] = {id(p): layer_name(name) for name, p in model.named_parameters() if p.ndim > 1}
        self.listed = {id(p) for p in model.parameters()}
        self.unlisted: set[int] = set()
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
            self.unlisted |= {id(t) for t in taken if isinstance(t, torch.nn.Parameter)} - self.listed
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
            path = self.structure.paths.get(id(taken[0])) if taken else None
            place = (name, path.layer if path else None)
            if self.structure.erased is None and self.erases(name, taken, given[0]):
                self.structure.erased = place
            if self.structure.infinite is None and breaks(name, taken, given[0]):
                self.structure.infinite = place
            self.structure.apply(name, list(map(id, taken)), list(map(id, given)), taps, sizes)
        return result

    def erases(self, name: str, taken: list[torch.Tensor], given: torch.Tensor) -> bool:
        """Whether samples differ before a function and are the same behind it. What is multiplied by parameters may be
        zero at first, and what is merely shaped like a signal is none."""
        if name in LINEAR or name in PRODUCTS or name.endswith("like") or name.startswith("new"):
            return False
        if not taken or id(taken[0]) not in self.structure.past:
            return False
        scales = [each for each in taken if isinstance(each, torch.nn.Parameter)]
        if scales and not scales[0].any():
            return False
        return self.told_apart(taken[0]) > DIFFERENT and self.spread(given) < SAME * self.spread(taken[0])

    def told_apart(self, signal: torch.Tensor) -> float:
        """The share of a signal's mean square that tells samples apart; not a number for what is no signal."""
        spread = self.spread(signal)
        return spread / float(signal.detach().double().square().mean()) if spread > 0 else spread

    def spread(self, signal: torch.Tensor) -> float:
        """The variance over samples; not a number for what is no signal."""
        if not signal.is_floating_point() or signal.ndim < 1 or len(signal) != self.samples:
            return math.nan
        return float(signal.detach().double().var(dim=0, correction=0).mean())

    def end(self, outputs: torch.Tensor) -> None:
        """These are the outputs; samples that they tell apart were not erased, but for a branch."""
        self.structure.outputs, self.structure.unlisted = id(outputs), len(self.unlisted)
        if not self.told_apart(outputs) < DIFFERENT:
            self.structure.erased = None
        if outputs.isfinite().all():
            self.structure.infinite = None


def breaks(name: str, taken: list[torch.Tensor], given: torch.Tensor) -> bool:
    """Whether a function makes the first number that is not one: NaN, or infinity where it is no mask of attention.
    Products with parameters overflow where signals explode before them."""
    if name in PRODUCTS or not given.is_floating_point() or not taken or "fill" in name:
        return False
    broken = given.isnan() if "softmax" in name else ~given.isfinite()
    known = torch.isnan if "softmax" in name else lambda each: ~torch.isfinite(each)
    exploded = any(each.is_floating_point() and (each.abs() > EXPLODED).any() for each in taken)
    return bool(broken.any()) and not (exploded or any(known(each).any() for each in taken))


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
