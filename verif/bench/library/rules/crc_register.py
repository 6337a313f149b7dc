"""The rule that a register takes the CRC of what comes in."""

from typing import Any

from verif.bench.library.rules.register import RegisterRule


class CrcRegisterRule(RegisterRule):
    """With ``valid`` the register takes one word into its CRC, ``clear`` sets it to ``initial``.

    ``reflected`` lists which orders of the bits the specification allows: False is highest bit first with the register
    shifting left, True the mirror image of it. One of them must fit for the whole run.
    """

    def __init__(
        self,
        *,
        output: str,
        width: int,
        polynomial: int,
        reflected: list[bool],
        data: str,
        data_width: int,
        valid: str,
        clear: str,
        initial: int | None,
        start: int | None,
    ) -> None:
        self.polynomial = polynomial
        self.size = width
        self.bits = data_width

        def ways(mirrored: bool) -> Any:
            def changed(now: dict[str, int], value: int) -> int:
                return self._taken_in(value, now[data], mirrored)

            begins = (lambda now: clear and now[clear], lambda now: initial)
            takes = (lambda now: not valid or now[valid], lambda now: changed(now, now[output]))
            both = (
                lambda now: clear and now[clear] and (not valid or now[valid]),
                lambda now: None if initial is None else changed(now, initial),
            )
            return [begins, takes, both]

        first, *others = [ways(mirrored) for mirrored in reflected]
        super().__init__(output=output, width=width, changes=first, others=others, start=start)

    def _taken_in(self, value: int, word: int, mirrored: bool) -> int:
        order = range(self.bits) if mirrored else range(self.bits - 1, -1, -1)
        turned = int(f"{self.polynomial:0{self.size}b}"[::-1], 2)
        for index in order:
            bit = word >> index & 1
            if mirrored:
                leaving, value = (value & 1) ^ bit, value >> 1
                value ^= turned if leaving else 0
            else:
                leaving, value = (value >> self.size - 1 & 1) ^ bit, value << 1 & (1 << self.size) - 1
                value ^= self.polynomial if leaving else 0
        return value
