"""What the names of ports suggest; names only ever support what the structure shows."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[_.\[\]]+|(?<=[a-z0-9])(?=[A-Z])")
_CLOCK = re.compile(r"(?:[a-z]{0,2}|sys|core|axi|axis|apb|ahb|bus|ref|pix|mem|wb|fast|slow)(?:clk|clock|ck)\d*[npib]?")
_NOT_CLOCK = ("check", "lock", "unlock", "block", "ack", "back", "pack", "tick", "stick")
_RESET = re.compile(
    r"(?:a|s|n|p|h|w|r|m|g|i|c|wr|rd|sys|core|por|sw|hw|soft|hard|ext|glb|glob|axi|bus|cpu|async|sync|master|main)?"
    r"(?:rst|reset)(?:n|b|z|ni|in|p|h|l)?\d*"
)
_CLEAR = re.compile(r"[as]?(?:clr|clear|por|init)n?")
_DECORATION = (
    "i",
    "in",
    "n",
    "ni",
    "b",
    "p",
    "l",
    "h",
    "pin",
    "pad",
    "x",
    "async",
    "sync",
    "a",
    "s",
    "z",
    "btn",
    "key",
)
_LOW = ("n", "ni", "b", "l", "z", "x")


def words_of(name: str) -> list[str]:
    """Split a name at underscores, dots and camel case; lower case."""
    return [word.lower() for word in _SEPARATORS.split(name) if word]


def looks_like_clock(name: str) -> bool:
    """Whether a port of this name may be a clock: ``clk``, ``i_clk``, ``clk_50mhz``, ``HCLK``; not ``clk_en``."""
    words = words_of(name)
    if any(word in ("en", "enable", "div", "sel", "valid", "gate", "req", "ack") for word in words):
        return False
    return any(_CLOCK.fullmatch(word) and word not in _NOT_CLOCK for word in words)


def looks_like_reset(name: str) -> bool:
    """Whether a port of this name is likely a reset: ``rst``, ``i_rst_n``, ``ARESETn``; not ``reset_addr``."""
    words = words_of(name)
    while words and words[-1] in _DECORATION:
        words.pop()
    return bool(words) and (_RESET.fullmatch(words[-1]) is not None or _domain_reset(words))


def looks_like_clear(name: str) -> bool:
    """Whether a port of this name may be a reset if the structure says so: ``clr``, ``clear``, ``init``."""
    return any(_CLEAR.fullmatch(word) for word in words_of(name))


def active_low_name(name: str) -> bool:
    """Whether the name says that the signal is active low."""
    words = words_of(name)
    if words and words[-1] in ("i", "in", "pin", "pad") and len(words) > 1:
        words.pop()
    last = words[-1] if words else ""
    if last in _LOW and len(words) > 1:
        return True
    return re.fullmatch(r"n(?:rst|reset)\d*|[a-z]*(?:rst|reset)(?:n|ni|b|z|l)\d*", last) is not None


def _domain_reset(words: list[str]) -> bool:
    """``rst_clk``, ``rst_wr``: a reset followed by the domain that it belongs to."""
    return len(words) == 2 and _RESET.fullmatch(words[0]) is not None and _CLOCK.fullmatch(words[1]) is not None
