"""Constraints: what they allow, what they refuse, and that all of them end."""

from __future__ import annotations

import pytest

from llm_assist.constrain.bounds import demand_bounded
from llm_assist.constrain.check import complaint
from llm_assist.constrain.ir import Grammar, OneOf, Ref, Repeat, Seq, Text, optional, seq, texts
from llm_assist.constrain.lark import to_lark
from llm_assist.model import Constraint
from verif.errors import InputError

GREETING = Grammar(
    start="greeting",
    rules={"greeting": seq(texts("hello", "good day"), Repeat(seq(", ", Ref("NAME")), 1, 2), optional("!"))},
    tokens={"NAME": texts("Ann", "Bob")},
)


def _complaint(grammar: Grammar, text: str) -> str | None:
    return complaint(Constraint(lark=to_lark(grammar)), text)


@pytest.mark.parametrize("text", ["hello, Ann", "good day, Bob, Ann!", "hello, Bob!"])
def test_a_text_of_the_grammar_is_allowed(text: str) -> None:
    assert _complaint(GREETING, text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hello, Eve", "line 1: the grammar does not allow 'Eve' here"),
        ("hello", "it ends too early for the grammar"),
        ("hello, Ann, Bob, Ann", "line 1: the grammar does not allow ', Ann' here"),
        ("hello,  Ann", "line 1: the grammar does not allow ' Ann' here"),
    ],
)
def test_another_text_is_refused_where_it_leaves_the_grammar(text: str, problem: str) -> None:
    assert _complaint(GREETING, text) == problem


def test_the_longest_text_is_known() -> None:
    assert GREETING.longest() == len("good day, Ann, Bob!")


def test_a_recursive_grammar_is_refused() -> None:
    with pytest.raises(ValueError, match="the rule 'a' is recursive: its language has no bound"):
        Grammar(start="a", rules={"a": Seq((Text("("), Ref("b"))), "b": OneOf((Ref("a"), Text(")")))})


def test_a_dangling_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="the grammar has no rule 'b'"):
        Grammar(start="a", rules={"a": Ref("b")})


def test_quotes_and_line_ends_survive_the_way_to_lark() -> None:
    awkward = Grammar(start="a", rules={"a": Text('say "\\n"\n\ttab')})
    assert _complaint(awkward, 'say "\\n"\n\ttab') is None


BOUNDED = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "mode": {"enum": ["a", "b"]},
        "list": {"type": "array", "maxItems": 3, "items": {"type": "integer", "minimum": 0, "maximum": 9}},
        "text": {"type": "string", "maxLength": 10},
    },
}


def test_a_bounded_schema_passes() -> None:
    demand_bounded(BOUNDED)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"type": "object", "properties": {}}, "schema/x allows additional properties"),
        ({"type": "string"}, "schema/x is a string without maxLength"),
        ({"type": "integer", "minimum": 0}, "schema/x is a number without minimum and maximum"),
        ({"type": "array", "items": {"enum": [1]}}, "schema/x is an array without maxItems"),
        ({"type": "array", "maxItems": 2, "items": {"type": "string"}}, "schema/x/items is a string without maxLength"),
        ({"type": "array", "maxItems": 2, "prefixItems": [{"type": "string"}]}, "schema/x/0 is a string"),
        ({"anyOf": [{"enum": [1]}, {"type": "string"}]}, "schema/x/anyOf/1 is a string without maxLength"),
    ],
)
def test_a_schema_without_bound_is_refused(part: dict[str, object], problem: str) -> None:
    with pytest.raises(InputError) as refusal:
        demand_bounded({**BOUNDED, "properties": {"x": part}})
    assert problem in refusal.value.sentence


def test_a_constraint_that_does_not_compile_is_one_sentence() -> None:
    with pytest.raises(InputError, match="the constraint on the model's answer does not compile: "):
        complaint(Constraint(lark="start: missing_rule"), "x")


def test_without_a_constraint_only_emptiness_is_wrong() -> None:
    assert complaint(None, "anything") is None
    assert complaint(None, " \n") == "it is empty"
