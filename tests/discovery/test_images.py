"""Images as observations: columns for pixels, and convolutions that read them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import netphysics
from netphysics.discovery import Columns, SciNet, SciNetSizes, dataset
from netphysics.discovery.images import Convolutions, convolved, image_shape, patch_places
from netphysics.tables import read_table

PARTS = Columns(("image",), ("t",), ("y",), ("phi",))


def dots(rows, side, rng):
    """A bright dot on a circle, and where it is a quarter turn times t later; hidden is its angle."""
    phi, t = rng.uniform(-2, 2, rows), rng.uniform(0, 1, rows)
    places = np.linspace(-1.6, 1.6, side)
    x, y = np.cos(phi)[:, None, None], np.sin(phi)[:, None, None]
    image = np.exp(-((places[None, None] - x) ** 2 + (places[None, :, None] - y) ** 2) / 0.3)
    return {"image": image, "t": t, "y": np.sin(phi + np.pi / 2 * t), "phi": phi}


def test_images_become_pixels_that_share_a_scale(tmp_path):
    table = dots(400, 8, np.random.default_rng(0))
    table["image"][:, 0, 0] = 0
    np.savez(tmp_path / "dots.npz", **table)
    data = dataset(read_table(tmp_path / "dots.npz"), PARTS, 2, seed=0)
    assert data.columns.image == (8, 8) and len(data.columns.observation) == 64
    assert len({data.scales.spread[name] for name in data.columns.pixels}) == 1
    assert np.asarray(data.train.observation).std() == pytest.approx(1, abs=0.01)
    assert data.sizes(2, (4,)).image == (8, 8)


def test_convolutions_are_convolutions():
    shape = (7, 6)
    image = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    read = Convolutions(shape, key=jax.random.key(0))
    kernel = read.weights[0].reshape(-1, 1, 3, 3)
    expected = jax.lax.conv_general_dilated(image[None, None], kernel, (2, 2), ((1, 1), (1, 1)))[0]
    padded = jnp.append(image.ravel(), 0.0)[patch_places(*shape)]
    np.testing.assert_allclose((padded @ read.weights[0].T).T.reshape(expected.shape), expected, atol=1e-5)
    # Numbers beside the image pass by.
    found = read(np.append(image.ravel(), [5.0, 7.0]).astype(np.float32))
    assert len(found) == convolved(shape) + 2 and found[-2:].tolist() == [5, 7]


def test_a_network_without_images_is_what_it_was():
    sizes, key = {"observation": 36, "question": 1, "answer": 1, "latents": 2}, jax.random.key(3)
    plain, seeing = SciNet(SciNetSizes(**sizes), key=key), SciNet(SciNetSizes(**sizes, image=(6, 6)), key=key)
    assert plain.convolutions is None and seeing.encode(jnp.ones(36))[0].shape == (2,)
    np.testing.assert_array_equal(plain.decoder.weights[0], seeing.decoder.weights[0])


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([f"a[{i},{j}]" for i in range(5) for j in range(9)], "images of 5 x 9 pixels; each side may have 6 to 64"),
        ([*[f"a[{i},{j}]" for i in range(8) for j in range(8)][:-3], "a[7,7]"], "of which some are not observed"),
    ],
)
def test_images_that_cannot_be_read(names, words):
    with pytest.raises(ValueError, match=words):
        image_shape(names)


def test_bad_images_are_refused():
    table = dots(300, 8, np.random.default_rng(0))
    with pytest.raises(ValueError, match="images of 4900 pixels; at most 4096 become columns"):
        read_table({"image": np.zeros((3, 70, 70))})
    with pytest.raises(ValueError, match="and one of images three"):
        read_table({"image": np.zeros((3, 7, 7, 3))})
    with pytest.raises(ValueError, match=r"image is \(9, 9\); X has 65 columns that are observed"):
        netphysics.Discovery(image=(9, 9)).fit(np.zeros((300, 65)) + table["y"][:, None], table["y"])
    table["image"][3, 2, 2] = np.nan
    with pytest.raises(ValueError, match=r"pixel image\[2,2\] lacks a number; --nan mask is for other columns"):
        dataset(table, Columns(("image",), ("t",), ("y",), missing="mask"), 2, seed=0)


@pytest.mark.slow
def test_an_angle_is_found_in_images():
    table = dots(1500, 12, np.random.default_rng(2))
    inputs = np.column_stack([table["image"].reshape(1500, -1), table["t"]])
    model = netphysics.Discovery((0, 1, 2), question=[144], steps=400, width=24, seeds=1, image=(12, 12))
    model.fit(inputs, table["y"])
    assert model.latent_number_.number == 1 and model.score(inputs, table["y"]) > 0.98
    assert abs(netphysics.stats.rank_correlation(model.transform(inputs)[:, 0], table["phi"])) > 0.99
