"""Reference model of a combinational arithmetic logic unit."""


class AluModel:
    """Predict result and flags from the operands and the operation code.

    ``operations`` maps an operation code to (operation, carry, overflow): the operation's name, and for each flag
    0, 1, the name of its rule ("carry", "borrow", "overflow") or None for any value. A code that maps to None may do
    anything; codes beside the map give the result and the flags ``reserved``, or anything where that is None.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        width: int,
        operations: dict[int, tuple[str, int | str | None, int | str | None] | None],
        reserved: int | None = None,
    ) -> None:
        self.ports = ports
        self.width = width
        self.mask = (1 << width) - 1
        self.operations = operations
        self.reserved = reserved

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        a, b = inputs[self.ports["a"]], inputs[self.ports["b"]]
        operation = self.operations.get(inputs[self.ports["op"]], ("", self.reserved, self.reserved))
        name, carry, overflow = operation or ("", None, None)
        result = self._result(name, a, b) if name else self.reserved if operation else None
        outputs = {
            "y": result,
            "zero": None if result is None else int(result == 0),
            "negative": None if result is None else result >> (self.width - 1),
            "carry": self._flag(carry, a, b, name),
            "overflow": self._flag(overflow, a, b, name),
        }
        return {self.ports[signal]: value for signal, value in outputs.items() if signal in self.ports}

    def _result(self, name: str, a: int, b: int) -> int:
        amount = b % self.width
        results = {
            "add": a + b,
            "sub": a - b,
            "and": a & b,
            "or": a | b,
            "xor": a ^ b,
            "nor": ~(a | b),
            "nand": ~(a & b),
            "xnor": ~(a ^ b),
            "not": ~a,
            "pass": a,
            "inc": a + 1,
            "dec": a - 1,
            "sll": a << amount,
            "srl": a >> amount,
            "sra": self._signed(a) >> amount,
            "slt": int(self._signed(a) < self._signed(b)),
            "sltu": int(a < b),
        }
        return results[name] & self.mask

    def _flag(self, rule: int | str | None, a: int, b: int, name: str) -> int | None:
        if rule == "carry":
            return (a + b) >> self.width
        if rule == "borrow":
            return int(a < b)
        if rule == "overflow":
            exact = self._signed(a) - self._signed(b) if name == "sub" else self._signed(a) + self._signed(b)
            return int(exact != self._signed(exact & self.mask))
        return rule if isinstance(rule, int) else None

    def _signed(self, value: int) -> int:
        return value - (1 << self.width) if value >> (self.width - 1) else value
