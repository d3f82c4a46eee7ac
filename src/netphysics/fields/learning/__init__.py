"""Networks that learn: trained ensembles, and what theory says about them."""

from .expansion import predicted_training
from .first_order_process import FirstOrderProcess
from .first_order_training import trained_first_order
from .infinite_width import InfiniteWidth, infinite_width, pair_averages
from .linearized import Process, descent, flow, posterior, response, trained
from .networks import Network, draw_networks, largest_eigenvalues, network, outputs
from .simulation import hessian_and_force, make_walk
from .training import Descent, Ensemble, make_ensemble, make_training, mean_loss
from .trajectories import Trajectory, descent_trajectory, flow_trajectory
from .walk import LinearModel, Noise, covariance

__all__ = [
    "Descent",
    "Ensemble",
    "FirstOrderProcess",
    "InfiniteWidth",
    "LinearModel",
    "Network",
    "Noise",
    "Process",
    "Trajectory",
    "covariance",
    "descent",
    "descent_trajectory",
    "draw_networks",
    "flow",
    "flow_trajectory",
    "hessian_and_force",
    "infinite_width",
    "largest_eigenvalues",
    "make_ensemble",
    "make_training",
    "make_walk",
    "mean_loss",
    "network",
    "outputs",
    "pair_averages",
    "posterior",
    "predicted_training",
    "response",
    "trained",
    "trained_first_order",
]
