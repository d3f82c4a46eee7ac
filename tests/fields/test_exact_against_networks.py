"""Exact connected functions against networks that were drawn, at three settings for each activation."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.fields.interactions import connected_functions, rao_blackwell_connected, rao_blackwell_sums
from netphysics.fields.kernels import output_kernel, preactivation_covariance
from netphysics.nets import Net, sampler
from netphysics.stats import Tally, jackknife

POINTS, NETWORKS, BLOCKS = 3, 256, 64
# (d_in, N, 1), sigma_W, sigma_b
SETTINGS = [((1, 5, 1), 1.0, 0.1), ((2, 20, 1), 0.7, 0.3), ((10, 100, 1), 1.2, 0.0)]


@pytest.mark.parametrize(("widths", "sigma_w", "sigma_b"), SETTINGS)
def test_connected_functions(widths, sigma_w, sigma_b, key):
    nets = [Net(widths, name, "gaussian", sigma_w**2, sigma_b**2) for name in ("erf", "relu", "gauss")]
    # So near to zero that the sample reaches the log-normal tails of the Gauss-net.
    inputs = 0.3 * np.random.default_rng(widths[0]).normal(size=(POINTS, widths[0]))
    kernels = [output_kernel(net, inputs, output_bias=False) for net in nets]
    variance = np.diag(preactivation_covariance(nets[0], inputs))[None, :, None].astype(np.float32)

    def block(keys):
        preactivations, _ = jax.vmap(sampler(nets[0], inputs))(keys)
        return [
            rao_blackwell_sums(
                net.activation(preactivations, jnp.asarray(variance)), weight_variance=sigma_w**2, reference=kernel
            )
            for net, kernel in zip(nets, kernels, strict=True)
        ]

    totals = jax.jit(lambda keys: jax.lax.map(block, keys))(jax.random.split(key, (BLOCKS, NETWORKS)))
    for net, kernel, sums in zip(nets, kernels, totals, strict=True):
        tallies = [Tally(NETWORKS, {name: total[i] for name, total in sums.items()}) for i in range(BLOCKS)]
        found = jackknife(tallies, lambda tally, k=kernel: rao_blackwell_connected(tally.sums, tally.count, k))
        exact = connected_functions(net, inputs)
        for order in ("four", "six"):
            pulls = (found[order].value - getattr(exact, order)) / found[order].error
            assert np.max(np.abs(pulls)) < 5, (net.activation.name, order)
