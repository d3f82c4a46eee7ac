"""Networks that learn: trained ensembles, and what theory says about them."""

from .courses import Course, descent_course, flow_course
from .expansion import predicted_training
from .first_order_training import FirstOrderProcess, trained_first_order
from .infinite_width import InfiniteWidth, infinite_width, pair_averages
from .linearized import Process, descent, flow, posterior, response, trained
from .networks import Network, draw_networks, largest_eigenvalues, network, outputs
from .simulation import hessian_and_force, make_walk
from .training import Descent, Ensemble, make_ensemble, make_training, mean_loss
from .walk import LinearModel, Noise, covariance

__all__ = [
    "Course",
    "Descent",
    "Ensemble",
    "FirstOrderProcess",
    "InfiniteWidth",
    "LinearModel",
    "Network",
    "Noise",
    "Process",
    "covariance",
    "descent",
    "descent_course",
    "draw_networks",
    "flow",
    "flow_course",
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
