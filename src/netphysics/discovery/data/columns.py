"""Columns: which columns of a table play which part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...tables import select
from ..images import image_shape

Missing = Literal["refuse", "drop", "mask"]


@dataclass(frozen=True)
class Columns:
    """Which columns of a table play which part; names may be patterns such as `x*`.

    Attributes:
        observation, question, answer: what the encoder sees, what is asked, what is right.
        candidates: quantities that a neuron may turn out to hold; no network sees them.
        circular: angles among observation, question and candidates; networks see their cosine and sine.
        group: rows with the same value here stay on one side of the split.
        errors: standard errors of the answers: one column, or one for each answer.
        missing: what becomes of rows that lack a number: refused; dropped; or masked, when answers that lack
            count nothing, and for other columns the network is told that the number is not there.
        robust: whether outliers are looked for: answers count nothing then, and inputs are shown as at a limit.
    """

    observation: tuple[str, ...]
    question: tuple[str, ...]
    answer: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()
    group: str | None = None
    errors: tuple[str, ...] = ()
    missing: Missing = "refuse"
    robust: bool = False

    @property
    def image(self) -> tuple[int, int] | None:
        """Height and width of the image that is observed; None where observations are no image."""
        return image_shape(self.observation)

    @property
    def pixels(self) -> tuple[str, ...]:
        """The columns that are pixels of the image."""
        height, width = self.image or (0, 0)
        return self.observation[: height * width]

    @property
    def shown(self) -> tuple[str, ...]:
        """All columns that networks see or answer."""
        return tuple(dict.fromkeys((*self.observation, *self.question, *self.answer)))

    def named(self, table: Mapping[str, np.ndarray]) -> Columns:
        """The same with the names of columns in the place of patterns.

        Raises:
            ValueError: for names that are no columns, parts without one, and an answer that is shown as well.
        """
        found = {
            part: select(table, getattr(self, part), part)
            for part in ("observation", "question", "answer", "candidates", "circular", "errors")
        }
        if self.group is not None:
            select(table, (self.group,), "group")
        for part in ("observation", "answer"):
            if not found[part]:
                raise ValueError(f"--{part} is empty; at least one column of {', '.join(table)} is needed")
        if both := set(found["answer"]) & {*found["observation"], *found["question"]}:
            raise ValueError(f"column {min(both)} is an answer and is shown to the network; it can be one of the two")
        if len(found["errors"]) not in (0, 1, len(found["answer"])):
            raise ValueError(
                f"--errors names {len(found['errors'])} columns for {len(found['answer'])} answers; "
                "it takes one for all, or one for each"
            )
        image_shape(found["observation"])
        return replace(
            self,
            observation=found["observation"],
            question=found["question"],
            answer=found["answer"],
            candidates=found["candidates"],
            circular=found["circular"],
            errors=found["errors"],
        )
