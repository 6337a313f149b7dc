"""Protocols by names and shapes, and the near misses that are none."""

from __future__ import annotations

import pytest

from verif.design.model import Direction, Port, PortRole, ProtocolMatch
from verif.design.protocols import USED_FROM, recognise

_DIRECTIONS = {"<": Direction.INPUT, ">": Direction.OUTPUT}


def _ports(text: str) -> list[Port]:
    """Ports out of ``<name`` (input) and ``>name:8`` (output of 8 bits); ``<clk*`` is a clock."""
    found = []
    for word in text.split():
        name, _, width = word[1:].partition(":")
        role = PortRole.CLOCK if name.endswith("*") else PortRole.DATA
        found.append(Port(name=name.rstrip("*"), direction=_DIRECTIONS[word[0]], width=int(width or 1), role=role))
    return found


def _matches(text: str, top: str = "") -> list[ProtocolMatch]:
    return list(recognise(_ports(text), top)[0])


def _summary(text: str, top: str = "") -> list[tuple[str, str, str]]:
    return [(m.protocol, m.role, m.name) for m in _matches(text, top) if m.confidence >= USED_FROM]


_AXI_WRITE = (
    "<{0}awaddr:8 <{0}awvalid >{0}awready <{0}wdata:32 <{0}wstrb:4 <{0}wvalid >{0}wready "
    ">{0}bresp:2 >{0}bvalid <{0}bready"
)
_AXI_READ = "<{0}araddr:8 <{0}arvalid >{0}arready >{0}rdata:32 >{0}rresp:2 >{0}rvalid <{0}rready"
_APB = "<psel <penable <pwrite <paddr:8 <pwdata:32 >prdata:32 >pready"
_FIFO = "<wr_en <wr_data:8 >full <rd_en >rd_data:8 >empty"


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("<in_valid >in_ready <in_data:8", [("ready_valid", "sink", "in")]),
        (">valid <ready >data:8", [("ready_valid", "source", "ready_valid")]),
        ("<vld_i >rdy_o <dat_i:4", [("ready_valid", "sink", "ready_valid")]),
        (
            "<i_valid >i_ready <i_data:8 >o_valid <o_ready >o_data:8",
            [("ready_valid", "sink", "i"), ("ready_valid", "source", "o")],
        ),
        (
            "<i_valid >o_ready <i_data:8 >o_valid <i_ready >o_data:8",
            [("ready_valid", "sink", "ready_valid_sink"), ("ready_valid", "source", "ready_valid_source")],
        ),
        (
            "<validin >readyout <datain:8 >validout <readyin >dataout:8",
            [("ready_valid", "sink", "ready_valid_sink"), ("ready_valid", "source", "ready_valid_source")],
        ),
        (
            "<wvalid_i >wready_o <wdata_i:8 >rvalid_o <rready_i >rdata_o:8",
            [("ready_valid", "sink", "w"), ("ready_valid", "source", "r")],
        ),
        (
            "<s_axis_tvalid >s_axis_tready <s_axis_tdata:8 <s_axis_tlast >m_axis_tvalid <m_axis_tready >m_axis_tdata:8",
            [("axi_stream", "sink", "s_axis"), ("axi_stream", "source", "m_axis")],
        ),
        ("<S_AXIS_TVALID <S_AXIS_TDATA:8", [("axi_stream", "sink", "s_axis")]),
        (_AXI_WRITE.format("s_axi_") + " " + _AXI_READ.format("s_axi_"), [("axi4_lite", "target", "s_axi")]),
        (_AXI_READ.format(""), [("axi4_lite", "target", "axi4_lite")]),
        (_APB, [("apb", "target", "apb")]),
        ("<PSEL <PENABLE <PWRITE <PADDR:8 <PWDATA:32 >PRDATA:32", [("apb", "target", "apb")]),
        (
            "<wb_cyc_i <wb_stb_i <wb_we_i <wb_adr_i:8 <wb_dat_i:32 >wb_dat_o:32 <wb_sel_i:4 >wb_ack_o",
            [("wishbone", "target", "wb")],
        ),
        (
            ">o_wb_cyc >o_wb_stb >o_wb_we >o_wb_adr:32 >o_wb_dat:32 <i_wb_rdt:32 <i_wb_ack",
            [("wishbone", "initiator", "wb")],
        ),
        (_FIFO, [("fifo", "fifo", "fifo")]),
        ("<push <din:8 >full <pop >dout:8 >empty", [("fifo", "fifo", "fifo")]),
        ("<w_en <w_data:8 >w_full <r_en >r_data:8 >r_empty", [("fifo", "fifo", "fifo")]),
        ("<winc <wdata:8 >wfull <rinc >rdata:8 >rempty", [("fifo", "fifo", "fifo")]),
        ("<write <read <data_in:8 >data_out:8 >full >empty", [("fifo", "fifo", "fifo")]),
        ("<req:4 >gnt:4", [("request_grant", "arbiter", "request_grant")]),
        (">data_req_o <data_gnt_i", [("request_grant", "initiator", "data")]),
    ],
)
def test_protocol_is_recognised_with_role_and_name(ports: str, expected: list[tuple[str, str, str]]) -> None:
    assert _summary(ports) == expected


@pytest.mark.parametrize(
    ("ports", "reason"),
    [
        ("<valid <ready <data:8", "both handshake signals come from the same side"),
        ("<valid:2 >ready:2 <data:8", "several lanes, not one handshake"),
        ("<valid >data:8 >done", "no ready"),
        ("<a_valid >b_ready", "valid and ready of different interfaces"),
        ("<tvalid <tready <tdata:8", "tready driven by the wrong side"),
        (_AXI_READ.format("s_axi_") + " <s_axi_arlen:8 >s_axi_rlast", "full AXI4, not Lite"),
        ("<awvalid >awready <awaddr:8 <wvalid >wready <wdata:32", "no response channel"),
        ("<psel <paddr:8 >prdata:8", "no penable"),
        (_APB.replace("<psel", "<psel:4"), "one select for each of four targets"),
        (_APB.replace(">prdata:32", ">prdata:8"), "read and write data differ in width"),
        (_APB.replace("<penable", ">penable"), "penable driven by the wrong side"),
        ("<we <adr:8 <dat_i:8 >dat_o:8 >ack", "neither cyc nor stb"),
        ("<cyc:2 <stb <ack <dat_i:8 >dat_o:8", "cyc of two bits, ack of the wrong side"),
        ("<wr_en <wr_data:8 <rd_en >rd_data:8 <addr:4", "a memory: neither full nor empty"),
        (_FIFO.replace("<rd_en", "<rd_en:2"), "several readers"),
        (_FIFO.replace(">full", "<full"), "the user's side of a FIFO"),
        (_FIFO.replace(">rd_data:8", ">rd_data:16"), "widths differ, no plain FIFO"),
        (_FIFO + " <wr_addr:4", "addressed, no FIFO"),
        ("<push <din:8 >full >almost_full", "only half of a FIFO"),
        ("<req:4 >gnt:2", "an encoded grant is no grant vector"),
        ("<req <gnt", "request and grant from the same side"),
        ("<request_id:4 >grant_count:4", "words beside req and gnt that differ"),
        ("<data_valid >ready_count:4", "ready is no handshake"),
    ],
)
def test_near_miss_is_no_protocol(ports: str, reason: str) -> None:
    assert _summary(ports) == [], reason


def test_direction_mark_is_no_interface_name() -> None:
    assert _summary("<in_valid >out_ready <in_data:8") == [("ready_valid", "sink", "ready_valid")]


def test_stack_with_the_ports_of_a_fifo_is_no_fifo() -> None:
    assert _summary("<push <din:8 >full <pop >dout:8 >empty", top="lifo_buffer") == []
    assert _summary("<push <din:8 >full <pop >dout:8 >empty", top="stack") == []


def test_signals_are_mapped_to_canonical_names() -> None:
    match = _matches("<wclk* <rclk* <winc <wdata:8 >wfull <rinc >rdata:8 >rempty >level:4")[0]
    assert match.signals == {
        "wr_en": "winc",
        "wr_data": "wdata",
        "full": "wfull",
        "rd_en": "rinc",
        "rd_data": "rdata",
        "empty": "rempty",
        "count": "level",
        "wr_clk": "wclk",
        "rd_clk": "rclk",
    }


def test_shared_spelling_is_told_apart_by_direction() -> None:
    target = _matches("<wb_cyc_i <wb_stb_i <wb_dat_i:32 >wb_dat_o:32 >wb_ack_o")[0].signals
    initiator = _matches(">wb_cyc_o >wb_stb_o <wb_dat_i:32 >wb_dat_o:32 <wb_ack_i")[0].signals
    assert (target["dat_w"], target["dat_r"]) == ("wb_dat_i", "wb_dat_o")
    assert (initiator["dat_w"], initiator["dat_r"]) == ("wb_dat_o", "wb_dat_i")


def test_evidence_names_directions_widths_and_what_is_missing() -> None:
    match = _matches("<psel <penable <pwrite <paddr:8 <pwdata:32 >prdata:32")[0]
    assert match.evidence == (
        "the design drives prdata and takes paddr, penable, psel, pwdata, pwrite, as the target does",
        "pwdata and prdata are 32 bits wide",
        "no port for pready",
    )


def test_confidence_falls_with_missing_and_odd_signals() -> None:
    full = _matches(_FIFO)[0].confidence
    odd = _matches("<push <din:8 >full <pop >dout:8 >empty")[0].confidence
    partial = _matches("<wr_en <wr_data:8 >full <rd_en >empty")[0].confidence
    assert full == 1.0
    assert full > odd > partial >= USED_FROM


def test_strobe_that_does_not_fit_is_left_out() -> None:
    signals = _matches("<s_tvalid >s_tready <s_tdata:32 <s_tkeep:3 <s_tstrb:4")[0].signals
    assert "tkeep" not in signals
    assert signals["tstrb"] == "s_tstrb"


def test_port_belongs_to_one_protocol_only() -> None:
    matches = _matches("<s_axis_tvalid >s_axis_tready <s_axis_tdata:8 <valid >ready <data:8")
    ports = [port for match in matches for port in match.signals.values()]
    assert len(ports) == len(set(ports))


def test_near_miss_by_width_is_noted() -> None:
    assert recognise(_ports("<req:4 >gnt:2"))[1] == ("not request_grant: req and gnt differ in width (4 and 2)",)


def test_matches_have_names_of_their_own() -> None:
    names = [match.name for match in _matches("<i_valid >o_ready <i_data:8 >o_valid <i_ready >o_data:8 <req >gnt")]
    assert names == ["ready_valid_sink", "ready_valid_source", "request_grant"]


def test_resets_and_interface_ports_take_no_part() -> None:
    ports = [
        Port(name="valid", direction=Direction.INPUT, width=1, role=PortRole.RESET),
        Port(name="ready", direction=Direction.OUTPUT, width=1),
    ]
    assert recognise(ports) == ((), ())


def test_thousands_of_ports_are_sorted_into_their_interfaces() -> None:
    text = " ".join(f"<p{i}_valid >p{i}_ready <p{i}_data:8" for i in range(700))
    matches = _matches(text)
    assert len(matches) == 700
    assert matches[699].signals == {"valid": "p699_valid", "ready": "p699_ready", "data": "p699_data"}
