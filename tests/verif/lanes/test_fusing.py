"""Fusing changes how many functions there are, and nothing that they compute."""

from __future__ import annotations

import random

from verif.lanes.fusing import Function, Operations, fused
from verif.lanes.program import Program

LEVELS = 40


def drawn_operations(seed: int) -> tuple[list[tuple[str, tuple[int, ...]]], list[int]]:
    """Return operations on eight sources, and the numbers of those that are wanted."""
    rng = random.Random(seed)
    operations: list[tuple[str, tuple[int, ...]]] = [("state", (place,)) for place in range(8)]
    operations += [("zero", ()), ("ones", ()), ("turned", (2, 11))]
    for _ in range(60):
        kind = rng.choice("&|^~?")
        count = {"~": 1, "?": 3}.get(kind, 2)
        operations.append((kind, tuple(rng.randrange(len(operations)) for _ in range(count))))
    return operations, sorted(rng.sample(range(len(operations)), 6))


def straight(operations: Operations, sources: list[int]) -> list[int]:
    """Return the level of each operation, one after the other."""
    levels: list[int] = []
    for kind, numbers in operations:
        given = [levels[number] for number in numbers] if kind in "&|^~?" else []
        if kind == "?":
            levels.append(given[1] if given[0] else given[2])
        elif kind in "&|^~":
            one, other = given[0], given[-1]
            levels.append({"&": one & other, "|": one | other, "^": one ^ other, "~": 1 - one}[kind])
        else:
            levels.append({"zero": 0, "ones": 1}.get(kind, sources[len(levels)] if len(levels) < len(sources) else 1))
    return levels


def by_functions(operations: Operations, functions: dict[int, Function], sources: list[int]) -> dict[int, int]:
    """Return the level of each function that is left; what is no logic shows what it does there."""
    there = straight(operations, sources)
    levels: dict[int, int] = {}
    for number, (kind, _) in enumerate(operations):
        if number in functions:
            levels[number] = functions[number].at(levels)
        elif kind in ("state", "turned"):
            levels[number] = there[number]
    return levels


def test_fused_functions_compute_what_the_operations_do() -> None:
    for seed in range(30):
        operations, wanted = drawn_operations(seed)
        functions = fused(operations, wanted)
        rng = random.Random(-seed)
        for _ in range(LEVELS):
            sources = [rng.randrange(2) for _ in range(8)]
            expected, found = straight(operations, sources), by_functions(operations, functions, sources)
            assert all(found[number] == expected[number] for number in wanted)


def test_a_function_looks_at_three_values_at_most() -> None:
    operations, wanted = drawn_operations(3)
    functions = fused(operations, wanted)
    logic = [number for number, (kind, _) in enumerate(operations) if kind in "&|^~?"]
    assert all(len(function.inputs) <= 3 for function in functions.values())
    assert len(functions) < len(logic) / 2


def test_an_operation_that_two_look_at_stays_one() -> None:
    program = Program()
    one, other = program.state(0), program.state(1)
    both = one & other
    program.kept = {2: both ^ program.state(2), 3: both | program.state(3)}
    functions = fused(program.operations, [value.number for value in program.kept.values()])
    assert functions[both.number].inputs == (one.number, other.number)
    assert len(functions) == 3
