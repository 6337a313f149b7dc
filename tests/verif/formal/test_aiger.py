from __future__ import annotations

from pathlib import Path
from random import Random

from tests.support.proofs import covered
from verif.formal.aiger import Aiger, Names
from verif.formal.system import build_system
from verif.formal.top import ASKED, cover_question
from verif.sim.process import Processes

BODY = """
  reg [3:0] n; reg [2:0] free;
  always @(posedge clk) if (rst) n <= 0; else n <= n + a[2:0] + free;
  always @(posedge clk) free <= {free[0], free[2:1]};
  assign y = n; assign bad = 0;
"""
POINTS = {"nine": "n == 9", "three": "n[0] && n[1]", "low": "!n[3]"}
LANES = 64


def circuit(folder: Path) -> tuple[Aiger, Names]:
    harness = covered(BODY, POINTS, folder)
    questions = [cover_question(harness, id_) for id_ in harness.covers]
    system = build_system(harness, questions, folder, processes=Processes())
    return Aiger.read(system.aiger), Names.read(system.names)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    whole, _ = circuit(tmp_path)
    whole.only([2, 0]).write(tmp_path / "some.aig")
    some = Aiger.read(tmp_path / "some.aig")
    assert some.outputs == (whole.outputs[2], whole.outputs[0])
    assert (some.inputs, some.nexts, some.gates) == (whole.inputs, whole.nexts, whole.gates)


def test_two_copies_are_one_where_both_are(tmp_path: Path) -> None:
    whole, names = circuit(tmp_path)
    pinned = [number for number in range(whole.inputs) if number not in names.inputs]
    assert pinned
    whole.doubled(pinned).write(tmp_path / "twice.aig")
    twice = Aiger.read(tmp_path / "twice.aig")
    dice = Random(1)
    steps = [[dice.getrandbits(LANES) for _ in range(whole.inputs)] for _ in range(30)]
    ones = (1 << LANES) - 1
    low, high = (
        whole.simulate([[level if n in pinned else v for n, v in enumerate(row)] for row in steps], LANES)
        for level in (0, ones)
    )
    assert low != high
    both = [[one & two for one, two in zip(left, right, strict=True)] for left, right in zip(low, high, strict=True)]
    assert twice.simulate(steps, LANES) == both


def test_simulation_agrees_with_the_source(tmp_path: Path) -> None:
    whole, names = circuit(tmp_path)
    place = {name: number for number, name in names.inputs.items()}
    asked = {bit: number for number, (name, bit) in names.outputs.items() if name == ASKED}
    steps = [[0] * whole.inputs for _ in range(2 + 12)]
    for row in steps[2:]:
        row[place["stim_a", 0]] = 1  # lane 0 counts up by one
    shown = whole.simulate(steps, 1)
    assert [row[asked[0]] for row in shown[2:]] == [int(n == 9) for n in range(12)]
    assert [row[asked[1]] for row in shown[2:]] == [int(n & 3 == 3) for n in range(12)]


def test_joined_inputs_are_one() -> None:
    circuit = Aiger(inputs=2, nexts=(), outputs=(6,), ands=bytes([1, 3]), count=1)
    assert circuit.gates == ((5, 2),)
    assert circuit.simulate([[0b0101, 0b0011]], 4) == [[0b0100]]
    assert circuit.joined({1: 0}).simulate([[0b0101, 0b0011]], 4) == [[0]]
    assert circuit.joined({}) is circuit
