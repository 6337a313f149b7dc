"""Recognise a combinational ALU by its table of operation codes."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference
from verif.bench.library.subject import Subject, number
from verif.plan.spec import Table

Operation = tuple[str, int | str | None, int | str | None]
"""Name of the operation, rule of the carry flag, rule of the overflow flag."""

_INPUTS = {
    "op": ("op", "opcode", "alu_op", "aluop", "aluc", "alu_control", "alu_ctrl", "funct", "func", "sel", "operation"),
    "a": ("a", "operand_a", "in_a", "op_a", "src_a", "x", "operand1"),
    "b": ("b", "operand_b", "in_b", "op_b", "src_b", "y", "operand2"),
}
_OUTPUTS = {
    "y": ("y", "result", "r", "out", "res", "alu_out", "alu_result"),
    "zero": ("zero", "zero_flag", "z"),
    "negative": ("negative", "neg", "sign", "n"),
    "carry": ("carry", "carry_out", "cout", "c"),
    "overflow": ("overflow", "ovf", "v"),
}
_NAMES = {
    **{name: name for name in ("add", "sub", "and", "or", "xor", "nor", "nand", "xnor", "not", "slt", "sltu", "inc")},
    **{"addu": "add", "subu": "sub", "dec": "dec", "sll": "sll", "shl": "sll", "lsl": "sll", "pass": "pass"},
    **{"srl": "srl", "shr": "srl", "lsr": "srl", "sra": "sra", "asr": "sra", "mov": "pass"},
}
_FORMULAS = {
    "add": r"\ba\s*\+\s*b\b",
    "sub": r"\ba\s*-\s*b\b",
    "and": r"\ba\s*&\s*b\b",
    "or": r"(?<!~\()\ba\s*\|\s*b\b",
    "xor": r"(?<!~\()\ba\s*\^\s*b\b",
    "nor": r"~\s*\(\s*a\s*\|\s*b",
    "nand": r"~\s*\(\s*a\s*&\s*b",
    "xnor": r"~\s*\(\s*a\s*\^\s*b",
    "not": r"~\s*a\b",
    "pass": r"^a\b",
    "inc": r"\ba\s*\+\s*1\b",
    "dec": r"\ba\s*-\s*1\b",
    "sll": r"\ba\b.*shifted left|\ba\s*<<\s*b",
    "srl": r"\ba\b.*shifted right.*zero|\ba\s*>>\s*b",
    "sra": r"\ba\b.*shifted right.*sign|\ba\s*>>>\s*b",
    "slt": r"\ba\s*<\s*b\b.*(?<!un)signed",
    "sltu": r"\ba\s*<\s*b\b.*unsigned",
}
_PLAIN = ("add", "sub", "and", "or", "xor")
"""Operations that mean the same wherever they are only named."""
_MODULO = r"\bb\W* modulo \W*(?:WIDTH|\d+)|low (?:log2\(\W*WIDTH\W*\)|\d+|three|four|five) bits of \W*b\b"
_ASPECTS = {
    "y": (r"\b(?:ADD|SUB|AND|OR|XOR|NOR|NAND|SLL|SRL|SRA|SLTU?)\b.*(?:sum|difference|function|shifted|compares?)",),
    "zero": (r"\bzero\b.*(?:all bits|exactly|result is (?:zero|0))",),
    "negative": (r"\bnegative\b.*(?:top|most significant|sign) bit",),
    "carry": (r"\bcarry\b.*(?:ADD|SUB|carry out|borrow)",),
    "overflow": (r"\boverflow\b.*(?:ADD|SUB|signed)",),
    "reserved": (r"reserved (?:op)?code|undefined (?:op)?code",),
}


def propose(subject: Subject) -> Choice | None:
    """Return the model of an ALU whose operations the specification lists in a table with results."""
    if subject.design.clocks or not (subject.design.kind == "alu" or subject.says(r"\balu\b|arithmetic logic unit")):
        return None
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if not {"op", "a", "b", "y"} <= set(ports):
        return None
    width = subject.width(ports["y"])
    if subject.width(ports["a"]) != width or subject.width(ports["b"]) != width:
        return Choice(notes=("an ALU whose operands and result differ in width: not modelled",))
    for table in subject.tables:
        if choice := _from_table(subject, table, ports, width):
            return choice
    return _from_list(subject, ports, width) or Choice(
        notes=("an ALU, but no table of opcode, name and result was found in the specification",)
    )


def _from_list(subject: Subject, ports: dict[str, str], width: int) -> Choice | None:
    """Return a model of the plain operations of a list ``parameter ADD = 6'b100000``: their results, no flags."""
    text = subject.specification.text if subject.specification else ""
    listed = {name.lower(): number(code) for name, code in re.findall(r"parameter\s+(\w+)\s*=\s*(\d+'\w+)", text)}
    plain = {code: _NAMES[name] for name, code in listed.items() if _NAMES.get(name) in _PLAIN and code is not None}
    if len(plain) < len(_PLAIN):
        return None
    operations = {code: (name, None, None) for code, name in plain.items()}
    used = {name: ports[name] for name in ("op", "a", "b", "y")}
    model = reference(
        "alu",
        "AluModel",
        {"ports": used, "width": width, "operations": operations},
        outputs=[ports["y"]],
        requirements=(),
        evidence=[f"operation codes of {', '.join(sorted(set(plain.values())))} by their parameters"],
    )
    return Choice(model=model, notes=("of the ALU only the results of plain operations are predicted, no flags",))


def _from_table(subject: Subject, table: Table, ports: dict[str, str], width: int) -> Choice | None:
    if table.column("opcode", "op", "code") is None or table.column("name", "operation", "mnemonic") is None:
        return None
    modulo = bool(subject.says(_MODULO)) and not width & (width - 1)
    operations: dict[int, Operation | None] = {}
    reserved: int | None = None
    unread: list[str] = []
    for row in table.rows:
        code = number(row[table.column("opcode", "op", "code") or 0])
        name = _operation(table, row, modulo)
        if code is not None and name:
            operations[code] = (name, _flag(table, row, "carry"), _flag(table, row, "overflow"))
        elif "reserved" in " ".join(row).lower() and number(_cell(table, row, "result")) == 0:
            reserved = 0
        else:
            if code is not None:
                operations[code] = None
            unread.append(_cell(table, row, "name", "operation", "mnemonic") or row[0])
    if not any(operations.values()):
        return None
    full = reserved == 0 and len(unread) == 0
    predicted = [ports[name] for name in _OUTPUTS if name in ports and _predictable(name, operations, full)]
    aspects = [a for name, some in _ASPECTS.items() for a in some if full or (name != "reserved" and not unread)]
    arguments = {"ports": ports, "width": width, "operations": operations, "reserved": reserved}
    assert subject.specification is not None
    model = reference(
        "alu",
        "AluModel",
        arguments,
        outputs=predicted,
        requirements=checked(subject, predicted, *aspects, unread=unread),
        evidence=[f"{subject.specification.where(table.line)}: {len(operations)} operation codes"],
    )
    notes = (f"operations that the ALU model can't read: {', '.join(unread)}; not predicted",) if unread else ()
    return Choice(model=model, notes=notes)


def _operation(table: Table, row: tuple[str, ...], modulo: bool) -> str | None:
    """Return the library's name of a row's operation where its result cell means the same as its name."""
    name = _NAMES.get(_cell(table, row, "name", "operation", "mnemonic").lower())
    result = _cell(table, row, "result")
    if name is None or not re.search(_FORMULAS[name], result, re.IGNORECASE):
        return None
    return None if name in ("sll", "srl", "sra") and not modulo else name


def _flag(table: Table, row: tuple[str, ...], flag: str) -> int | str | None:
    text = _cell(table, row, flag).lower()
    if (value := number(text)) is not None:
        return value
    if flag == "overflow":
        return "overflow" if "signed overflow" in text else None
    if "borrow" in text:
        return "borrow"
    return "carry" if "carry out" in text else None


def _predictable(name: str, operations: dict[int, Operation | None], full: bool) -> bool:
    if name in ("carry", "overflow"):
        index = 1 if name == "carry" else 2
        return full and all(operation and operation[index] is not None for operation in operations.values())
    return True


def _cell(table: Table, row: tuple[str, ...], *names: str) -> str:
    column = table.column(*names)
    return "" if column is None else row[column]
