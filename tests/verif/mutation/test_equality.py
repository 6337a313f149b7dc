"""The common text does, for each number, what that mutant does alone."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.support.rtl import Kept
from verif.design.model import Design, SourceSet
from verif.mutation import Selector, mutants_of, mutated, schemata
from verif.sim.placing import placed
from verif.sim.playback import play_on_icarus
from verif.stimulus.rows import Stimulus
from verif.verdict import Verdict
from verif.workspace import Workspace

TICKS = 300
COUNT = 12


def stimulus_of(design: Design) -> Stimulus:
    """Return random inputs after some ticks of reset."""
    random = Random(1)
    resets = {reset.name: reset for reset in design.resets}
    ports = [port for port in design.ports if port.direction.value == "input"]
    clocks = {clock.name for clock in design.clocks}
    rows = []
    for tick in range(TICKS):
        row = []
        for port in ports:
            if port.name in clocks:
                row.append(1)
            elif port.name in resets:
                row.append(int(resets[port.name].active_high) ^ int(tick >= 4))
            else:
                row.append(random.getrandbits(port.width))
        rows.append(tuple(row))
    return Stimulus(ports=tuple(port.name for port in ports), rows=tuple(rows))


def outputs(sources: SourceSet, design: Design, folder: Path) -> tuple[str, ...]:
    folder.mkdir(parents=True)
    played = play_on_icarus(sources, design, stimulus_of(design), folder, sandbox=None)
    assert played.verdict is Verdict.PASS, played.message
    return played.outputs


@pytest.mark.parametrize("name", ["uart_rx", "axi_lite_regs", "alu"])
def test_each_number_of_the_common_text_is_its_mutant(name: str, tmp_path: Path) -> None:
    design = Kept(name).design
    workspace = Workspace(tmp_path / "sim_builds")
    everything = schemata(design, mutants_of(design)).order
    differing = 0
    original = outputs(design.sources, design, tmp_path / "original")
    for number in range(1, len(everything) + 1, max(1, len(everything) // COUNT)):
        mutant = everything[number - 1]
        tied = schemata(design, everything, selector=Selector.TIED, tied=number)
        woven = outputs(placed(design.sources, tied.texts, workspace, "w"), design, tmp_path / "w" / str(number))
        alone = outputs(
            placed(design.sources, mutated(design, mutant), workspace, "a"), design, tmp_path / "a" / str(number)
        )
        assert woven == alone, mutant.id
        differing += alone != original
    assert differing >= COUNT // 3
    tied = schemata(design, everything, selector=Selector.TIED, tied=0)
    assert outputs(placed(design.sources, tied.texts, workspace, "w"), design, tmp_path / "w" / "0") == original
