"""FIFOs that do right, for the most part: traces for the checkers of their flags and words."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator

from tests.support.monitors import Row, mixed, x_somewhere

Rows = Generator[Row, str | None, None]
"""Rows for ever; each is answered with the clock whose edge ended it."""
Traffic = Callable[[random.Random, float], Rows]
"""Starts afresh out of reset; the second argument is the rate of mischief."""


def fifo_traffic(rng: random.Random, wrong: float, depth: int = 4) -> Rows:
    """A FIFO on one clock whose flags sometimes lie."""
    stored = 0
    writing, reading, lawless = rng.random(), rng.random(), rng.random() < 0.3
    while True:
        full, empty = int(stored == depth), int(stored == 0)
        write, read = int(rng.random() < writing), int(rng.random() < reading)
        if not lawless:
            write, read = write & ~full, read & ~empty
        yield {
            "wr_en": write,
            "rd_en": read,
            "full": mixed(rng, wrong, full, rng.choice((1 - full, "x"))),
            "empty": mixed(rng, wrong, empty, rng.choice((1 - empty, "x"))),
        }
        stored += (write and not full) - (read and not empty)


def make_order(ahead: bool) -> Traffic:
    """A FIFO that sometimes loses, repeats, invents or spoils a word, or lies about its flags."""

    def traffic(rng: random.Random, wrong: float) -> Rows:
        words: list[int] = []
        late = 0
        writing, reading, lawless = rng.random(), rng.random(), rng.random() < 0.3
        while True:
            full, empty = int(len(words) == 4), int(not words)
            write, read, word = int(rng.random() < writing), int(rng.random() < reading), rng.getrandbits(6)
            if not lawless:
                write, read = write & ~full, read & ~empty
            shown = (words[0] if words else 0) if ahead else late
            yield {
                "wr_en": write,
                "rd_en": read,
                "wr_data": word,
                "full": mixed(rng, wrong / 8, full, rng.choice((1 - full, "x"))),
                "empty": mixed(rng, wrong / 8, empty, rng.choice((1 - empty, "x"))),
                "rd_data": x_somewhere(rng, mixed(rng, wrong / 2, shown, rng.getrandbits(6)), 6, wrong / 4),
            }
            if read and not empty:
                late = words.pop(0)
            if write and not full:
                words.append(word)

    return traffic


def two_clock_traffic(rng: random.Random, wrong: float) -> Rows:
    """A FIFO between two clocks whose sides see each other at once."""
    written, taken = 0, 0
    writing, reading = rng.random(), rng.random()
    while True:
        full, empty = int(written - taken == 4), int(written == taken)
        write, read = int(rng.random() < writing), int(rng.random() < reading)
        edge = yield {
            "wr_en": write,
            "rd_en": read,
            "full": mixed(rng, wrong, full, rng.choice((1 - full, "x"))),
            "empty": mixed(rng, wrong, empty, rng.choice((1 - empty, "x"))),
        }
        written += edge == "wr_clk" and write and not full
        taken += edge == "rd_clk" and read and not empty
