"""Arms of the ``if`` and ``case`` statements of one process, and the edits that make them show.

A process gets a vector of its own, a bit an arm. Combinational: zero at the head, a bit set at the head of each arm.
Clocked: the same with nonblocking assignments. Behind an asynchronous reset each arm of that ``if`` chain assigns the
whole vector, constants as registers with such a reset need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pyslang import syntax

from verif.design.edits import Edits
from verif.design.source_file import code_of
from verif.design.texts import Texts

_K = syntax.SyntaxKind
_LABEL = 40
"""Characters of a case item's label that go into an id."""
_TITLE = 100
_LOOPS = (_K.ForLoopStatement, _K.LoopStatement, _K.DoWhileStatement, _K.ForeachLoopStatement)
_WAITS = {
    _K.TimingControlStatement: "it waits",
    _K.WaitStatement: "it waits",
    _K.WaitForkStatement: "it waits",
    _K.WaitOrderStatement: "it waits",
    _K.ForeverStatement: "it loops forever",
    _K.ParallelBlockStatement: "it forks",
}
_NO_PLACE = "it comes from a macro or an included file"
_NOT_SYNTHESIS = frozenset({"full_case", "parallel_case"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """An arm of a branch."""

    what: str
    """``if``, ``else``, ``case_IDLE``, ``case_default``."""
    title: str
    line: int
    column: int


class CannotProbe(Exception):
    """A process, or an arm, has no place for a probe; the text says why."""


@dataclass(frozen=True, slots=True)
class _Link:
    """An arm of an ``else if`` chain."""

    arm: Arm
    conditional: Any
    """The ``if`` that it belongs to."""
    statement: Any
    """None for an ``else`` that isn't written."""
    tested: bool
    """Whether the condition of ``conditional`` leads to it, rather than its contrary."""


@dataclass(slots=True)
class ProcessProbes:
    """Goes through one process and edits its file."""

    texts: Texts
    name: str
    """Of the process's vector."""
    clocked: bool
    resets: frozenset[str] = frozenset()
    """Names of the signals in the event list that reset asynchronously."""
    arms: list[Arm] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _edits: list[Callable[[], None]] = field(default_factory=list)
    """Done when all arms are known, so that a process that can't be probed stays as it is."""

    def run(self, process: Any) -> None:
        """Probe a ``ProceduralBlockSyntax``; CannotProbe where it can't be, and then nothing was edited."""
        body = process.statement
        if body.kind == _K.TimingControlStatement:
            body = body.statement
        if not branches_in(body):
            return
        _refuse_waiting(body)
        if not self._plain(process.getFirstToken()):
            raise CannotProbe(_NO_PLACE)
        if self.resets:
            self._reset_arms(self._reset_chain(body))
        elif self._place(body) is None:
            raise CannotProbe(_NO_PLACE)
        else:
            self._put(body, lambda: f"{self.name} {self._sign} {self._constant(0)};")
            self._statement(body)
        if self.arms:
            self._declare(process)
            for edit in self._edits:
                edit()

    @property
    def _sign(self) -> str:
        return "<=" if self.clocked else "="

    def _constant(self, value: int) -> str:
        return f"{len(self.arms)}'h{value:x}"

    def _declare(self, process: Any) -> None:
        """Declare the vector; of a clocked process it starts at zero, since its clock may not run during reset."""
        token = process.getFirstToken()
        start = f" = {self._constant(0)}" if self.clocked else ""
        text = f"reg [{len(self.arms) - 1}:0] {self.name}{start}; "
        self._file(token).open(self.texts.start(token), text, process)

    def _reset_chain(self, body: Any) -> Any:
        """Return the ``if`` of the asynchronous resets; CannotProbe where the process is not made like that."""
        while body.kind == _K.SequentialBlockStatement:
            statements = [item for item in body.items if _is_statement(item)]
            if len(statements) != 1:
                raise CannotProbe("there is more in it than the if of its asynchronous reset")
            body = statements[0]
        if body.kind != _K.ConditionalStatement or not self._is_reset(body):
            raise CannotProbe("it doesn't begin with the if of its asynchronous reset")
        return body

    def _is_reset(self, conditional: Any) -> bool:
        return bool(self.resets & set(re.findall(r"[A-Za-z_$][\w$]*", _text(conditional.predicate))))

    def _reset_arms(self, conditional: Any) -> None:
        """Probe the chain whose first conditions are asynchronous resets: whole vectors, nothing inside reset arms."""
        in_reset = True
        for link in self._chain(conditional):
            in_reset = in_reset and link.tested and self._is_reset(link.conditional)
            if not self._has_place(link):
                raise CannotProbe(_NO_PLACE)
            self._head(link, partial(self._whole, self._add(link.arm)))
            if link.statement is None:
                continue
            if not in_reset:
                self._statement(link.statement)
                continue
            for branch in branches_in(link.statement):
                where = self.texts.where(branch.getFirstToken())
                self.notes.append(f"{where}: the arms here have no points: they are inside an asynchronous reset.")

    def _chain(self, conditional: Any) -> Iterator[_Link]:
        """Yield the arms of an ``else if`` chain."""
        promised = _promises(conditional)
        while True:
            condition = f"if ({_text(conditional.predicate)})"
            yield _Link(self._arm(conditional, "if", condition), conditional, conditional.statement, True)
            otherwise = self._arm(conditional, "else", f"else of {condition}")
            following = conditional.elseClause
            if following is None:
                if not promised:
                    yield _Link(otherwise, conditional, None, False)
                return
            if following.clause.kind != _K.ConditionalStatement:
                yield _Link(otherwise, conditional, following.clause, False)
                return
            conditional = following.clause

    def _statement(self, node: Any) -> None:
        """Probe the branches in a statement."""
        kind = node.kind
        if kind == _K.SequentialBlockStatement:
            for item in node.items:
                self._statement(item)
        elif kind == _K.ConditionalStatement:
            for link in self._chain(node):
                self._take(link)
        elif kind == _K.CaseStatement:
            self._case(node)
        elif kind in _LOOPS:
            self._statement(node.statement)

    def _take(self, link: _Link) -> None:
        """Give an arm a bit, and go on inside it."""
        if self._has_place(link):
            self._head(link, partial(self._set, self._add(link.arm)))
        else:
            self._lost(link.arm, link.conditional)
        if link.statement is not None:
            self._statement(link.statement)

    def _case(self, case: Any) -> None:
        self._blank_promises(case)
        selector = _text(case.expr)
        implicit = not _promises(case)
        for item in case.items:
            if item.kind == _K.DefaultCaseItem:
                implicit = False
                self._item(item, "case_default", f"case ({selector}): default")
            elif item.kind == _K.StandardCaseItem:
                label = _label(item)
                what = "case_" + re.sub(r"\s+", "_", label)[:_LABEL]
                self._item(item, what, f"case ({selector}): {label}")
            else:
                where = self.texts.where(item.getFirstToken())
                self.notes.append(f"{where}: an arm with a pattern has no point.")
                self._statement(item.statement)
        if implicit:
            self._no_item(case, self._arm(case, "case_default", f"case ({selector}): none of its items"))

    def _item(self, item: Any, what: str, title: str) -> None:
        arm = self._arm(item, what, title)
        if self._place(item.clause) is None:
            self._lost(arm, item)
        else:
            self._put(item.clause, partial(self._set, self._add(arm)))
        self._statement(item.clause)

    def _no_item(self, case: Any, arm: Arm) -> None:
        """Probe what happens where no item fits."""
        token = case.endcase
        if not self._plain(token):
            self._lost(arm, case)
            return
        text = f"default: {self._set(self._add(arm))} "
        self._edits.append(lambda: self._file(token).open(self.texts.start(token), text, case))

    def _add(self, arm: Arm) -> int:
        self.arms.append(arm)
        return len(self.arms) - 1

    def _set(self, bit: int) -> str:
        return f"{self.name}[{bit}] {self._sign} 1'b1;"

    def _whole(self, bit: int) -> str:
        return f"{self.name} <= {self._constant(1 << bit)};"

    def _lost(self, arm: Arm, node: Any) -> None:
        where = self.texts.where(node.getFirstToken())
        self.notes.append(f"{where}: {arm.title} has no point: {_NO_PLACE}.")

    def _arm(self, node: Any, what: str, title: str) -> Arm:
        token = node.ifKeyword if node.kind == _K.ConditionalStatement else node.getFirstToken()
        return Arm(what=what, title=_short(title), line=self.texts.line(token), column=self.texts.column(token))

    def _has_place(self, link: _Link) -> bool:
        if link.statement is None:
            return self._plain(link.conditional.getLastToken())
        return self._place(link.statement) is not None

    def _head(self, link: _Link, text: Callable[[], str]) -> None:
        """Insert a statement at the head of an arm, or write the arm where it wasn't."""
        if link.statement is not None:
            self._put(link.statement, text)
            return
        last, node = link.conditional.getLastToken(), link.conditional.predicate  # closes before its ``if`` does
        self._edits.append(lambda: self._file(last).close(self.texts.end(last), f" else {text()}", node))

    def _put(self, node: Any, text: Callable[[], str]) -> None:
        """Insert a statement at the head of ``node``."""
        place = self._place(node)
        assert place is not None
        token, behind = place
        last = node.getLastToken()

        def edit() -> None:
            if behind:
                self._file(token).open(self.texts.end(token), f" {text()}", node)
                return
            self._file(token).open(self.texts.start(token), f"begin {text()} ", node)
            self._file(last).close(self.texts.end(last), " end", node)

        self._edits.append(edit)

    def _place(self, node: Any) -> tuple[Any, bool] | None:
        """Return the token at which a statement can be inserted, and whether behind it; None where there is none."""
        if node.kind == _K.SequentialBlockStatement:
            token = node.blockName.getLastToken() if node.blockName else node.begin
            for item in node.items:
                if _is_statement(item):
                    break
                token = item.getLastToken()
            return (token, True) if self._plain(token) else None
        first, last = node.getFirstToken(), node.getLastToken()
        plain = self._plain(first) and self._plain(last) and self.texts.of(first) is self.texts.of(last)
        return (first, False) if plain else None

    def _plain(self, token: Any) -> bool:
        return self.texts.of(token) is not None

    def _file(self, token: Any) -> Edits:
        text = self.texts.of(token)
        assert text is not None
        return text.edits

    def _blank_promises(self, case: Any) -> None:
        """Take ``(* full_case, parallel_case *)`` out: simulation ignores it, a proof would believe it."""
        for attribute in case.attributes:
            names = {str(spec.name.valueText) for spec in attribute.specs if hasattr(spec, "name")}
            first, last = attribute.getFirstToken(), attribute.getLastToken()
            if names and names <= _NOT_SYNTHESIS and self._plain(first) and self._plain(last):
                self._file(first).blank(self.texts.start(first), self.texts.end(last))


def branches_in(node: Any) -> list[Any]:
    """Return the outermost ``if`` and ``case`` statements in a statement, a function or a task."""
    if node.kind in (_K.ConditionalStatement, _K.CaseStatement):
        return [node]
    return [branch for child in _inner(node) for branch in branches_in(child)]


def _inner(node: Any) -> Iterable[Any]:
    if node.kind in (_K.SequentialBlockStatement, _K.ParallelBlockStatement):
        return [item for item in node.items if _is_statement(item)]
    if node.kind in (_K.FunctionDeclaration, _K.TaskDeclaration):
        return [item for item in node.items if _is_statement(item)]
    if node.kind in (*_LOOPS, _K.ForeverStatement, _K.TimingControlStatement, _K.WaitStatement):
        return [node.statement]
    return []


def _refuse_waiting(node: Any) -> None:
    if why := _WAITS.get(node.kind):
        raise CannotProbe(why)
    if node.kind == _K.ConditionalStatement:
        _refuse_waiting(node.statement)
        if node.elseClause:
            _refuse_waiting(node.elseClause.clause)
    elif node.kind == _K.CaseStatement:
        for item in node.items:
            _refuse_waiting(item.statement if item.kind == _K.PatternCaseItem else item.clause)
    else:
        for child in _inner(node):
            _refuse_waiting(child)


def _is_statement(item: Any) -> bool:
    return isinstance(item, syntax.StatementSyntax)


def _promises(node: Any) -> bool:
    """Whether the designer says that an arm is always taken: ``unique`` and ``priority``, not ``unique0``."""
    word = node.uniqueOrPriority
    return bool(word) and word.rawText in ("unique", "priority")


def _label(item: Any) -> str:
    """Return what stands before the colon of a case item."""
    return " ".join(code_of("".join(map(str, item.expressions))).split())


def _text(node: Any) -> str:
    return " ".join(code_of(str(node)).split())


def _short(text: str) -> str:
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 3]}..."
