"""The face of the laboratory for scripts and notebooks; the command line says the same things."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .blocks import Dask, Executor, Processes, Threads
from .lab import Progress, Run, Study, StudyConfig, catalog, load_run, run_study

if TYPE_CHECKING:
    import numpy as np

    from .fields.diagnosis import Diagnosis
    from .topology.anomaly import Search
    from .topology.events import Frame
    from .topology.shape import Shape


def studies() -> list[str]:
    """Names of all installed studies."""
    return catalog.names()


def run(
    study: str,
    *,
    preset: str = "default",
    out: str | Path = "runs",
    workers: int = 1,
    cluster: str | None = None,
    until_error: float | None = None,
    **options: Any,
) -> Run:
    """Run a study and write its report: `netphysics.run("signals-by-depth", depth=30)`.

    A run that exists is answered from disk, resumed, or extended when only the budget grew.

    Args:
        study: a name from `studies()`.
        preset: `quick`, `default` or `paper`.
        out: folder of all runs.
        workers: processes on this machine; 1 computes in this one, in as many threads as it has cores, four at most.
        cluster: address of a dask scheduler, or `local`; takes the place of `workers`.
        until_error: stop once the relative error of the study's headline is below this.
        options: fields of the study's config.

    Raises:
        ValueError: for an unknown study or option, or a value that is not accepted.
    """
    found = catalog.load(study)
    known = found.config.__dataclass_fields__
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ValueError(
                f"{study} has no option {name!r}; "
                + (f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}")
            )
    config = found.config.preset(preset, **options)
    return run_and_report(found, config, Path(out), executor(workers, cluster), until_error, teller(found.name))


def teller(study: str) -> Callable[[Progress], None]:
    """What tells a person how far a run is: a line on stderr, rewritten once a second; nothing in a script's log."""
    if "ipykernel" not in sys.modules and not sys.stderr.isatty():
        return lambda progress: None
    told = [0.0]

    def tell(progress: Progress) -> None:
        now, last = time.monotonic(), progress.done == progress.total
        if now - told[0] >= 1.0 or last:
            told[0] = now
            left = "" if last or progress.seconds_left is None else f", {progress.seconds_left:.0f} s left"
            line = f"{study}: {progress.done} of {progress.total} blocks{left}"
            print(f"\r{line:<72}", end="\n" if last else "", file=sys.stderr, flush=True)

    return tell


def executor(workers: int, cluster: str | None) -> Executor:
    """Where to compute: a dask cluster if one is named, else this process or several."""
    if cluster is not None:
        return Dask(cluster, max(workers, 2))
    return Threads() if workers == 1 else Processes(workers)


def run_and_report(
    study: Study,
    config: StudyConfig,
    out: Path,
    executor: Executor,
    until_error: float | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
    stopping: Callable[[], bool] = lambda: False,
    keep_blocks: bool = False,
) -> Run:
    """`run_study`, and the page that shows it."""
    # Drawing takes two seconds to import, which other answers need not wait for.
    from .report import write_report

    finished = run_study(study, config, out, executor, until_error, watch, stopping, keep_blocks)
    write_report(finished)
    return finished


def load(path: str | Path) -> Run:
    """A finished run from its folder.

    Raises:
        ValueError: when there is no finished run, a file of it is damaged, or its study is not installed.
    """
    return load_run(Path(path), catalog.load)


def apply(run: Run | str | Path, table: Mapping[str, Any] | str | Path, *, network: int = 0) -> dict[str, np.ndarray]:
    """Latents and answers for new rows, by the networks of a finished run of `discover`.

    Returns columns `z1`, `z2`, ... (the neurons that one network kept, the one that tells most first), each answer
    (mean over networks, one per seed) and `<answer> spread` (their standard deviation).

    Args:
        run: the run, or its folder. The table that it was made from is not needed.
        table: a file, columns by name, or a DataFrame, with the columns of observation and question.
        network: whose latents are wanted; those of different networks are different concepts.

    Raises:
        ValueError: for a folder without such a run, and columns that are missing, text or lack numbers.
    """
    from .studies.discovery.discover.networks import load_networks
    from .tables import read_table

    networks = load_networks(run.path if isinstance(run, Run) else run)
    return networks.apply(read_table(table), network)


def shape(
    points: Any, columns: Sequence[str] = (), *, landmarks: int | None = None, degree: int | None = None, seed: int = 0
) -> Shape:
    """The topology of a cloud of points: pieces, dimension, holes, and the latent that an autoencoder of it needs.

        netphysics.shape("cloud.csv").betti
        netphysics.shape(points).suggestion

    Args:
        points: a file, an array of shape (points, columns), or columns by name, such as a DataFrame.
        columns: names or patterns of those that make a point; all by default.
        landmarks: for homology of every degree; by default 400, 150 and 90 for degrees 1, 2 and 3.
        degree: the highest degree of homology; by default the dimension of the cloud, 3 at most.
        seed: of all random choices.

    Raises:
        ValueError: for what is no cloud of points, in one sentence, and more landmarks than memory allows.
    """
    from .topology.cloud import read_cloud
    from .topology.shape import shape_of

    return shape_of(read_cloud(points, columns), landmarks=landmarks, degree=degree, seed=seed)


def anomaly(
    events: str | Path | np.ndarray,
    signal: str | Path | np.ndarray | None = None,
    reference: str | Path | np.ndarray | None = None,
    *,
    particles: int | None = None,
    count: int | None = None,
    frame: Frame = "auto",
    tolerance: float = 1e-3,
    steps: int = 2500,
    seed: int = 0,
) -> Search:
    """How much each event stands out: by reconstruction, by density, and against a reference.

    Args:
        events: a file, or (E, px, py, pz) of each particle, shape (events, particles, 4). Nothing else is trained on.
        signal: events to be found; each score is judged by how well it tells them from `events`.
        reference: events without signal; flat massless phase space by default.
        particles: how many to keep of each event, those of largest transverse momentum; all by default.
        count: how many events to take; all by default.
        frame: `rest`, `given` or `auto`; see `topology.events.in_one_frame`.
        tolerance: how far momenta may be from adding up to zero, as a share of the energy of the event.
        steps: of training the autoencoders.
        seed: of all random numbers.

    Raises:
        ValueError: for files that cannot be read, and events that are refused, with how many and the first.
    """
    from .topology.anomaly import RATE, search_sets
    from .topology.autoencoders import Options
    from .topology.events import read_sets

    sources = {"events": events, "signal": signal, "reference": reference}
    given = {name: source for name, source in sources.items() if source is not None}
    return search_sets(read_sets(given, particles, count, frame, tolerance), Options(steps=steps, rate=RATE), seed)


def diagnose(
    network: Any,
    inputs: Any = None,
    *,
    net: Any = None,
    make: bool = False,
    networks: bool | None = None,
    seed: int = 0,
) -> Diagnosis:
    """Will this network train, and if not, what is the cause and what mends it? Nothing is trained.

        netphysics.diagnose(model, inputs)                                       a PyTorch, Equinox or JAX model
        netphysics.diagnose(Net((784, *(512,) * 20, 10), "tanh"))                described: theory beside measurement
        netphysics.diagnose(LayeredNet((Dense(), Residual(...), ...), 256), inputs)   layers of any kind, the same
        netphysics.diagnose(make_model, inputs, make=True)                       as it differs from seed to seed
        netphysics.diagnose([z1, z2, z3])                                        signals out of hooks, no gradients

    Args:
        network: a `torch.nn.Module`; an Equinox module or another callable with parameters that maps one input to its
            outputs, or to the list of its layers' preactivations, outputs last; a `netphysics.nets.Net`; or the list of
            preactivations, (samples, width).
        inputs: a batch, samples along the first axis; of a PyTorch module also a tuple of arguments or a dictionary of
            named ones. A described network takes 16 normal ones by default.
        net: what a model, or the networks behind preactivations, are meant to be: compared with theory.
        make: whether `network` is a constructor that makes a JAX model from a random key.
        networks: whether the first axis of preactivations counts networks; needed where they have three axes.
        seed: of all random numbers.

    Raises:
        ValueError: for a network or inputs that cannot be diagnosed, in one sentence.
    """
    import jax
    import numpy as np

    from .fields import diagnosis
    from .nets import Net
    from .nets.layers import LayeredNet

    key = jax.random.key(seed)
    if isinstance(network, LayeredNet):
        if inputs is None:
            raise ValueError("inputs are missing; a network of layers is diagnosed on a batch of its inputs")
        return diagnosis.diagnose_layered(network, np.asarray(inputs, np.float64), key=key)
    if isinstance(network, Net):
        inputs = diagnosis.normal_inputs(network.widths[0]) if inputs is None else np.asarray(inputs, np.float64)
        return diagnosis.diagnose_described(network, inputs, key=key)
    if not callable(network):
        square = None if inputs is None else float(np.mean(np.asarray(inputs)[0] ** 2))
        return diagnosis.diagnose_arrays(network, net, square, networks)
    if inputs is None:
        raise ValueError("inputs are missing; a model is diagnosed on a batch of its inputs")
    if diagnosis.is_torch(network):
        return diagnosis.diagnose_torch_model(network, inputs)
    if make:
        return diagnosis.diagnose_constructor(network, inputs, net, key=key)
    return diagnosis.diagnose_jax_model(network, inputs, net, key=key)
