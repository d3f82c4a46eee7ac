"""Studies of networks that decide the unknot: conformance, and words of refusal.

Every network is a small feed-forward one here, which compiles quickly, and words are drawn once for each size; kinds of
networks and examples are tested on their own.
"""

import dataclasses
import functools

import jax
import pytest

from netphysics.knots.classifiers import draw_both, draw_examples, make_decider
from netphysics.studies.knots import braid_representation, hardness, jones_correlation, lsh_hashes
from netphysics.studies.knots.unknot_decision import study as unknot_decision
from netphysics.studies.knots.unknot_decision.study import trivial_words
from netphysics.testing import check_study

SMALL = dict(words=64, tests=128, width=4, depth=1, steps=20, draws=4, block_size=1)


@functools.cache
def feedforward(settings):
    return make_decider(dataclasses.replace(settings, architecture="feed-forward"))


@functools.cache
def same_examples(draw, prior, count):
    return draw(prior, count, key=jax.random.key(count))


@functools.cache
def few_trivial_words(prior):
    return trivial_words(prior, 1, key=jax.random.key(0))


@pytest.mark.parametrize(
    ("module", "options"),
    [
        pytest.param(unknot_decision, {"letters": (12, 16)}, marks=pytest.mark.slow),
        pytest.param(lsh_hashes, {"letters": 8, "hashes": (1, 2)}, marks=pytest.mark.slow),
        (hardness, {"letters": 8}),
        (jones_correlation, {"letters": 8}),
    ],
    ids=["unknot-decision", "lsh-hashes", "hardness", "jones-correlation"],
)
def test_conformance(module, options, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "make_decider", feedforward)
    draw = draw_both if module is unknot_decision else draw_examples
    monkeypatch.setattr(module, draw.__name__, lambda prior, count, *, key: same_examples(draw, prior, count))
    if module is unknot_decision:
        monkeypatch.setattr(module, "trivial_words", lambda prior, *, key: few_trivial_words(prior))
    if module is jones_correlation:
        monkeypatch.setattr(module, "jones", functools.cache(module.jones))
    check_study(module.study, module.Config(**SMALL, **options), tmp_path)


def test_braid_representation_conforms(tmp_path):
    config = braid_representation.Config(words=64, tests=64, steps=20, draws=8, block_size=2)
    check_study(braid_representation.study, config, tmp_path)


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        (unknot_decision, {"letters": (9,)}, "at least 2 entries"),
        (unknot_decision, {"words": 65}, "words is 65"),
        (unknot_decision, {"networks": ("transformer",)}, "controls has feed-forward"),
        (lsh_hashes, {"buckets": 3}, "buckets is 3"),
        (hardness, {"letters": 10}, "letters is 10"),
        (jones_correlation, {"width": 10}, "width is 10"),
        (braid_representation, {"letters": 9}, "letters is 9"),
        (braid_representation, {"strands": 2}, "strands is 2"),
    ],
)
def test_bad_options_are_refused(module, options, words):
    with pytest.raises(ValueError, match=words):
        module.Config(**options)
