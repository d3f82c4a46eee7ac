"""Knots as words: what docs/knots.md shows."""

import numpy as np

from netphysics.knots import Braid, is_unknot, summarize
from netphysics.knots.arcs import check
from netphysics.knots.invariants import jones
from netphysics.knots.priors import Prior, random_unknots

print(summarize("1 -2 1 -2").name)  # 4_1
print(jones(Braid([1, 1, 1])))  # t + t^3 - t^4

verdict = is_unknot(Braid([1, -2, -1, 2, 3]))
check(verdict.certificate)  # replayed move by move; raises where one is not allowed
print(verdict.answer)  # yes

words = random_unknots(Prior(letters=12), np.arange(4, dtype=np.uint64))
print(words.letters.shape, is_unknot(words.braid(0)).answer)  # (4, 12) yes
