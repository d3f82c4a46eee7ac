"""Mean-field theory of networks of any layers: residual, normalized, convolutional, with dropout and attention."""

from .ensembles import LayerEnsemble, layer_ensemble
from .layer_maps import Law, LayerFlow, backward, forward, layer_flow

__all__ = ["Law", "LayerEnsemble", "LayerFlow", "backward", "forward", "layer_ensemble", "layer_flow"]
