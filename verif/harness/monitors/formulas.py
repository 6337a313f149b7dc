"""Formulas over ports: from the Python lambdas of the rules that read sentences to Verilog expressions.

Python's integers have no width. So every value is followed with its least and greatest, and all arithmetic is done in
two's complement with as many bits as the widest of them takes: what comes out is what Python computes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from verif.harness.monitors.arguments import Uncovered

_WIDEST = 256
"""Bits of a value that is still computed in hardware."""

HELPERS: Mapping[str, str] = {
    "ones": """
    // How many bits of a number are 1.
    function [W-1:0] ones(input [W-1:0] number);
        integer place;
        begin
            ones = {W{1'b0}};
            for (place = 0; place < W; place = place + 1) begin
                ones = ones + {{(W - 1){1'b0}}, number[place]};
            end
        end
    endfunction
""",
    "length": """
    // How many bits a number takes without leading zeros.
    function [W-1:0] length(input [W-1:0] number);
        integer place;
        logic [W-1:0] count;
        begin
            length = {W{1'b0}};
            count  = {W{1'b0}};
            for (place = 0; place < W; place = place + 1) begin
                count = count + {{(W - 1){1'b0}}, 1'b1};
                if (number[place]) begin
                    length = count;
                end
            end
        end
    endfunction
""",
}
"""Functions that expressions may call, for modules with a parameter ``W``."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number: its expression, its bounds, and the condition under which it is None."""

    text: str
    low: int
    high: int
    none: str = "1'b0"


class Translator:
    """Translates lambdas; ``W``, the number of bits, is right once all of them were translated with it."""

    def __init__(self, widths: Mapping[str, int], *, bits: int) -> None:
        self.widths = widths
        self.bits = bits
        self.needed = 8
        """Bits that the values so far take."""
        self.ports: set[str] = set()
        self.helpers: set[str] = set()
        self._name: Callable[[str], str] = str

    def value(self, source: ast.expr, name: Callable[[str], str]) -> Value:
        """Return what a lambda computes; ``name`` tells the net of a port. Its value may be None."""
        self._name = name
        return self._number(_body(source))

    def condition(self, source: ast.expr, name: Callable[[str], str]) -> str:
        """Return an expression of one bit for a lambda's truth."""
        self._name = name
        return self._truth(_body(source))

    def _made(self, text: str, low: int, high: int, none: str = "1'b0") -> Value:
        self.needed = max(self.needed, low.bit_length() + 1, high.bit_length() + 1)
        if self.needed > _WIDEST:
            raise Uncovered("a number of so many bits")
        return Value(text, low, high, none)

    def _number(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=None):
                return self._made(f"{self.bits}'d0", 0, 0, "1'b1")
            case ast.Constant(value=bool() | int() as number):
                return self._made(f"{self.bits}'h{int(number):x}", int(number), int(number))
            case ast.Subscript(value=ast.Name(id="now"), slice=ast.Constant(value=str() as port)):
                return self._port(port)
            case ast.BinOp():
                return self._binary(node)
            case ast.UnaryOp(op=ast.USub()):
                of = self._sure(node.operand)
                return self._made(f"(-{of.text})", -of.high, -of.low)
            case ast.IfExp():
                return self._chosen(node)
            case ast.Call():
                return self._called(node)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self._made(self._bit(self._truth(node)), 0, 1)
        raise Uncovered(f"the formula {ast.unparse(node)}")

    def _sure(self, node: ast.expr, *, least: int | None = None) -> Value:
        """Return a number that is never None nor below ``least``."""
        found = self._number(node)
        if found.none != "1'b0" or (least is not None and found.low < least):
            raise Uncovered(f"the formula {ast.unparse(node)}")
        return found

    def _port(self, port: str) -> Value:
        if port not in self.widths:
            raise Uncovered(f"its port {port}")
        self.ports.add(port)
        width = self.widths[port]
        above = self.bits - width
        text = f"{{{above}'b0, {self._name(port)}}}" if above > 0 else self._name(port)
        return self._made(text, 0, (1 << width) - 1)

    def _bit(self, text: str) -> str:
        return f"{{{self.bits - 1}'b0, {text}}}"

    def _binary(self, node: ast.BinOp) -> Value:
        left = self._sure(node.left)
        right = self._sure(node.right, least=0 if isinstance(node.op, ast.LShift | ast.RShift | ast.Mod) else None)
        match node.op:
            case ast.Add():
                return self._made(f"({left.text} + {right.text})", left.low + right.low, left.high + right.high)
            case ast.Sub():
                return self._made(f"({left.text} - {right.text})", left.low - right.high, left.high - right.low)
            case ast.Mult():
                ends = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
                return self._made(f"({left.text} * {right.text})", min(ends), max(ends))
            case ast.LShift() if right.high <= _WIDEST:
                text = f"({left.text} << {right.text})"
                return self._made(text, min(left.low << right.high, left.low), max(left.high << right.high, left.high))
            case ast.RShift():
                if left.low >= 0:
                    return self._made(f"({left.text} >> {right.text})", 0, left.high)
                return self._made(f"$unsigned($signed({left.text}) >>> {right.text})", left.low, max(left.high, 0))
            case ast.Mod() if left.low >= 0 and right.low > 0:
                return self._made(f"({left.text} % {right.text})", 0, right.high - 1)
            case ast.BitAnd() | ast.BitOr() | ast.BitXor():
                return self._bitwise(node.op, left, right)
        raise Uncovered(f"the formula {ast.unparse(node)}")

    def _bitwise(self, sign: ast.operator, left: Value, right: Value) -> Value:
        written = {ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}[type(sign)]
        widest = max(number.bit_length() for number in (left.low, left.high, right.low, right.high))
        low = -(1 << widest) if min(left.low, right.low) < 0 else 0
        high = (1 << widest) - 1
        if isinstance(sign, ast.BitAnd) and max(left.low, right.low) >= 0:
            low, high = 0, min(side.high for side in (left, right) if side.low >= 0)
        return self._made(f"({left.text} {written} {right.text})", low, high)

    def _chosen(self, node: ast.IfExp) -> Value:
        test, first, second = self._truth(node.test), self._number(node.body), self._number(node.orelse)
        none = "1'b0"
        if (first.none, second.none) != ("1'b0", "1'b0"):
            none = f"({test} ? {first.none} : {second.none})"
        low, high = min(first.low, second.low), max(first.high, second.high)
        return self._made(f"({test} ? {first.text} : {second.text})", low, high, none)

    def _called(self, node: ast.Call) -> Value:
        match node:
            case ast.Call(func=ast.Name(id="int"), args=[of]):
                return self._number(of)
            case ast.Call(func=ast.Name(id="bool"), args=[of]):
                return self._made(self._bit(self._truth(of)), 0, 1)
            case ast.Call(func=ast.Name(id="max" | "min" as which), args=[left, right]):
                one, other = self._sure(left, least=0), self._sure(right, least=0)
                sign, best = (">", max) if which == "max" else ("<", min)
                text = f"({one.text} {sign} {other.text} ? {one.text} : {other.text})"
                return self._made(text, best(one.low, other.low), best(one.high, other.high))
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="bin"), args=[of]), attr="count"),
                args=[ast.Constant(value="1")],
            ):
                return self._helped("ones", of)
            case ast.Call(func=ast.Attribute(value=of, attr="bit_length"), args=[]):
                return self._helped("length", of)
        raise Uncovered(f"the formula {ast.unparse(node)}")

    def _helped(self, helper: str, node: ast.expr) -> Value:
        of = self._sure(node, least=0)
        self.helpers.add(helper)
        return self._made(f"{helper}({of.text})", 0, of.high.bit_length())

    def _truth(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=bool() as truth):
                return f"1'b{int(truth)}"
            case ast.UnaryOp(op=ast.Not()):
                return f"!{self._truth(node.operand)}"
            case ast.BoolOp():
                sign = " && " if isinstance(node.op, ast.And) else " || "
                return f"({sign.join(self._truth(part) for part in node.values)})"
            case ast.Compare(ops=[sign], comparators=[right]):
                return self._compared(node.left, sign, right)
            case ast.Call(func=ast.Name(id="int" | "bool"), args=[of]):
                return self._truth(of)
        return f"({self._sure(node).text} != {self.bits}'d0)"

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        signs = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.Gt: ">", ast.LtE: "<=", ast.GtE: ">="}
        if type(sign) not in signs:
            raise Uncovered(f"the formula {ast.unparse(left)}")
        one, other = self._sure(left), self._sure(right)
        if min(one.low, other.low) < 0 and not isinstance(sign, ast.Eq | ast.NotEq):
            return f"($signed({one.text}) {signs[type(sign)]} $signed({other.text}))"
        return f"({one.text} {signs[type(sign)]} {other.text})"


def _body(source: ast.expr) -> ast.expr:
    if not isinstance(source, ast.Lambda):
        raise Uncovered(f"the formula {ast.unparse(source)}")
    return source.body
