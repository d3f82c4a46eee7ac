"""Galaxies: discs, halos and the law of gravity, and files of measured curves."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import j1

from netphysics.discovery.worlds import Galaxies
from netphysics.discovery.worlds.disc import GRAVITY, disc_square
from netphysics.discovery.worlds.galaxies import LENGTH, POINTS, RAR_ACCELERATION, VELOCITY
from netphysics.discovery.worlds.galaxy_table import find_galaxy_table, read_galaxy_table
from netphysics.discovery.worlds.halos import HALOS
from netphysics.discovery.worlds.sparc import read_curves, seen_and_asked

HEADER = "# Distance = 3.16 Mpc\n# Rad\tVobs\terrV\tVgas\tVdisk\tVbul\tSBdisk\tSBbul\n# kpc\tkm/s\tkm/s\tkm/s\n"


def test_a_disc_rotates_as_its_potential_says():
    # v^2 = 2 pi G r R_d^2 Sigma_0 int k J1(kr) / (1 + k^2 R_d^2)^(3/2) dk, from the Hankel transform of the density.
    mass, length = 2e10, 3.0
    for r in (1.0, 6.5, 20.0):
        whole = quad(lambda k, r=r: k * j1(k * r) / (1 + (k * length) ** 2) ** 1.5, 0, 60, limit=2000)[0]
        expected = GRAVITY * mass * r * whole
        found = disc_square(*(jnp.float32(x) for x in (mass, length, r)))
        assert float(found) == pytest.approx(expected, rel=1e-3)
    far = disc_square(jnp.float32(mass), jnp.float32(length), jnp.float32(90.0))
    assert float(far) == pytest.approx(GRAVITY * mass / 90, rel=0.01)


@pytest.mark.parametrize("name", ["nfw", "core"])
def test_halos_have_their_mass_and_density(name):
    halo = HALOS[name]
    radius = halo.radius(11.5)
    mass = halo.square(11.5, 1.0, radius) * radius / GRAVITY
    assert mass == pytest.approx(10**11.5)
    # 200 times the critical density 3 H^2 / 8 pi G, H = 70 km/s/Mpc.
    assert mass / (4 / 3 * np.pi * radius**3) == pytest.approx(200 * 3 * 0.07**2 / (8 * np.pi * GRAVITY))


@pytest.mark.parametrize(
    ("galaxies", "numbers"),
    [(Galaxies("rar"), 0), (Galaxies("nfw-relation"), 1), (Galaxies("nfw"), 2), (Galaxies("core", True), 3)],
)
def test_numbers_that_a_galaxy_has(galaxies, numbers):
    assert galaxies.dimension() == numbers == len(galaxies.hidden)


def test_modified_gravity_follows_from_visible_matter(key):
    world = Galaxies("rar").world
    found = world.samples(16, 4, key=key)
    log_r, log_v, _ = np.moveaxis(np.asarray(found.questions, np.float64), -1, 0)
    newton = (VELOCITY * np.exp(log_v)) ** 2 / (LENGTH * np.exp(log_r))
    boost = -np.log(1 - np.exp(-np.sqrt(newton / RAR_ACCELERATION))) / 2
    np.testing.assert_allclose(found.answers[..., 0], boost, atol=1e-5)
    # The curve that is seen belongs to the same galaxy: at its ends the radii of the questions are within.
    ends = np.asarray(found.observation[:, :2])
    assert (ends[:, :1] < log_r).all()
    assert (log_r < ends[:, 1:]).all()
    assert found.observation.shape == (16, 2 + 3 * POINTS)


def test_noise_is_relative():
    quiet, loud = (Galaxies("rar", noise=noise).world.samples(64, 64, key=jax.random.key(1)) for noise in (0.0, 0.1))
    gap = np.asarray(loud.answers - quiet.answers).ravel()
    assert abs(gap.std() - 0.1) < 5 * 0.1 / np.sqrt(2 * gap.size)


def folder_of(path, rows, header=HEADER):
    (path / "MADE-UP_rotmod.dat").write_text(header + "\n".join("\t".join(map(str, row)) for row in rows))
    return path


def test_measured_curves(tmp_path):
    r = np.arange(1.0, 12.0)
    rows = [(x, 100, 5 + i % 2, -10 if i == 0 else 10, 80, 40, 1, 0) for i, x in enumerate(r)]
    (curve,) = read_curves(folder_of(tmp_path, rows))
    assert (curve.name, curve.distance) == ("MADE-UP", 3.16)
    assert curve.gas[0] == -100
    sample, error, names = seen_and_asked([curve], 0.5, 0.7)
    assert names == ["MADE-UP"]
    # Points 1, 3, ... are asked about; visible matter is 100 + 0.5 x 6400 + 0.7 x 1600.
    np.testing.assert_allclose(sample.questions[0, :, 0], np.log(r[1::2] / LENGTH), atol=1e-6)
    np.testing.assert_allclose(sample.answers, np.log(100 / np.sqrt(4420)), atol=1e-6)
    assert error == pytest.approx(0.06)
    np.testing.assert_allclose(sample.weights, 1)
    np.testing.assert_allclose(sample.observation[0, :2], np.log([1 / LENGTH, 11 / LENGTH]), atol=1e-6)


def machine_readable(rows):
    """A galaxy table in the layout of the AAS, with some of the columns of SPARC; data beside the bytes described."""
    described = [
        "   1- 11 A11    ---           Galaxy  Galaxy Name",
        "  12- 13 I2     ---           T       Hubble Type (1)",
        "  14- 19 F6.2   Mpc           D       Distance",
        "  27- 30 F4.1   deg           Inc     Inclination",
        "  31- 34 F4.1   deg         e_Inc     Mean error on Inc",
        "  97- 99 I3     ---           Q       Quality Flag (3)",
        " 100-113 A14    ---           Ref.    References for HI and Ha data (4)",
    ]
    dashes = "-" * 80
    return "\n".join(
        ["Title: made up", "=" * 80, "Byte-by-byte Description of file: made-up.mrt", dashes]
        + ["   Bytes Format Units         Label   Explanations", dashes, *described, dashes]
        + ["Note (3): Quality flag:", "        1 = High", dashes]
        + [f"     {name} 10   3.36  {inc:.1f}   {error:.1f}   {q} Be03,Sa96" for name, inc, error, q in rows]
    )


def test_the_galaxy_table(tmp_path):
    folder = tmp_path / "Rotmod_LTG"
    folder.mkdir()
    (folder / "notes.mrt").write_text("no table")
    assert find_galaxy_table(folder) is None
    path = tmp_path / "made-up.mrt"
    path.write_text(machine_readable([("NGC1", 45, 5, 1), ("NGC2", 29.9, 2, 1), ("UGC3", 60, 5, 3)]))
    assert find_galaxy_table(folder) == path
    found = read_galaxy_table(path)
    assert [found[name].usable for name in ("NGC1", "NGC2", "UGC3")] == [True, False, False]
    # v = v_seen / sin i.
    shifted = np.sin(np.deg2rad(45)) / np.sin(np.deg2rad(45.01)) - 1
    assert found["NGC1"].velocity_error == pytest.approx(-500 * shifted, rel=1e-3)
    path.write_text(machine_readable([("NGC1", 45, 5, 1)]).replace("45.0", "edge"))
    with pytest.raises(ValueError, match="no numbers for Inc, e_Inc, Q in line 18"):
        read_galaxy_table(path)
    path.write_text("Title: made up")
    with pytest.raises(ValueError, match="no column Galaxy; it describes none"):
        read_galaxy_table(path)


def test_bad_curves_are_refused(tmp_path):
    row = (1.0, 100, 5, 10, 80, 0, 1, 0)
    for header, rows, sentence in (
        (HEADER.replace("\terrV", ""), [row[1:]], "no column errV; its columns are Rad, Vobs"),
        ("", [row], "no comment that names its columns"),
        (HEADER, [(*row[:-1], "none")], "'none' in line 4"),
        (HEADER, [row[:-1]], "7 fields in line 4; it names 8"),
        (HEADER, [], "has no numbers"),
    ):
        with pytest.raises(ValueError, match=sentence):
            read_curves(folder_of(tmp_path, rows, header))
    with pytest.raises(ValueError, match="none of 1 galaxies has 7 points"):
        seen_and_asked(read_curves(folder_of(tmp_path, [row])), 0.5, 0.7)
    with pytest.raises(ValueError, match="disc_ratio is 0"):
        seen_and_asked([], 0.0, 0.7)
    with pytest.raises(ValueError, match="there is no such folder"):
        read_curves(tmp_path / "nowhere")
    (tmp_path / "MADE-UP_rotmod.dat").unlink()
    with pytest.raises(ValueError, match=r"no file whose name ends in _rotmod\.dat"):
        read_curves(tmp_path)


def test_bad_worlds_are_refused():
    with pytest.raises(ValueError, match="law is 'mond'; it must be one of rar, nfw-relation"):
        Galaxies("mond")
    with pytest.raises(ValueError, match="noise is -1"):
        Galaxies("nfw", noise=-1.0)
