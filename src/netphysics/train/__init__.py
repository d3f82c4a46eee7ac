"""Floor 2, training: many members in one program, each as if it were alone, resumable at any moment."""

from .compiling import compiled
from .examples import minibatch
from .loop import SHORT_TRAINING, make_train
from .progress import TrainingProgress, show_progress
from .training import Training

__all__ = ["SHORT_TRAINING", "Training", "TrainingProgress", "compiled", "make_train", "minibatch", "show_progress"]
