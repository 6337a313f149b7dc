"""The rule that results come out in order and right, however long they take."""

from collections import deque


class ResultsInOrderRule:
    """Each ``valid_out`` brings the result of the next ``group`` inputs that were taken, none invented.

    ``operation`` makes the result of the inputs: "pass" (the input itself), "sum", "add" and "multiply" (of two
    operand ports), "pack" (the first input highest). An input is taken in a cycle in which ``valid_in`` is 1, and
    ``ready_in`` where there is one; a result is given where ``valid_out`` is 1, and ``ready_out`` where there is one.
    A result can come in the cycle of its last input at the earliest, or in the next one if ``registered``.
    """

    def __init__(
        self,
        *,
        operation: str,
        operands: list[str],
        result: str,
        width: int,
        valid_in: str,
        valid_out: str,
        clock: str,
        reset: tuple[str, int, bool] | None,
        group: int = 1,
        operand_width: int = 0,
        ready_in: str = "",
        ready_out: str = "",
        registered: bool = True,
    ) -> None:
        self.operation = operation
        self.operands = operands
        self.result = result
        self.mask = (1 << width) - 1
        self.valid_in = valid_in
        self.valid_out = valid_out
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.group = group
        self.operand_width = operand_width
        self.ready_in = ready_in
        self.ready_out = ready_out
        self.registered = registered
        self.reset()

    def reset(self) -> None:
        """Forget all inputs."""
        self.taken: list[tuple[int, ...]] = []
        self.due: deque[int] = deque()

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        if not self.registered:
            self._take(inputs, outputs)
        message = self._give(inputs, outputs)
        if self.registered:
            self._take(inputs, outputs)
        return message

    def _take(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> None:
        if inputs[self.valid_in] and (not self.ready_in or outputs[self.ready_in]):
            self.taken.append(tuple(inputs[port] for port in self.operands))
        if len(self.taken) == self.group:
            self.due.append(self._result())
            self.taken = []

    def _give(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        if not outputs[self.valid_out] or (self.ready_out and not inputs[self.ready_out]):
            return None
        if not self.due:
            return f"{self.valid_out} is 1, but no result is due"
        expected, got = self.due.popleft(), outputs[self.result]
        if got == expected:
            return None
        return f"{self.result} is {got if got is None else hex(got)}, the next result due is {expected:#x}"

    def _result(self) -> int:
        firsts = [values[0] for values in self.taken]
        if self.operation == "multiply":
            return self.taken[0][0] * self.taken[0][1] & self.mask
        if self.operation == "add":
            return sum(self.taken[0]) & self.mask
        if self.operation == "pack":
            packed = 0
            for value in firsts:
                packed = packed << self.operand_width | value
            return packed
        return sum(firsts) & self.mask
