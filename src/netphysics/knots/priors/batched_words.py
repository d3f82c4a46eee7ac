"""Thousands of words at a time: the moves of `markov_moves`, number for number, on arrays.

A slot holds one word. Slots whose word is done take up the next one; when few are left, each goes on alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from .markov_moves import DRAWS_PER_MOVE, GrowingWord, MoveSchedule
from .streams import uniforms

SLOTS = 4096
# Give up when no word is done in so many rounds.
PATIENCE = 20_000
# With fewer slots than this, words are quicker one by one.
FEW = 80
FEW_UNSETTLED = 24
# Letters in which a relation is looked for at first.
NEAR = 24
ARRAYS = ("letters", "lengths", "strands", "seeds", "drawn")


class BatchedWords:
    """Words side by side.

    Attributes:
        letters: int8, shape (slots, width); 0 outside of the words, which begin at column `margin`.
        lengths, strands: numbers of letters and strands of each.
        seeds, drawn: the stream of each, and how many numbers it has given.
    """

    def __init__(self, seeds: np.ndarray, letters: int, moves: int):
        self.margin = moves + 2
        self.letters = np.zeros((len(seeds), letters + 3 * moves + 8), np.int8)
        self.lengths = np.zeros(len(seeds), np.int64)
        self.strands = np.ones(len(seeds), np.int64)
        self.seeds = seeds.astype(np.uint64)
        self.drawn = np.zeros(len(seeds), np.uint64)

    def reset(self, slots: np.ndarray) -> None:
        """Begin anew with empty words in the slots of a mask or index."""
        self.letters[slots], self.lengths[slots], self.strands[slots] = 0, 0, 1

    def part(self, slots: np.ndarray) -> BatchedWords:
        """A copy of some slots."""
        part = copy.copy(self)
        for name in ARRAYS:
            setattr(part, name, getattr(self, name)[slots])
        return part

    def put(self, slots: np.ndarray, part: BatchedWords) -> None:
        """Copy slots back."""
        for name in ARRAYS:
            getattr(self, name)[slots] = getattr(part, name)

    def begin(self, slots: np.ndarray, seeds: np.ndarray) -> None:
        """Give slots the streams of new words."""
        self.reset(slots)
        self.seeds[slots], self.drawn[slots] = seeds, 0

    def words(self) -> np.ndarray:
        return self.letters[:, self.margin :]

    def word(self, slot: int) -> GrowingWord:
        """One slot as a word of its own."""
        start = self.margin
        letters = self.letters[slot, start : start + self.lengths[slot]].tolist()
        return GrowingWord(int(self.seeds[slot]), letters, int(self.strands[slot]), int(self.drawn[slot]))

    def numbers(self, count: int) -> np.ndarray:
        """The next numbers of all streams, shape (count, slots)."""
        found = uniforms(self.seeds, self.drawn + np.arange(count, dtype=np.uint64)[:, None])
        self.drawn += np.uint64(count)
        return found

    def round(self, schedule: MoveSchedule) -> None:
        """`GrowingWord.round` in all slots."""
        rows = np.arange(len(self.seeds))
        low = np.full(len(rows), self.margin)
        for _ in range(schedule.moves):
            side, kind, which, where = self.numbers(DRAWS_PER_MOVE)
            sign = np.where(side < 0.5, 1, -1)
            stabilizes = (self.strands == 1) | (kind < schedule.stabilization)
            letter = sign * np.where(stabilizes, self.strands, 1 + (which * (self.strands - 1)).astype(np.int64))
            low -= ~stabilizes
            self.lengths += np.where(stabilizes, 1, 2)
            self.letters[rows[~stabilizes], low[~stabilizes]] = letter[~stabilizes]
            self.letters[rows, low + self.lengths - 1] = np.where(stabilizes, letter, -letter)
            self.strands += stabilizes
            self.relate(rows, low, low + (where * self.lengths).astype(np.int64), schedule.mixed_signs)
        self.collapse()

    def relate(self, rows: np.ndarray, low: np.ndarray, start: np.ndarray, mixed_signs: bool) -> None:
        """The relation at the first place from `start` on, and around the end."""
        w = self.letters
        # Most words have one within a few letters. Slots are the last axis here: that is quicker.
        window = np.arange(NEAR + 2)[:, None]
        near = np.take(w.ravel(), rows * w.shape[1] + start + window, mode="clip")
        possible = relations(near, mixed_signs) & (window[:-2] < low + self.lengths - 2 - start)
        place = possible.argmax(axis=0)
        found = possible[place, rows]
        place += start
        far = np.flatnonzero(~found)
        if len(far):
            first, last = int(low[far].min()), int((low + self.lengths)[far].max()) + 2
            possible = relations(np.ascontiguousarray(w[far, first:last].T), mixed_signs)
            columns, lines = np.arange(len(possible))[:, None], np.arange(len(far))
            after = (possible & (columns >= start[far] - first)).argmax(axis=0)
            around = ~(possible[after, lines] & (after >= start[far] - first))
            after[around] = possible[:, around].argmax(axis=0)
            found[far], place[far] = possible[after, lines], after + first
        rows, place = rows[found], place[found]
        a, b, c = (w[rows, place + k] for k in range(3))
        i, j = np.abs(a), np.abs(b)
        w[rows, place] = np.where(c > 0, j, -j)
        w[rows, place + 1] = np.where(b > 0, i, -i)
        w[rows, place + 2] = np.where(a > 0, j, -j)

    def collapse(self) -> None:
        """`GrowingWord.collapse` in all slots."""
        w = cyclic_reductions(self.letters)
        unsettled = np.arange(len(w))
        while len(unsettled) > FEW_UNSETTLED:
            part, strands = w[unsettled], self.strands[unsettled]
            changed = destabilizations(part, strands)
            unsettled = unsettled[changed]
            self.strands[unsettled] = strands[changed]
            reduced = cyclic_reductions(part[changed])
            w[unsettled, : reduced.shape[1]] = reduced
            w[unsettled, reduced.shape[1] :] = 0
        for slot in unsettled:
            word = GrowingWord(0, w[slot, w[slot] != 0].tolist(), int(self.strands[slot]), 0)
            word.collapse()
            w[slot], self.strands[slot] = 0, word.strands
            w[slot, : len(word.letters)] = word.letters
        self.lengths = (w != 0).sum(axis=1)
        self.letters[:] = 0
        self.letters[:, self.margin : self.margin + w.shape[1]] = w

    def fill(self, letters: int, strands: int) -> None:
        """`GrowingWord.fill` in all slots."""
        numbers = self.numbers(2 * letters)
        words = self.letters[:, self.margin :]
        for k in range(letters):
            size = 1 + (numbers[2 * k + 1] * (strands - 1)).astype(np.int64)
            letter = np.where(numbers[2 * k] < 0.5, size, -size)
            words[:, k] = np.where(k < self.lengths, words[:, k], letter)
        self.lengths[:] = letters
        self.strands = np.maximum(self.strands, strands)
        self.reset(~close_to_knots(words[:, :letters], self.strands))


def relations(w: np.ndarray, mixed_signs: bool) -> np.ndarray:
    """Where three letters in a row can be rewritten; words in columns, shape (letters, slots)."""
    size = np.abs(w)
    step = size[1:] - size[:-1]
    neighbors = (step * step == 1)[:-1]
    a, b, c = w[:-2], w[1:-1], w[2:]
    alike = a == c
    fits = (size[2:] == size[:-2]) if mixed_signs else alike
    return fits & neighbors & (a != 0) & ~(alike & ((a ^ b) < 0))


def cyclic_reductions(w: np.ndarray) -> np.ndarray:
    """Words without zeros and without neighbors that are inverse to each other, the last and the first included;
    flush left, followed by zeros up to the longest of them.
    """
    rows, width = w.shape
    columns = np.ascontiguousarray(w[:, np.flatnonzero(w.any(axis=0))].T)
    inverses, there = -columns, columns != 0
    stack = np.zeros(rows * (width + 2), np.int8)
    base = np.arange(rows) * (width + 2)
    top, above, last = base.copy(), base.copy(), np.zeros(rows, np.int8)
    for letter, inverse, pushed in zip(columns, inverses, there, strict=True):
        np.take(stack, top, out=last)
        cancels = (last == inverse) & pushed
        stack[np.add(top, 1, out=above)] = letter
        top += pushed
        top -= cancels
        top -= cancels
    low = base + 1
    while (cancels := (top > low) & (stack[low] == -stack[top])).any():
        low += cancels
        top -= cancels
    length = top - low + 1
    reach = np.arange(length.max(initial=0))
    taken = np.minimum(low[:, None] + reach, len(stack) - 1)
    return np.where(reach < length[:, None], stack[taken], np.int8(0))


def destabilizations(w: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """Remove letters that are the only ones at either end, as long as there are any: a 0 is left in their place.

    Changes words and strands; returns in which slots.
    """
    slots, most = np.arange(len(w)), int(strands.max(initial=1))
    size = np.abs(w)
    counts = np.bincount((slots[:, None] * most + size).ravel(), minlength=len(w) * most).reshape(-1, most)
    first, last = np.ones_like(strands), strands - 1
    while (single := (last > 0) & (counts[slots, last] == 1)).any():
        last = last - single
    while (single := (first <= last) & (counts[slots, np.minimum(first, last)] == 1)).any():
        first = first + single
    changed = last - first + 2 < strands
    kept = (size >= first.astype(np.int8)[:, None]) & (size <= last.astype(np.int8)[:, None])
    w[:] = np.where(kept, w - np.sign(w) * (first - 1).astype(np.int8)[:, None], np.int8(0))
    strands[:] = last - first + 2
    return changed


def close_to_knots(w: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """Which closures are knots: words in the rows, flush left, on the given numbers of strands."""
    rows, most = np.arange(len(w)), int(strands.max(initial=1))
    at = np.broadcast_to(np.arange(most), (len(w), most)).copy()
    for letter in np.abs(w.T).astype(np.int64):
        used = letter > 0
        slots, i = rows[used], letter[used]
        at[slots, i - 1], at[slots, i] = at[slots, i], at[slots, i - 1]
    place, steps = at[:, 0], np.ones(len(w), np.int64)
    for _ in range(most):
        moves = place != 0
        steps += moves
        place = np.where(moves, at[rows, place], 0)
    return steps == strands


def draw_many(
    seeds: np.ndarray,
    letters: int,
    moves: int,
    advance: Callable[[BatchedWords], None],
    alone: Callable[[GrowingWord], None],
) -> tuple[np.ndarray, np.ndarray]:
    """Words (count, letters) as int8 and their strands, one for each seed.

    Args:
        advance: one round in all slots.
        alone: what takes a single word to its end.

    Raises:
        ValueError: when no word comes to an end in 20,000 rounds.
    """
    words, strands = np.zeros((len(seeds), letters), np.int8), np.ones(len(seeds), np.int64)
    following = min(SLOTS, len(seeds))
    at = np.arange(following)
    slots = BatchedWords(seeds[:following], letters, moves)
    waited = 0
    while len(at) > FEW:
        slots.reset(slots.lengths > letters)
        advance(slots)
        done = np.flatnonzero(slots.lengths == letters)
        waited = 0 if len(done) else waited + 1
        if waited > PATIENCE // len(at):
            raise ValueError(f"no word of {letters} letters came out of {PATIENCE} rounds; try other moves or strands")
        words[at[done]] = slots.words()[done, :letters]
        strands[at[done]] = slots.strands[done]
        new = np.arange(following, min(following + len(done), len(seeds)))
        following += len(new)
        at[done[: len(new)]] = new
        slots.begin(done[: len(new)], seeds[new])
        if len(new) < len(done):
            left = np.setdiff1d(np.arange(len(at)), done[len(new) :])
            slots = slots.part(left)
            at = at[left]
    for slot, place in enumerate(at):
        word = slots.word(slot)
        alone(word)
        words[place], strands[place] = word.letters, word.strands
    return words, strands
