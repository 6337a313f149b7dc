"""The grammar of a module's body: declared names, selections inside their widths, bounded statements."""

from __future__ import annotations

from itertools import combinations

from llm_assist.constrain.ir import Grammar, Node, OneOf, Ref, Repeat, Seq, Text, optional, seq, texts
from llm_assist.rtl_shape import Shape, Signal

STATEMENTS = 6
"""The most statements in a clocked process."""
_ALL_RANGES = 8
"""Up to this width every part select is listed, above it only the customary ones."""
_SPLIT_OUTPUTS = 3
"""Up to this many outputs, each may be either a register or combinational."""

_OPERATORS = (" + ", " - ", " & ", " | ", " ^ ", " == ", " != ", " < ", " > ", " <= ", " >= ", " && ", " || ")
_SHIFTS = (" >> ", " << ")
_UNARY = ("~", "!", "^", "&", "|")


def body_grammar(shape: Shape) -> Grammar:
    """Return the grammar of what follows the declarations of ``shape``, ``endmodule`` included."""
    readable = shape.inputs if shape.clock is None else (*shape.inputs, *shape.outputs, *shape.registers)
    tokens = _tokens(readable)
    rules = {**_expressions("SEL" in tokens), **_bodies(shape)}
    return Grammar(start="body", rules=rules, tokens=tokens)


def _tokens(readable: tuple[Signal, ...]) -> dict[str, Node]:
    selections = [text for signal in readable for text in _selections(signal)]
    widest = max((signal.width for signal in readable), default=1)
    tokens: dict[str, Node] = {
        "ID": texts(*(signal.name for signal in readable)),
        "NUM": texts(*map(str, range(min(256, 1 << max(widest, 3))))),
        "BITS": texts(*(f"{count}'b{bit}" for count in range(1, 9) for bit in "01")),
        "OP": texts(*_OPERATORS, *_SHIFTS),
        "UN": texts(*_UNARY),
    }
    return tokens | ({"SEL": texts(*selections)} if selections else {})


def _selections(signal: Signal) -> list[str]:
    name, width = signal.name, signal.width
    if width == 1:
        return []
    single = [f"{name}[{bit}]" for bit in range(width)]
    if width <= _ALL_RANGES:
        pairs = [(high, low) for high in range(1, width) for low in range(high)]
    else:
        halves = [(high, low) for low in range(0, width, 4) for high in (low + 3, low + 7) if high < width]
        pairs = sorted({(width - 2, 0), (width - 1, 1), *halves})
    return single + [f"{name}[{high}:{low}]" for high, low in pairs]


def _expressions(selections: bool) -> dict[str, Node]:
    name = OneOf((Ref("ID"), Ref("SEL"))) if selections else Ref("ID")
    term = Seq((Repeat(Ref("UN"), 0, 1), name))
    inner = OneOf((term, Ref("NUM")))
    rest = Seq((Ref("OP"), Ref("inner")))
    return {
        "term": term,
        "inner": inner,
        "group": seq("(", Ref("inner"), Repeat(rest, 0, 2), ")"),
        "join": seq("{", Ref("item"), Repeat(seq(", ", Ref("item")), 1, 3), "}"),
        "item": OneOf((name, Ref("BITS"))),
        "primary": OneOf(
            (Ref("term"), Ref("NUM"), Ref("join"), Seq((Repeat(Ref("UN"), 0, 1), Ref("group")))),
        ),
        "sum": Seq((Ref("primary"), Repeat(Seq((Ref("OP"), Ref("primary"))), 0, 2))),
        "expr": Seq((Repeat(seq(Ref("sum"), " ? ", Ref("sum"), " : "), 0, 3), Ref("sum"))),
    }


def _bodies(shape: Shape) -> dict[str, Node]:
    """Return the rules of the whole body: every split of the outputs into registers and assignments."""
    if shape.clock is None:
        return {"body": seq(*(_assign(signal) for signal in shape.outputs), "endmodule\n")}
    rules: dict[str, Node] = {}
    bodies = []
    for index, registered in enumerate(_splits(shape.outputs)):
        combinational = [signal for signal in shape.outputs if signal not in registered]
        written = (*registered, *shape.registers)
        rules |= _statements(written, index, "      " if shape.reset else "    ")
        bodies.append(
            seq(
                *(_assign(signal) for signal in combinational),
                shape.opening(written),
                Repeat(Ref(f"statement{index}"), 1, STATEMENTS),
                shape.closing,
            )
        )
    return rules | {"body": OneOf(tuple(bodies))}


def _splits(outputs: tuple[Signal, ...]) -> list[tuple[Signal, ...]]:
    """Return the sets of outputs that may be registers, all of them first, never none where there are several."""
    if len(outputs) > _SPLIT_OUTPUTS or len(outputs) == 1:
        return [outputs]
    return [choice for count in range(len(outputs), 0, -1) for choice in combinations(outputs, count)]


def _assign(signal: Signal) -> Node:
    return seq(f"  assign {signal.name} = ", Ref("expr"), ";\n")


def _statements(written: tuple[Signal, ...], index: int, indent: str) -> dict[str, Node]:
    write, statement = f"write{index}", f"statement{index}"
    branch = seq(indent, "if (", Ref("sum"), ") ", Ref(write))
    more = Repeat(seq(indent, "else if (", Ref("sum"), ") ", Ref(write)), 0, 2)
    return {
        write: seq(texts(*(signal.name for signal in written)), " <= ", Ref("expr"), ";\n"),
        statement: OneOf(
            (
                Seq((Text(indent), Ref(write))),
                Seq((branch, more, optional(indent, "else ", Ref(write)))),
            )
        ),
    }
