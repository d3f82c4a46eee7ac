"""Networks as fields: kernels, interactions, depth, learning."""

from netphysics.fields.kernels import hidden_two_point, output_kernel, preactivation_covariance

__all__ = ["hidden_two_point", "output_kernel", "preactivation_covariance"]
