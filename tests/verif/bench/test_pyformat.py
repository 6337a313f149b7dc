import subprocess
import sys

import pytest

from verif.bench.pyformat import Call, assignment, call, call_from_source, prose

LONG = {f"a_rather_long_port_name_{number}": number for number in range(9)}

VALUES: list[object] = [
    1,
    "text",
    'say "so"',
    ("only",),
    [],
    {"a": (0, 1)},
    LONG,
    {"outer": LONG, "other": [1, 2]},
    tuple(LONG),
    call("Driver", ports={"a": "b"}, widths=[1, 2, 3]),
    call("Driver", ports=LONG, knobs={}, data_width=8),
    call("Check", "SPEC", "some-id", ("R1", "R2"), call("Model", ports=LONG, depth=4)),
    call("f", *[f"argument number {number}, of a middling length" for number in range(3)]),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_expression_is_what_ruff_would_write(value: object) -> None:
    source = assignment("NAME", value) + "\n"
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    assert done.stdout == source


def test_call_from_source_keeps_the_arguments() -> None:
    assert call_from_source("F", "'x', depth=16, names=['a']") == Call(
        "F", (("", "x"), ("depth", 16), ("names", ["a"]))
    )


def test_prose_cannot_end_a_docstring() -> None:
    lines = prose('tricky """ text\\\n with breaks', 100)
    assert lines == ["tricky ''' text/ with breaks"]
