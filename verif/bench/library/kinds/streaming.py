"""Recognise blocks that turn valid inputs into valid outputs, in order, after some cycles."""

from __future__ import annotations

from collections.abc import Mapping

from verif.bench.library.choice import Choice, checked, snippet
from verif.bench.library.handshakes import assumption
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule
from verif.verdict import Oracle

_VALID_IN = ("valid_in", "in_valid", "din_valid", "i_en", "mul_en_in", "i_valid")
_VALID_OUT = ("valid_out", "out_valid", "dout_valid", "o_en", "mul_en_out", "o_valid")
_IN = ("data_in", "din", "din_serial", "in_data", "d")
_OUT = ("data_out", "dout", "dout_parallel", "out_data", "q")
_PAIR = {
    "a": ("adda", "mul_a", "a", "in_a"),
    "b": ("addb", "mul_b", "b", "in_b"),
}
_RESULT = ("result", "mul_out", "sum", "product", "p", "y")
_COUNTS = {"two": 2, "four": 4, "eight": 8, "2": 2, "4": 4, "8": 8}
_ASPECT = r"\bsum|product|result|accumul|concatenat|in order|\bvalid"


def propose(subject: Subject) -> Choice | None:
    """Return the rule of results in order for accumulators, packers and pipelined operators."""
    valid_in, valid_out = subject.find_input(*_VALID_IN), subject.find_output(*_VALID_OUT)
    if not valid_in or not valid_out or subject.clock is None or subject.reset is None:
        return None
    single = subject.find_input(*_IN), subject.find_output(*_OUT)
    double = subject.ports(_PAIR, {"result": _RESULT})
    if single[0] and single[1] and subject.accounts_for([valid_in, valid_out, single[0], single[1]]):
        return _grouped(subject, valid_in, valid_out, single[0], single[1])
    if set(double) == {"a", "b", "result"} and subject.accounts_for([valid_in, valid_out, *double.values()]):
        return _paired(subject, valid_in, valid_out, double)
    return None


def _grouped(subject: Subject, valid_in: str, valid_out: str, data: str, result: str) -> Choice | None:
    """Return the rule of a block that makes one result of several inputs: their sum, or all of them side by side."""
    width, wide = subject.width(data), subject.width(result)
    accumulates = subject.says(r"receives (\w+) input data, .* accumulation|accumulate (\w+) valid")
    packs = subject.says(
        r"first arriving .* (?:higher|upper)|from the most significant bit to the least significant bit"
    )
    if accumulates:
        group, operation, hit = _COUNTS.get((accumulates[1] or accumulates[2]).lower()), "sum", accumulates
    elif packs and wide % width == 0:
        group, operation, hit = wide // width, "pack", packs
    else:
        return None
    if group is None:
        return None
    arguments = {"operation": operation, "operands": [data], "group": group, "operand_width": width}
    return Choice(rules=(_rule(subject, valid_in, valid_out, result, arguments, hit),))


def _paired(subject: Subject, valid_in: str, valid_out: str, ports: dict[str, str]) -> Choice | None:
    """Return the rule of a pipelined unsigned adder or multiplier."""
    wide, width = subject.width(ports["result"]), subject.width(ports["a"])
    multiplies = subject.says(r"\bunsigned\b.*\bmultiplier\b")
    adds = subject.says(r"\badder\b.*(?:pipeline|registers)")
    fits = wide == (2 * width if multiplies else width + 1)
    hit = multiplies or adds
    if hit is None or not fits or subject.width(ports["b"]) != width:
        return None
    arguments = {"operation": "multiply" if multiplies else "add", "operands": [ports["a"], ports["b"]]}
    return Choice(rules=(_rule(subject, valid_in, valid_out, ports["result"], arguments, hit),))


def _rule(
    subject: Subject, valid_in: str, valid_out: str, result: str, arguments: Mapping[str, object], hit: Hit
) -> Rule:
    assert subject.clock is not None
    common = {
        "result": result,
        "width": subject.width(result),
        "valid_in": valid_in,
        "valid_out": valid_out,
        "clock": subject.clock.name,
        "reset": subject.reset_tuple,
    }
    operands = arguments["operands"]
    assert isinstance(operands, list)
    return Rule(
        id="results-in-order",
        title=f"Each {valid_out} brings the next result due on {result} ({hit.where}: {hit.match[0]}).",
        snippet=snippet("rules.results_in_order", "ResultsInOrderRule", {**arguments, **common}),
        oracle=Oracle.SPEC,
        ports=(valid_in, *operands, valid_out, result),
        assume=assumption(subject, valid_in),
        requirements=checked(subject, [valid_out, result], _ASPECT),
    )
