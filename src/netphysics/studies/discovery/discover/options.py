"""Options of discovery in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from netphysics.discovery import Windows
from netphysics.lab import option

from ..options import SweepConfig


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of discovery in a table."""

    data: str = ""
    """The table: text with a header (.csv, .tsv, .txt, .dat), .npz, .h5 or .parquet; compressed or not."""
    observation: tuple[str, ...] = ()
    """Columns that the network observes; patterns such as 'x*' are welcome."""
    question: tuple[str, ...] = ()
    """Columns that ask; none if the same is asked of every row."""
    answer: tuple[str, ...] = ()
    """Columns that answer."""
    candidates: tuple[str, ...] = ()
    """Quantities that a neuron may turn out to hold; no network sees them."""
    circular: tuple[str, ...] = ()
    """Angles, in radians or degrees, among observation, question and candidates."""
    time: str = ""
    """For time series in long format, one row for each time: the column with the time. Windows are observed and a later
    time is asked about; --series names the column that tells one series from another."""
    series: str = ""
    """The column that tells one time series from another; series stay whole in every split."""
    window: int = option(8, least=2)
    """How many times of a series are observed."""
    group: str | None = None
    """Rows with the same value here stay on one side of the split between training and test."""
    errors: tuple[str, ...] = ()
    """Standard errors of the answers, in their units: one column, or one for each answer. They weigh the answers and
    take the place of --error."""
    nan: Literal["refuse", "drop", "mask"] = "refuse"
    """What becomes of rows that lack a number: drop leaves them out, mask tells the network what is not there."""
    robust: bool = False
    """Look for outliers: answers more than five robust standard errors off count nothing, in training as in all errors;
    observations five robust deviations out are shown as at that limit."""
    error: float | None = option(None, above=0)
    """Standard error of an answer, in standard deviations of its column. Bottlenecks are never stronger than
    2 x error^2, and four times that while neurons are found."""
    find_beta: float = 0.05
    """Strength of the bottleneck while neurons are found, as a share of the variance that latents can explain."""
    polish_beta: float = 0.0025
    """The same while answers are made precise."""
    steps: int = 2000
    """Steps of the teacher, and of each stage of the other networks; the last may take four times as many, while
    validation says that it is of use."""
    fingerprint: str = ""
    """Digest of the table, filled in: a table that changed makes another run."""
    reading: str = ""
    """How the table was read (separators, decimals, encoding), filled in."""

    presets: ClassVar = {"quick": {"latents": (0, 1, 2), "steps": 600, "width": 32}, "paper": {"steps": 10_000}}

    def __post_init__(self) -> None:
        super().__post_init__()
        if 0 not in self.latents:
            raise ValueError(f"latents is {self.latents}; 0 must be there to compare with")
        if max(self.latents) < 1:
            raise ValueError(f"latents is {self.latents}; one must be 1 or more")
        if bool(self.time) != bool(self.series):
            raise ValueError(f"--time is {self.time!r} and --series is {self.series!r}; time series need both")

    @property
    def windows(self) -> Windows | None:
        """How time series in long format become rows; None for a table whose rows are observations already."""
        return Windows(self.time, self.series, self.window) if self.time else None
