"""Constraints compiled by llguidance: token masks while an answer grows, and a check of a finished one."""

from __future__ import annotations

import json
from typing import Any

from llm_assist.model import Constraint
from verif.errors import InputError

_COMPACT = {"whitespace_flexible": False}
"""No free white space in JSON: an untuned model fills its budget with it."""


def grammar_text(constraint: Constraint) -> str:
    """Return llguidance's form of ``constraint``."""
    from llguidance import LLMatcher

    if constraint.json_schema is not None:
        text: str = LLMatcher.grammar_from_json_schema(json.dumps(constraint.json_schema), defaults=_COMPACT)
        return text
    return str(LLMatcher.grammar_from_lark(constraint.lark or ""))


class Matchers:
    """Makes the matcher of one row after another for one constraint over one tokenizer."""

    def __init__(self, tokenizer: Any, constraint: Constraint) -> None:
        from llguidance import LLMatcher

        self._first = LLMatcher(tokenizer, grammar_text(constraint), log_level=0)
        demand_sound(self._first)

    def new(self) -> Any:
        """Return a matcher at the start of an answer."""
        return self._first.deep_copy()


def demand_sound(matcher: Any) -> None:
    """InputError where the constraint itself does not compile."""
    if matcher.is_error():
        reason = " ".join(matcher.get_error().split())
        raise InputError("PE510", f"the constraint on the model's answer does not compile: {reason}")
