"""Networks that decide the unknot: from a braid word to the log odds that its closure is a knot."""

from .counting import counting_log_odds
from .decisions import TrainingSettings, all_log_odds, balanced_accuracy, cross_entropy, make_decider
from .examples import Examples, draw_both, draw_examples, padded_length
from .feedforward import FeedForward
from .hashing import Hashing, hashed_attention
from .matrices import LetterMatrices
from .model_file import Classifier, read_classifier, write_classifier
from .polynomial import alexander_log_odds
from .prediction import Prediction, predict
from .representations import burau, nearest_burau, relation_residual, rescaled
from .training import train_classifier
from .transformer import Transformer

__all__ = [
    "Classifier",
    "Examples",
    "FeedForward",
    "Hashing",
    "LetterMatrices",
    "Prediction",
    "TrainingSettings",
    "Transformer",
    "alexander_log_odds",
    "all_log_odds",
    "balanced_accuracy",
    "burau",
    "counting_log_odds",
    "cross_entropy",
    "draw_both",
    "draw_examples",
    "hashed_attention",
    "make_decider",
    "nearest_burau",
    "padded_length",
    "predict",
    "read_classifier",
    "relation_residual",
    "rescaled",
    "train_classifier",
    "write_classifier",
]
