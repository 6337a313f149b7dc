"""Where the library stays silent: correct designs in other styles than ours must not be accused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.designs import design
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.design.model import Design, Parameter, ProtocolMatch
from verif.plan.spec import read_specification

FIFO_INPUTS = {"wr_en": 1, "wr_data": 8, "rd_en": 1}
FIFO_OUTPUTS = {"full": 1, "rd_data": 8, "empty": 1}
FIFO_TEXT = "# FIFO, first-word fall-through\n\nIt has wr_en, wr_data, rd_en, full, empty and rd_data.\n"


def fifo(inputs: dict[str, int] | None = None, outputs: dict[str, int] | None = None) -> Design:
    """A FIFO with a parameter DEPTH of 4, and more ports."""
    made = design("fifo", inputs=FIFO_INPUTS | (inputs or {}), outputs=FIFO_OUTPUTS | (outputs or {}))
    signals = {name: name for name in (*FIFO_INPUTS, *FIFO_OUTPUTS)}
    match = ProtocolMatch(protocol="fifo", role="fifo", name="fifo", signals=signals)
    return replace(made, parameters=(Parameter(name="DEPTH", value="4"),), protocols=(match,))


def stream(inputs: dict[str, int], protocol: str = "axi_stream") -> Design:
    """A source of a stream, and more inputs."""
    ports = {"tvalid": "m_tvalid", "tready": "m_tready", "tdata": "m_tdata"}
    signals = ports if protocol == "axi_stream" else {name[1:]: port for name, port in ports.items()}
    match = ProtocolMatch(protocol=protocol, role="source", name="m", signals=signals)
    made = design("source", inputs={"m_tready": 1} | inputs, outputs={"m_tvalid": 1, "m_tdata": 8})
    return replace(made, protocols=(match,))


def chosen(tmp_path: Path, dut: Design, text: str) -> OracleSet:
    file = tmp_path / "spec.md"
    file.write_text(text, encoding="utf-8")
    return choose_oracles(dut, read_specification(file))


def rule(found: OracleSet, ending: str) -> str:
    """The arguments of the rule whose id ends so, empty without one."""
    return next((each.snippet.arguments for each in found.rules if each.id.endswith(ending)), "")


def test_fifo_with_a_flush_has_no_rule_of_flags() -> None:
    assert rule(choose_oracles(fifo(), None), "flags")
    assert not rule(choose_oracles(fifo({"flush": 1}), None), "flags")


def test_words_of_a_fifo_are_judged_where_the_manifest_says_that_they_pass_and_when_they_show() -> None:
    passes = {"data_passes_through": "true"}
    told = passes | {"first_word_falls_through": "false"}
    assert "show_ahead=False" in rule(choose_oracles(replace(fifo(), facts=told), None), "order")
    assert not rule(choose_oracles(replace(fifo(), facts=passes), None), "order")
    assert not rule(choose_oracles(fifo(), None), "order")
    assert not rule(choose_oracles(replace(fifo({"flush": 1}), facts=told), None), "order")


def test_fifo_depth_is_taken_only_where_the_specification_agrees(tmp_path: Path) -> None:
    assert "depth=0" in rule(choose_oracles(fifo(), None), "flags")
    assert "depth=4" in rule(chosen(tmp_path, fifo(), FIFO_TEXT + "DEPTH words fit.\n"), "flags")
    staged = FIFO_TEXT + "DEPTH words fit into the memory, and one into the output register.\n"
    assert "depth=0" in rule(chosen(tmp_path, fifo(), staged), "flags")


def test_fifo_whose_words_take_longer_is_not_modelled(tmp_path: Path) -> None:
    assert chosen(tmp_path, fifo(), FIFO_TEXT).model is not None
    slow = chosen(tmp_path, fifo(), FIFO_TEXT + "\nA word appears two cycles later.\n")
    assert slow.model is None
    assert "a FIFO with more stages than its memory (spec.md:5): not modelled" in slow.notes


def test_fifo_model_takes_more_outputs_but_no_more_inputs(tmp_path: Path) -> None:
    almost = chosen(tmp_path, fifo(outputs={"almost_full": 1}), FIFO_TEXT + "almost_full is early.\n").model
    assert almost is not None
    assert almost.outputs == ("full", "empty", "rd_data")
    assert chosen(tmp_path, fifo({"flush": 1}), FIFO_TEXT + "flush empties it.\n").model is None


def test_fifo_of_registered_data_and_spelled_out_depth_is_modelled(tmp_path: Path) -> None:
    text = (
        "# FIFO\n\n- R1: A write (`wr_en`, `full` low) stores `wr_data`.\n"
        "- R2: A read (`rd_en`) puts the oldest word on `rd_data` after the clock edge.\n"
        "- R3: `full` is high exactly when 8 words are stored, `empty` when none is.\n"
        "- R4: `rst` clears `rd_data`.\n"
    )
    model = chosen(tmp_path, replace(fifo(), parameters=()), text).model
    assert model is not None
    assert "depth=8" in model.snippet.arguments
    assert "show_ahead=False" in model.snippet.arguments
    assert model.requirements == ("R1", "R2", "R3")
    wider = replace(fifo(), parameters=(Parameter(name="AW", value="4"),))
    assert chosen(tmp_path, wider, text).model is None


def test_stream_offers_may_follow_inputs_outside_the_stream() -> None:
    assert "settings" not in rule(choose_oracles(stream({}), None), "stable")
    assert "settings=['gain', 'flush']" in rule(choose_oracles(stream({"gain": 8, "flush": 1}), None), "stable")


def test_payload_stands_only_where_that_is_said(tmp_path: Path) -> None:
    ports = "# Source\n\nm_tready takes m_tdata. "
    valid = chosen(tmp_path, stream({}, "ready_valid"), ports + "Once m_tvalid is 1 it stays 1 until taken.\n")
    assert "payload=[]" in rule(valid, "stable")
    assert "it stays 1 until" in valid.rules[0].title
    both = "Once m_tvalid is 1 it stays 1, with m_tdata unchanged, until taken.\n"
    assert "payload=['m_tdata']" in rule(chosen(tmp_path, stream({}, "ready_valid"), ports + both), "stable")


def test_wishbone_is_held_to_classic_cycles_where_the_specification_names_them(tmp_path: Path) -> None:
    names = ("cyc", "stb", "ack")
    match = ProtocolMatch(protocol="wishbone", role="target", name="wb", signals={name: name for name in names})
    dut = replace(design("rom", inputs={"cyc": 1, "stb": 1}, outputs={"ack": 1}), protocols=(match,))
    assert "maybe_pipelined=True" in rule(choose_oracles(dut, None), "answers")
    assert "maybe_pipelined" not in rule(chosen(tmp_path, dut, "A Wishbone classic target.\n"), "answers")
    assert not rule(chosen(tmp_path, dut, "A pipelined Wishbone target.\n"), "answers")


def test_specification_need_not_list_the_pins_of_a_bus_that_it_names(tmp_path: Path) -> None:
    names = ("cyc", "stb", "ack")
    match = ProtocolMatch(protocol="wishbone", role="target", name="wb", signals={name: name for name in names})
    dut = replace(
        design("rom", inputs={"cyc": 1, "stb": 1, "page": 2, "row": 2}, outputs={"ack": 1}), protocols=(match,)
    )
    unnamed = "spec.md doesn't mention the port 'page' and 1 more"
    assert chosen(tmp_path, dut, "A Wishbone ROM.\n").notes[0].split(":")[0] == unnamed
    assert "doesn't mention" not in chosen(tmp_path, dut, "A Wishbone ROM with page and row.\n").notes[0]


def test_arbiter_that_holds_its_grant_is_not_held_to_requesters(tmp_path: Path) -> None:
    dut = design("arbiter", inputs={"req": 4, "done": 1}, outputs={"gnt": 4})
    text = "# Arbiter\n\n`gnt` is one-hot and only to a requester of `req`. "
    assert rule(chosen(tmp_path, dut, text + "`done` ends a transfer.\n"), "requester")
    assert not rule(chosen(tmp_path, dut, text + "A `gnt` stands until `done`.\n"), "requester")


def test_counter_that_stops_or_starts_elsewhere_is_not_modelled(tmp_path: Path) -> None:
    dut = design("counter", inputs={"en": 1}, outputs={"count": 4})
    text = "# A counter\n\nWith en high count ranges: the range from 0 to 15. "
    assert chosen(tmp_path, dut, text + "On reset it goes to 0.\n").model is not None
    assert chosen(tmp_path, dut, text + "On reset it goes not to 0 but to 5.\n").model is None
    assert chosen(tmp_path, dut, text + "On reset it goes to 0.\n\nIt stops at the end.\n").model is None


@pytest.mark.parametrize("text", ["An adder of a and b: sum saturates.", "A signed adder: sum of a and b."])
def test_adder_of_another_arithmetic_is_not_modelled(tmp_path: Path, text: str) -> None:
    dut = design("add", inputs={"a": 8, "b": 8}, outputs={"sum": 8}, clock=None)
    assert chosen(tmp_path, dut, "An unsigned adder: sum of a and b.").model is not None
    assert chosen(tmp_path, dut, text).model is None


def test_product_of_signed_ports_or_twos_complement_is_not_modelled(tmp_path: Path) -> None:
    text = "A multiplier: product of a and b."
    dut = design("mul", inputs={"a": 8, "b": 8}, outputs={"product": 16}, clock=None)
    signed = replace(dut, ports=tuple(replace(port, signed=True) for port in dut.ports))
    assert chosen(tmp_path, dut, text).model is not None
    assert chosen(tmp_path, dut, text + " Numbers are two's complement.").model is None
    assert chosen(tmp_path, signed, text).model is None


@pytest.mark.parametrize("more", ["It counts down.", "It goes in steps of two.", "It counts every 4 cycles."])
def test_counter_that_counts_otherwise_is_not_modelled(tmp_path: Path, more: str) -> None:
    dut = design("counter", inputs={"en": 1}, outputs={"count": 4})
    text = "# A modulo-10 counter\n\nWith en count goes on. A reset sets it to 0. "
    assert chosen(tmp_path, dut, text).model is not None
    assert chosen(tmp_path, dut, text + more).model is None


def test_difference_that_ends_at_zero_is_not_modelled(tmp_path: Path) -> None:
    dut = design("sub", inputs={"a": 8, "b": 8}, outputs={"diff": 8}, clock=None)
    text = "A subtractor: diff is a - b"
    assert chosen(tmp_path, dut, text + ".").model is not None
    assert chosen(tmp_path, dut, text + ", never below 0.").model is None
