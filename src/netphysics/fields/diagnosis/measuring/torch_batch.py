"""What a PyTorch module is fed: one array, a tuple of arguments, or a dictionary of named ones; and what it gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .measurement import MOST_SAMPLES

if TYPE_CHECKING:
    import torch

# Gradients of all samples are kept at once, at most so many numbers (but of no fewer than FEWEST samples).
MOST_NUMBERS, FEWEST = 400_000_000, 8


@dataclass(frozen=True)
class TorchBatch:
    """Arguments of a module, samples along the first axis of each tensor; floating ones are in float32.

    Attributes:
        positional: what stands in order.
        named: what goes by name.
    """

    positional: tuple[Any, ...]
    named: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.signal)

    def outputs(self, model: torch.nn.Module) -> Any:
        """What the module makes of them."""
        return model(*self.positional, **self.named)

    @property
    def tensors(self) -> list[torch.Tensor]:
        import torch

        return [value for value in (*self.positional, *self.named.values()) if isinstance(value, torch.Tensor)]

    @property
    def signal(self) -> torch.Tensor:
        """The first argument."""
        return self.tensors[0]

    @property
    def alone(self) -> bool:
        """Whether the signal is the only tensor."""
        return len(self.tensors) == 1

    def holding(self, signal: torch.Tensor) -> TorchBatch:
        """The same arguments, but for the first tensor."""

        def put(value: Any) -> Any:
            return signal if value is self.signal else value

        return TorchBatch(tuple(map(put, self.positional)), {name: put(value) for name, value in self.named.items()})

    def first(self, samples: int) -> TorchBatch:
        """The first samples of each argument that has as many as the first."""
        size = len(self)

        def cut(value: Any) -> Any:
            return value[:samples] if getattr(value, "ndim", 0) and len(value) == size else value

        return TorchBatch(tuple(map(cut, self.positional)), {name: cut(value) for name, value in self.named.items()})


def as_batch(inputs: Any) -> TorchBatch:
    """A batch of whatever form.

    Raises:
        ValueError: for no tensor, for what cannot be made one, and for fewer than two samples.
    """
    if isinstance(inputs, Mapping):
        batch = TorchBatch((), {str(name): as_tensor(value) for name, value in inputs.items()})
    else:
        several = isinstance(inputs, tuple) and any(np.ndim(value) for value in inputs)
        batch = TorchBatch(tuple(map(as_tensor, inputs if several else (inputs,))), {})
    if not batch.tensors:
        raise ValueError("inputs hold no array; a batch of at least two samples is needed")
    shape = tuple(batch.signal.shape)
    if not shape or shape[0] < 2:
        raise ValueError(f"inputs have the shape {shape}; a batch of at least two samples is needed")
    return batch


def few_samples(batch: TorchBatch, parameters: int) -> TorchBatch:
    """As many samples as there is room to keep gradients of."""
    return batch.first(max(FEWEST, min(MOST_SAMPLES, MOST_NUMBERS // parameters)))


def as_tensor(value: Any) -> Any:
    """An array, a nested list or a list of tensors as a tensor on the host; None, flags and words as they are.

    Raises:
        ValueError: for anything else.
    """
    import torch

    if value is None or isinstance(value, bool | str):
        return value
    listed = isinstance(value, list) and all(isinstance(each, torch.Tensor) for each in value)
    try:
        tensor = (torch.stack(value) if listed else torch.as_tensor(value)).detach().cpu()
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueError(f"inputs hold a {type(value).__name__}; a batch of arrays or tensors is needed") from error
    return tensor.float() if tensor.is_floating_point() else tensor


def first_tensor(value: Any) -> torch.Tensor:
    """The first floating tensor in nested tuples, lists, dictionaries and dataclasses.

    Raises:
        ValueError: if there is none.
    """
    import torch

    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value
    parts = tuple(value) if isinstance(value, tuple | list) else ()
    if isinstance(value, Mapping):
        parts = tuple(value.values())
    elif dataclasses.is_dataclass(value):
        parts = tuple(vars(value).values())
    for part in parts:
        if part is not None:
            return first_tensor(part)
    kind = value.dtype if isinstance(value, torch.Tensor) else type(value).__name__
    raise ValueError(f"the model or a layer returns {kind}; tensors of floating numbers are needed")
