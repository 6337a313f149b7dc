"""The protocols that are recognised, as data: signals, spellings, who drives what, widths.

Canonical signal names (keys of ``ProtocolMatch.signals``), all lower case:

- ready_valid: valid ready data; also last
- axi_stream: tvalid tready tdata tlast tkeep tstrb tuser tid tdest
- axi4_lite: awaddr awvalid awready awprot wdata wstrb wvalid wready bresp bvalid bready araddr arvalid arready arprot
  rdata rresp rvalid rready
- apb: psel penable pwrite paddr pwdata pstrb pprot prdata pready pslverr
- wishbone: cyc stb we adr dat_w dat_r sel ack err rty stall cti bte
- fifo: wr_en wr_data full rd_en rd_data empty; also almost_full almost_empty count wr_clk rd_clk
- request_grant: req gnt

Roles tell the design's side. Streams: ``sink`` receives, ``source`` sends. Buses: ``target`` answers, ``initiator``
asks. A FIFO is a ``fifo``; request_grant is an ``arbiter`` where it grants several, else ``target`` or ``initiator``.

Sources: AMBA AXI-Stream (IHI 0051), AXI4-Lite (IHI 0022 B1), APB (IHI 0024), Wishbone B4.
"""

from __future__ import annotations

from dataclasses import dataclass

INITIATOR = "initiator"
"""The side that asks or sends."""
TARGET = "target"
"""The side that answers or receives."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of a protocol."""

    name: str
    """Canonical name."""
    driver: str
    """Who drives it: INITIATOR or TARGET."""
    spellings: tuple[str, ...]
    """Lower-case words that a port's name has for it, the usual one first; ``_`` parts words."""
    width: int | None = None
    """Bits; None for any."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol: which signals it must have, and how the two sides are called."""

    name: str
    signals: tuple[Signal, ...]
    required: tuple[tuple[str, ...], ...]
    """Sets of signals; one of the sets must be complete."""
    initiator_role: str
    target_role: str
    base: float
    """Confidence when only the required signals are there."""
    expected: tuple[str, ...]
    """Signals whose presence raises the confidence to 1."""
    forbidden: tuple[str, ...] = ()
    """Spellings that belong to another, bigger protocol with the same names."""
    only_target: bool = False
    """Whether only the target's side is recognised."""
    byte_lanes: tuple[tuple[str, str], ...] = ()
    """Pairs of strobe and data: one strobe bit for eight data bits."""
    equal_widths: tuple[tuple[str, str], ...] = ()

    def signal(self, name: str) -> Signal:
        """Return the signal of a canonical name."""
        return next(signal for signal in self.signals if signal.name == name)


def _asks(name: str, *spellings: str, width: int | None = None) -> Signal:
    return Signal(name, INITIATOR, (name, *spellings), width)


def _answers(name: str, *spellings: str, width: int | None = None) -> Signal:
    return Signal(name, TARGET, (name, *spellings), width)


_AXI4_LITE = Protocol(
    name="axi4_lite",
    signals=(
        _asks("awaddr"),
        _asks("awvalid", width=1),
        _answers("awready", width=1),
        _asks("awprot", width=3),
        _asks("wdata"),
        _asks("wstrb"),
        _asks("wvalid", width=1),
        _answers("wready", width=1),
        _answers("bresp", width=2),
        _answers("bvalid", width=1),
        _asks("bready", width=1),
        _asks("araddr"),
        _asks("arvalid", width=1),
        _answers("arready", width=1),
        _asks("arprot", width=3),
        _answers("rdata"),
        _answers("rresp", width=2),
        _answers("rvalid", width=1),
        _asks("rready", width=1),
    ),
    required=(
        ("awaddr", "awvalid", "awready", "wdata", "wvalid", "wready", "bvalid", "bready"),
        ("araddr", "arvalid", "arready", "rdata", "rvalid", "rready"),
    ),
    initiator_role="initiator",
    target_role="target",
    base=0.7,
    expected=("awvalid", "wvalid", "bvalid", "arvalid", "rvalid", "bresp", "rresp", "wstrb"),
    forbidden=(
        "awlen",
        "arlen",
        "awburst",
        "arburst",
        "awsize",
        "arsize",
        "wlast",
        "rlast",
        "awid",
        "arid",
        "bid",
        "rid",
    ),
    byte_lanes=(("wstrb", "wdata"),),
    equal_widths=(("wdata", "rdata"),),
)

_AXI_STREAM = Protocol(
    name="axi_stream",
    signals=(
        _asks("tvalid", width=1),
        _answers("tready", width=1),
        _asks("tdata"),
        _asks("tlast", width=1),
        _asks("tkeep"),
        _asks("tstrb"),
        _asks("tuser"),
        _asks("tid"),
        _asks("tdest"),
    ),
    required=(("tvalid", "tready"), ("tvalid", "tdata")),
    initiator_role="source",
    target_role="sink",
    base=0.7,
    expected=("tvalid", "tready", "tdata"),
    byte_lanes=(("tkeep", "tdata"), ("tstrb", "tdata")),
)

_APB = Protocol(
    name="apb",
    signals=(
        _asks("psel", "pselx", width=1),
        _asks("penable", width=1),
        _asks("pwrite", width=1),
        _asks("paddr"),
        _asks("pwdata"),
        _asks("pstrb"),
        _asks("pprot", width=3),
        _answers("prdata"),
        _answers("pready", width=1),
        _answers("pslverr", width=1),
    ),
    required=(("psel", "penable", "pwrite", "pwdata"), ("psel", "penable", "prdata")),
    initiator_role="initiator",
    target_role="target",
    base=0.75,
    expected=("psel", "penable", "pwrite", "paddr", "pwdata", "prdata", "pready"),
    byte_lanes=(("pstrb", "pwdata"),),
    equal_widths=(("pwdata", "prdata"),),
)

_WISHBONE = Protocol(
    name="wishbone",
    signals=(
        _asks("cyc", width=1),
        _asks("stb", width=1),
        _asks("we", width=1),
        _asks("adr", "addr"),
        Signal("dat_w", INITIATOR, ("dat_w", "dat", "wdat", "dat_mosi", "mosi_dat", "data_w", "wdata", "data")),
        Signal("dat_r", TARGET, ("dat_r", "dat", "rdat", "rdt", "dat_miso", "miso_dat", "data_r", "rdata", "data")),
        _asks("sel"),
        _asks("cti", width=3),
        _asks("bte", width=2),
        _answers("ack", width=1),
        _answers("err", width=1),
        _answers("rty", width=1),
        _answers("stall", width=1),
    ),
    required=(("cyc", "ack", "dat_r"), ("cyc", "ack", "dat_w"), ("stb", "ack", "dat_r"), ("stb", "ack", "dat_w")),
    initiator_role="initiator",
    target_role="target",
    base=0.55,
    expected=("cyc", "stb", "we", "adr", "dat_w", "dat_r", "ack"),
    byte_lanes=(("sel", "dat_w"),),
    equal_widths=(("dat_w", "dat_r"),),
)

_FIFO = Protocol(
    name="fifo",
    signals=(
        _asks(
            "wr_en",
            "wren",
            "write_en",
            "write_enable",
            "wr",
            "write",
            "we",
            "push",
            "winc",
            "w_en",
            "wen",
            "enq",
            "put",
        ),
        Signal(
            "wr_data",
            INITIATOR,
            ("wr_data", "wdata", "w_data", "write_data", "din", "data", "dat", "push_data", "wr_din", "d", "datain"),
        ),
        _answers("full", "wfull", "w_full", "wr_full", "fifo_full", "is_full", width=1),
        _asks(
            "rd_en", "rden", "read_en", "read_enable", "rd", "read", "re", "pop", "rinc", "r_en", "ren", "deq", "get"
        ),
        Signal(
            "rd_data",
            TARGET,
            ("rd_data", "rdata", "r_data", "read_data", "dout", "data", "dat", "pop_data", "rd_dout", "q", "dataout"),
        ),
        _answers("empty", "rempty", "r_empty", "rd_empty", "fifo_empty", "is_empty", width=1),
        _answers("almost_full", "afull", "a_full", "prog_full", width=1),
        _answers("almost_empty", "aempty", "a_empty", "prog_empty", width=1),
        _answers("count", "level", "fill", "occupancy", "usedw", "data_count", "fifo_count", "fill_level"),
        _asks("wr_clk", "wclk", "w_clk", "write_clk", "clk_wr", "clk_w", "wrclk", width=1),
        _asks("rd_clk", "rclk", "r_clk", "read_clk", "clk_rd", "clk_r", "rdclk", width=1),
    ),
    required=(("wr_en", "full", "rd_en", "empty", "wr_data"), ("wr_en", "full", "rd_en", "empty", "rd_data")),
    initiator_role="initiator",
    target_role="fifo",
    base=0.6,
    expected=("wr_en", "full", "rd_en", "empty", "wr_data", "rd_data"),
    forbidden=("rw", "push_pop", "wr_addr", "rd_addr", "waddr", "raddr"),
    only_target=True,
    equal_widths=(("wr_data", "rd_data"),),
)

_READY_VALID = Protocol(
    name="ready_valid",
    signals=(
        _asks("valid", "vld", "val", width=1),
        _answers("ready", "rdy", width=1),
        _asks("data", "dat", "payload", "bits", "word", "msg", "din", "dout", "d", "q"),
        _asks("last", "eop", width=1),
    ),
    required=(("valid", "ready"),),
    initiator_role="source",
    target_role="sink",
    base=0.6,
    expected=("valid", "ready", "data"),
)

_REQUEST_GRANT = Protocol(
    name="request_grant",
    signals=(
        _asks("req", "request", "reqs", "requests"),
        _answers("gnt", "grant", "gnts", "grants"),
    ),
    required=(("req", "gnt"),),
    initiator_role="initiator",
    target_role="target",
    base=0.75,
    expected=("req", "gnt"),
    equal_widths=(("req", "gnt"),),
)

PROTOCOLS: tuple[Protocol, ...] = (_AXI4_LITE, _AXI_STREAM, _APB, _WISHBONE, _FIFO, _READY_VALID, _REQUEST_GRANT)
"""The most specific first: a port belongs to the first that takes it."""

SINGLE_BIT = ("wr_en", "rd_en")
"""Signals of the FIFO that must be one bit wide, whatever they are called."""


def protocol(name: str) -> Protocol | None:
    """Return the protocol called ``name``."""
    return next((row for row in PROTOCOLS if row.name == name), None)
