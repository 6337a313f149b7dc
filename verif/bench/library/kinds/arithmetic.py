"""Recognise plain arithmetic: adders, subtractors, comparators, multipliers, dividers, multiplying accumulators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import ReferenceModel

_OPERANDS = {
    "a": ("a", "in_a", "operand_a", "op_a", "x", "mul_a", "adda", "ain"),
    "b": ("b", "in_b", "operand_b", "op_b", "y", "mul_b", "addb", "bin"),
}
_SUM = {"sum": ("sum", "s", "y", "result", "out"), "carry_out": ("cout", "co", "carry_out", "c_out", "carry", "c32")}
_DIFFERENCE = {
    "difference": ("difference", "diff", "d", "result", "y", "out"),
    "borrow_out": ("bout", "borrow_out", "borrow"),
    "overflow": ("overflow", "ovf", "v"),
}
_COMPARED = {
    "greater": ("a_greater", "greater", "gt", "a_gt_b", "agtb"),
    "equal": ("a_equal", "equal", "eq", "a_eq_b", "aeqb"),
    "less": ("a_less", "less", "lt", "a_lt_b", "altb"),
}
_DIVIDED = (
    {"dividend": ("dividend", "numerator", "a"), "divisor": ("divisor", "denominator", "b")},
    {"quotient": ("quotient", "quot", "q", "result"), "remainder": ("remainder", "rem", "r", "odd")},
)
_PRODUCT = {"product": ("product", "prod", "p", "mul_out", "y", "result", "out")}
_TOTAL = {"total": ("c", "acc", "sum", "total", "out", "result")}
_ALTERED = (
    r"saturat|clamp|\bclip|float|fixed[- ]point|approximat|\bround(?:s|ed|ing)\b|absolute"
    r"|\b(?:never|not) (?:below|above|under|over|negative|more than|less than)\b"
)
"""What makes a result other than the plain one."""
_ASPECTS = {
    "adder": r"\bsums?\b|\bcarry|\badd(?:s|ed|ition)?\b",
    "subtractor": r"differ|subtract|overflow|borrow",
    "comparator": r"greater|less|equal|compar",
    "division": r"quotient|remainder|divi",
    "multiplier": r"product|multipl",
    "multiply_accumulate": r"product|multipl|accumul|reset",
}


def propose_adder(subject: Subject) -> Choice | None:
    """Return the model of a combinational binary or decimal adder."""
    ports = subject.ports({**_OPERANDS, "carry_in": ("cin", "ci", "carry_in", "c_in")}, _SUM)
    adds = subject.says(r"\badder\b")
    if (
        not _combinational(subject, ports, {"a", "b", "sum"})
        or not adds
        or subject.says(_ALTERED)
        or _signed(subject, ports)
    ):
        return None
    width = subject.width(ports["sum"])
    if any(subject.width(ports[operand]) != width for operand in ("a", "b")):
        return None
    decimal = subject.says(r"\bBCD\b|decimal")
    if decimal and width != 4:
        return None
    arguments = {"ports": ports, "base": 10 if decimal else 1 << width}
    return Choice(model=_plain(subject, "adder", "AdderModel", arguments, _SUM, ports, [adds, decimal]))


def propose_subtractor(subject: Subject) -> Choice | None:
    """Return the model of a combinational subtractor of two's complement numbers."""
    ports = subject.ports({**_OPERANDS, "borrow_in": ("bin", "borrow_in", "cin")}, _DIFFERENCE)
    subtracts = subject.says(r"A - B|subtract")
    overflow = subject.says(r"positive overflow occurs|signed overflow")
    if not _combinational(subject, ports, {"a", "b", "difference"}) or subject.says(_ALTERED):
        return None
    width = subject.width(ports["difference"])
    vague = "overflow" in ports and not overflow
    if vague or not subject.says(r"\bsubtract[oe]r\b") or any(subject.width(ports[p]) != width for p in ("a", "b")):
        return None
    arguments = {"ports": ports, "width": width}
    hits = [subtracts, overflow]
    return Choice(model=_plain(subject, "subtractor", "SubtractorModel", arguments, _DIFFERENCE, ports, hits))


def propose_comparator(subject: Subject) -> Choice | None:
    """Return the model of an unsigned comparator."""
    ports = subject.ports(_OPERANDS, _COMPARED)
    compares = subject.says(r"\bcomparator\b")
    if not _combinational(subject, ports, {"a", "b", "greater", "equal", "less"}) or not compares:
        return None
    if _signed(subject, ports):
        return Choice(notes=("a comparator of signed numbers: not modelled",))
    return Choice(
        model=_plain(subject, "comparator", "ComparatorModel", {"ports": ports}, _COMPARED, ports, [compares])
    )


def propose_division(subject: Subject) -> Choice | None:
    """Return the model of a combinational unsigned divider."""
    ports = subject.ports(*_DIVIDED)
    divides = subject.says(r"\bdividend\b.*\b(?:divisor|divider)\b")
    needed = {"dividend", "divisor", "quotient", "remainder"}
    if not _combinational(subject, ports, needed) or not divides or _signed(subject, ports):
        return None
    if subject.width(ports["quotient"]) < subject.width(ports["dividend"]):
        return None
    outputs = _DIVIDED[1]
    return Choice(model=_plain(subject, "division", "DivisionModel", {"ports": ports}, outputs, ports, [divides]))


def propose_multiplier(subject: Subject) -> Choice | None:
    """Return the model of an unsigned multiplier, combinational or with two stages of registers."""
    ports = subject.ports(_OPERANDS, _PRODUCT)
    multiplies = subject.says(r"\bmultiplier\b")
    if set(ports) != {"a", "b", "product"} or not multiplies or not subject.accounts_for(ports.values()):
        return None
    width = subject.width(ports["product"])
    exact = width == subject.width(ports["a"]) + subject.width(ports["b"])
    if not exact or _signed(subject, ports) or subject.says(rf"{_ALTERED}|booth"):
        return None
    staged = subject.says(r"two (?:levels|stages) of registers|latency of (?:two|2) (?:clock )?cycles")
    if subject.design.sequential and (staged is None or subject.clock is None or subject.reset is None):
        return Choice(notes=("a multiplier with a clock whose latency the specification doesn't tell: not modelled",))
    arguments: dict[str, object] = {"ports": ports, "width": width}
    if subject.design.sequential:
        arguments |= {"reset": subject.reset_tuple, "latency": 2}
    hits = [multiplies, staged]
    return Choice(model=_plain(subject, "multiplier", "MultiplierModel", arguments, _PRODUCT, ports, hits))


def propose_multiply_accumulate(subject: Subject) -> Choice | None:
    """Return the model of an accumulator of products."""
    ports = subject.ports({**_OPERANDS, "en": ("en", "enable", "valid")}, _TOTAL)
    said = subject.says(r"multipl.*accumulat")
    cleared = subject.says(r"reset.*(?:set to 0|is 0|cleared)")
    if not {"a", "b", "total"} <= set(ports) or not said or not cleared or subject.says(_ALTERED):
        return None
    if (
        _signed(subject, ports)
        or subject.clock is None
        or subject.reset is None
        or not subject.accounts_for(ports.values())
    ):
        return None
    arguments = {"ports": ports, "reset": subject.reset_tuple, "width": subject.width(ports["total"])}
    hits = [said, cleared]
    name = "multiply_accumulate"
    return Choice(model=_plain(subject, name, "MultiplyAccumulateModel", arguments, _TOTAL, ports, hits))


def _signed(subject: Subject, ports: dict[str, str]) -> bool:
    """Return whether numbers are signed, by the ports or the specification."""
    if any(subject.design.port(port).signed for port in ports.values()):
        return True
    return subject.says(r"(?<!un)signed|two's complement") is not None


def _combinational(subject: Subject, ports: dict[str, str], needed: set[str]) -> bool:
    return needed <= set(ports) and not subject.design.sequential and subject.accounts_for(ports.values())


def _plain(
    subject: Subject,
    kind: str,
    class_name: str,
    arguments: Mapping[str, object],
    outputs: Iterable[str],
    ports: dict[str, str],
    hits: Iterable[Hit | None],
) -> ReferenceModel:
    predicted = [ports[name] for name in outputs if name in ports]
    return reference(
        kind,
        class_name,
        arguments,
        outputs=predicted,
        requirements=checked(subject, predicted, _ASPECTS[kind]),
        evidence=told(*hits),
    )
