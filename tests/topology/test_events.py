"""Events from files in the true layouts, and refusals that count."""

import h5py
import jax
import numpy as np
import pandas
import pytest

from netphysics.topology.events import (
    Events,
    at_rest,
    check_conservation,
    check_events,
    imbalance,
    read_events,
    read_sets,
)
from netphysics.topology.phase_space import PhaseSpace, sample


@pytest.fixture(scope="module")
def momenta():
    """40 events of three massless particles."""
    return sample(PhaseSpace.massless(3), 40, key=jax.random.key(3)).momenta


def columns_of(momenta):
    parts = ("E", "PX", "PY", "PZ")
    return {f"{part}_{i}": momenta[:, i, j] for i in range(momenta.shape[1]) for j, part in enumerate(parts)}


def write_top_tagging(path, momenta, constituents=5):
    """The table format of pandas, with fewer constituents than 200."""
    padded = np.zeros((len(momenta), constituents + 1, 4), np.float32)
    padded[:, : momenta.shape[1]] = momenta
    padded[:, -1] = momenta.sum(axis=1)
    width = 4 * (constituents + 1)
    kind = [("index", "<i8"), ("values_block_0", "<f4", (width,)), ("values_block_1", "<i8", (2,))]
    table = np.zeros(len(momenta), kind)
    table["values_block_0"] = padded.reshape(len(momenta), width)
    table["values_block_1"][:, 1] = np.arange(len(momenta)) % 2
    with h5py.File(path, "w") as file:
        file.create_group("table").create_dataset("table", data=table)


def write_olympics(path, momenta, label=True):
    """The fixed format of pandas: (pT, eta, phi) of each particle, then zeros, then the label."""
    pt = np.hypot(momenta[..., 1], momenta[..., 2])
    eta, phi = np.arcsinh(momenta[..., 3] / pt), np.arctan2(momenta[..., 2], momenta[..., 1])
    rows = np.zeros((len(momenta), 15 + label))
    rows[:, : 3 * momenta.shape[1]] = np.stack([pt, eta, phi], axis=2).reshape(len(momenta), -1)
    if label:
        rows[:, -1] = np.arange(len(momenta)) % 2
    with h5py.File(path, "w") as file:
        group = file.create_group("df")
        group["block0_values"], group["block0_items"] = rows, np.arange(rows.shape[1])


def write_les_houches(path, momenta):
    lines = ["<LesHouchesEvents version='3.0'>", "<init>", "11 -11 0.5 0.5 0 0 0 0 3 1", "1.0 0.1 1.0 1", "</init>"]
    for event in momenta:
        lines += ["<event>", f"{len(event) + 1} 1 1.0 1.0 0.0078 0.118", "11 -1 0 0 0 0 0 0 0.5 0.5 0 0 9"]
        lines += [f"21 1 1 1 0 0 {px!r} {py!r} {pz!r} {e!r} 0 0 9" for e, px, py, pz in event.tolist()]
        lines += ["</event>"]
    path.write_text("\n".join([*lines, "</LesHouchesEvents>"]))


def write(path, kind, momenta):
    columns, label = columns_of(momenta), np.arange(len(momenta)) % 2
    if kind == "array.npz":
        np.savez(path, momenta=momenta, label=label)
    elif kind == "columns.npz":
        np.savez(path, **columns, is_signal=label)
    elif kind == "columns.csv":
        pandas.DataFrame({**columns, "signal": label}).to_csv(path, index=False)
    elif kind in ("array.h5", "columns.h5"):
        with h5py.File(path, "w") as file:
            for name, array in ({"events": momenta} if kind == "array.h5" else columns).items():
                file[name] = array
            file["label"] = label
    elif kind == "top_tagging.h5":
        write_top_tagging(path, momenta)
    else:
        write_olympics(path, momenta)


KINDS = ("array.npz", "columns.npz", "columns.csv", "array.h5", "columns.h5", "top_tagging.h5", "olympics.h5")


@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_gives_the_same_events(kind, momenta, tmp_path):
    write(tmp_path / kind, kind, momenta)
    found = read_events(tmp_path / kind)
    np.testing.assert_allclose(found.momenta[:, :3], momenta, atol=1e-6)
    assert not found.momenta[:, 3:].any()
    np.testing.assert_array_equal(found.labels, np.arange(40) % 2 == 1)
    two = read_events(tmp_path / kind, particles=2, count=7)
    assert two.momenta.shape == (7, 2, 4) and len(two.labels) == 7
    transverse = np.hypot(two.momenta[..., 1], two.momenta[..., 2])
    assert (np.diff(transverse, axis=1) <= 0).all()


def test_les_houches_events(momenta, tmp_path):
    write_les_houches(tmp_path / "e.lhe", momenta)
    found = read_events(tmp_path / "e.lhe", count=30)
    np.testing.assert_allclose(found.momenta, momenta[:30], atol=1e-9)
    assert found.labels is None


def test_jets_of_the_olympics(tmp_path):
    names = ["pxj1", "pyj1", "pzj1", "mj1", "tau1j1", "pxj2", "pyj2", "pzj2", "mj2", "label"]
    with h5py.File(tmp_path / "f.h5", "w") as file:
        group = file.create_group("df")
        group["block0_items"] = np.array(names, "S")
        group["block0_values"] = np.array([[3.0, 0, 4, 12, 0.5, -3, 0, 0, 4, 1]])
    found = read_events(tmp_path / "f.h5")
    np.testing.assert_allclose(found.momenta, [[[13, 3, 0, 4], [5, -3, 0, 0]]])
    assert found.labels.tolist() == [True]


def test_rest_frames(momenta):
    rng = np.random.default_rng(0)
    moving = rng.uniform(1, 2, (40, 5, 4)) * np.array([0, 1, 1, 1])
    moving[..., 0] = np.linalg.norm(moving, axis=2) + rng.uniform(0, 1, (40, 5))
    rest = at_rest(moving)
    np.testing.assert_allclose(rest.sum(axis=1), np.broadcast_to([1.0, 0, 0, 0], (40, 4)), atol=1e-12)
    np.testing.assert_allclose(at_rest(momenta), momenta, atol=1e-12)
    assert imbalance(moving).min() > 0.1


def altered(momenta, events, component, value):
    changed = momenta.copy()
    changed[events, 0, component] = value
    return changed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p[:0], "e has no events"),
        (lambda p: p[:, :1], "e has 1 particle in each event; it must have at least 2"),
        (
            lambda p: altered(p, [5, 7], 2, np.nan),
            "e has 40 events of which 2 hold NaN or infinity",
        ),
        (lambda p: altered(p, [9], 0, -1), "of which 1 have a particle of negative energy; the first is event 9"),
        (lambda p: altered(p, [4], 3, 8), "of which 1 have a particle with less energy than momentum"),
        (lambda p: np.roll(p, -1, axis=2), "they look like px, py, pz, E"),
        (lambda p: 0 * p, "of which 40 have no particle"),
    ],
)
def test_bad_events_are_counted_and_refused(change, words, momenta):
    with pytest.raises(ValueError, match=words):
        check_events(change(momenta), "e")


def test_violated_conservation_is_counted(momenta):
    check_conservation(momenta)
    with pytest.raises(ValueError, match=r"40 events of which 3 violate momentum conservation by more than 0\.001"):
        check_conservation(altered(momenta, [1, 2, 3], 0, 5) + altered(momenta, [1, 2, 3], 1, 1) - momenta)


def test_unknown_layouts_say_what_there_is(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["deep/inside"] = np.zeros((3, 5))
        file["weights"] = np.zeros(3)
    with pytest.raises(ValueError, match=r"looked for were one array .*there is deep/inside \(3, 5\), weights \(3,\)"):
        read_events(tmp_path / "x.h5")
    np.savez(tmp_path / "x.npz", image=np.zeros((3, 5)))
    with pytest.raises(ValueError, match=r"image \(3, 5\); looked for was one array"):
        read_events(tmp_path / "x.npz")
    for name, text, words in (
        ("a.csv", "E_0,px_0\n1,2\n", "has no column py_0"),
        ("b.csv", "mass,width\n1,2\n", "has columns mass, width; looked for were E_0"),
        ("c.csv", "E_0,px_0,py_0,pz_0\n1,2,x,3\n", "has text in column py_0"),
        ("d.lhe", "no xml", "d.lhe"),
        ("e.h5", "no hdf5", "cannot be read"),
        ("f.root", "", "unknown kind; events are read from .csv"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(ValueError, match=words):
            read_events(tmp_path / name)
    with pytest.raises(ValueError, match="is no file"):
        read_events(tmp_path / "missing.npz")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        (dict(label=np.zeros(39)), r"labels has shape \(39,\); there must be one for each of the 40 events"),
        (dict(label=np.full(40, "top")), "column label holds text or NaN"),
        (dict(label=np.full(40, np.nan)), "column label holds text or NaN"),
        (dict(momenta=np.full((40, 3, 4), 1j)), "has momenta of type complex128; they must be real numbers"),
        (dict(momenta=np.full((40, 3, 4), "E")), "has momenta of type <U1; they must be real numbers"),
    ],
)
def test_what_is_no_number_is_refused(arrays, words, momenta, tmp_path):
    np.savez(tmp_path / "e.npz", **{"momenta": momenta, **arrays})
    with pytest.raises(ValueError, match=words):
        read_events(tmp_path / "e.npz")


def test_arrays_are_read_as_files_are(momenta):
    assert read_sets({"events": momenta.tolist()}, count=7).momenta["events"].shape == (7, 3, 4)
    for options, words in (
        (dict(count=0), "count is 0; it must be at least 1"),
        (dict(tolerance=0.0), "tolerance is 0.0; it must be positive"),
    ):
        with pytest.raises(ValueError, match=words):
            read_sets({"events": momenta}, **options)


def test_leading_particles_are_those_there_are(momenta):
    with pytest.raises(ValueError, match="particles is 4; the events have 3"):
        Events(momenta).leading(4)
