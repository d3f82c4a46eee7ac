"""Networks as fields: kernels, interactions, depth, learning."""

from netphysics.fields.kernels import output_kernel, preactivation_covariance, propagator, two_point

__all__ = ["output_kernel", "preactivation_covariance", "propagator", "two_point"]
