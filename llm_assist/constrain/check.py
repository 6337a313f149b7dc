"""Whether a finished answer meets its constraint, told in words; needs no model."""

from __future__ import annotations

import json
from typing import Any

from llm_assist.constrain.matcher import demand_sound, grammar_text
from llm_assist.model import Constraint


def complaint(constraint: Constraint | None, text: str) -> str | None:
    """Return what is wrong with ``text``, or None where it meets ``constraint``."""
    if constraint is None:
        return None if text.strip() else "it is empty"
    if constraint.json_schema is not None:
        return _json_complaint(dict(constraint.json_schema), text)
    return _grammar_complaint(constraint, text)


def _json_complaint(schema: dict[str, Any], text: str) -> str | None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    try:
        value = json.loads(text)
    except ValueError as error:
        return f"it is not JSON: {error}"
    worst = best_match(Draft202012Validator(schema).iter_errors(value))
    if worst is None:
        return None
    place = "/".join(str(part) for part in worst.absolute_path)
    return f"{place or 'the answer'}: {worst.message[:160]}"


def _grammar_complaint(constraint: Constraint, text: str) -> str | None:
    """Feed ``text`` byte by byte to the grammar and point at the first byte that does not fit."""
    from llguidance import LLMatcher, LLTokenizer

    matcher = LLMatcher(LLTokenizer("byte"), grammar_text(constraint), log_level=0)
    demand_sound(matcher)
    data = text.encode()
    taken = matcher.try_consume_tokens(list(data))
    if taken < len(data):
        before = data[:taken].decode(errors="replace")
        line = before.count("\n") + 1
        rest = data[taken:].decode(errors="replace").splitlines()[0][:40]
        return f"line {line}: the grammar does not allow '{rest}' here"
    return None if matcher.is_accepting() else "it ends too early for the grammar"
