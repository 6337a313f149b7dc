"""One worked example of every driver kind that has a transactor: a small design that answers, all of it at random.

Inputs called ``x_...`` have no driver: they take stimulus as it is, so the design's answers are random too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.rtl import design_of
from verif.bench.oracles import OracleSet
from verif.harness import Harness, assemble
from verif.harness.transactors import module_text
from verif.plan.kinds import Option, make_entry
from verif.plan.model import Testplan

NO_ORACLES = OracleSet(model=None, rules=(), drivers=())


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A design that a driver plays with; its ports are called like the driver's signals."""

    inputs: str
    """``name:width`` for each port."""
    outputs: str = ""
    body: str = ""
    signals: str = ""
    """The driver's signals; all ports but the ``x_`` ones unless told."""
    options: Mapping[str, Option] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    """Transactor modules that the design itself is made of, with ``_x`` behind their names."""

    def harness(self, kind: str, directory: Path, change: tuple[str, str] = ("", "")) -> Harness:
        """Return the harness in which a driver of ``kind`` called ``d`` feeds the design.

        ``change`` replaces text in the transactors: what it replaces must be there.
        """
        directory.mkdir(parents=True, exist_ok=True)
        design = design_of(directory, self.text)
        signals = self.signals.split() or [name for name in self._names() if not name.startswith("x_")]
        entry = make_entry(kind, "d", {name: name for name in signals}, options=self.options)
        harness = assemble(design, Testplan(dut="m", drivers=(entry,), points=()), NO_ORACLES)
        return _changed(harness, *change) if change[0] else harness

    @property
    def text(self) -> str:
        """The design's source."""
        ports = [f"input wire {_port(port)}" for port in ("clk:1", "rst:1", *self.inputs.split())]
        ports += [f"output wire {_port(port)}" for port in self.outputs.split()]
        own = [module_text(module).replace("module drive_", "module x_drive_") for module in self.modules]
        head = f"module m (\n  {f',{chr(10)}  '.join(ports)}\n);\n"
        return "\n".join([head, _RESETS, self.body, "endmodule", *own]).replace("  drive_words", "  x_drive_words")

    def _names(self) -> list[str]:
        return [port.partition(":")[0] for port in (*self.inputs.split(), *self.outputs.split())]


_RESETS = "reg settled; always @(posedge clk) settled <= !rst;"
"""What makes ``rst`` a reset in every design."""


def _port(port: str) -> str:
    name, _, width = port.partition(":")
    return f"[{int(width) - 1}:0] {name}" if width not in ("", "1") else name


def _changed(harness: Harness, old: str, new: str) -> Harness:
    from dataclasses import replace

    files = {name: text.replace(old, new) for name, text in harness.files.items()}
    assert files != harness.files, f"nothing to replace: {old}"
    return replace(harness, files=files)


def _connected(module: str, ports: str, parameters: str = "") -> str:
    """Return an instance of a transactor whose pins are connected to nets of the same name, ``stim_x`` to ``x_x``."""
    pins = ", ".join(f".{pin}({pin.replace('stim_', 'x_')})" for pin in ports.split())
    return f"x_{module} #({parameters}) other (.clk(clk), .rst(rst), {pins});"


_FIFO = """
reg [2:0] stored;
assign full = stored == 4;
assign empty = stored == 0;
wire push_now = {push} & ~full;
wire pop_now = {pop} & ~empty;
always @(posedge clk) stored <= rst ? 3'd0 : stored + push_now - pop_now;
"""
_LATENCY = """
reg [2:0] left;
assign busy = left > 1;
assign done = left == 1;
always @(posedge clk)
  if (rst) left <= 0;
  else if (left != 0) left <= left - 1;
  else if (start) left <= 6;
"""
_ASKS = """
reg asks, writes;
reg [5:0] where;
reg [31:0] what;
reg [3:0] bytes;
always @(posedge clk)
  if (rst) begin asks <= 0; writes <= 0; where <= 0; what <= 0; bytes <= 0; end
  else if (!asks || {over}) begin
    asks <= x_want; writes <= x_write; where <= {{1'b0, x_place, 2'b0}}; what <= x_value; bytes <= x_bytes;
  end
"""
_WISHES = "x_want:1 x_write:1 x_place:3 x_value:32 x_bytes:4"
_APB = "sel:1 enable:1 write:1 addr:6 wdata:32 strb:4 prot:3"
_AXI = "awvalid:1 awaddr:6 awprot:3 wvalid:1 wdata:32 wstrb:4 bready:1 arvalid:1 araddr:6 arprot:3 rready:1"
_AXI_ANSWERS = "awready:1 wready:1 bvalid:1 bresp:2 arready:1 rvalid:1 rresp:2 rdata:32"
_AXI_PINS = " ".join(port.partition(":")[0] for port in f"{_AXI} {_AXI_ANSWERS}".split())
_MASTER_WISHES = "write:1 overlap:1 awlater:1 wlater:1 awaddr:6 awprot:3 wdata:32 wstrb:4 bready:1 read:1 araddr:6"
_TARGET_WISHES = "awready:1 wready:1 arready:1 banswer:1 ranswer:1 berror:1 rerror:1 word:32"


def _stimulus(wishes: str) -> tuple[str, str]:
    """Return inputs ``x_...`` and pins ``stim_...`` for what a transactor takes."""
    names = wishes.split()
    return " ".join(f"x_{name}" for name in names), " ".join(f"stim_{name.partition(':')[0]}" for name in names)


_MASTER_IN, _MASTER_PINS = _stimulus(f"{_MASTER_WISHES} arprot:3 rready:1")
_TARGET_IN, _TARGET_PINS = _stimulus(_TARGET_WISHES)
_APB_IN, _APB_PINS = _stimulus("go:1 write:1 addr:6 wdata:32 strb:4 prot:3")
_BUS = {"addr_width": 6, "data_width": 32}

PARTNERS: Mapping[str, Partner] = {
    "StreamSource": Partner(
        inputs="valid:1 data:16 last:1 keep:2 id:3 x_ready:1", outputs="ready:1", body="assign ready = x_ready;"
    ),
    "StreamSink": Partner(inputs="ready:1 x_valid:1", outputs="valid:1", body="assign valid = x_valid;"),
    "InstructionSource": Partner(
        inputs="valid:1 insn:32 rs1:8 x_ready:1",
        outputs="ready:1",
        body="assign ready = x_ready;",
        options={"instruction": "insn", "insn_width": 32, "rs1_width": 8, "patience": 5},
    ),
    "FifoPush": Partner(
        inputs="en:1 data:8 x_pop:1",
        outputs="full:1 empty:1 pop:1",
        body=f"assign pop = x_pop; {_FIFO.format(push='en', pop='x_pop')}",
        options={"data_width": 8, "depth": 4},
    ),
    "FifoPop": Partner(
        inputs="en:1 x_push:1",
        outputs="full:1 empty:1 push:1",
        body=f"assign push = x_push; {_FIFO.format(push='x_push', pop='en')}",
    ),
    "Requester": Partner(inputs="req:4 x_gnt:4", outputs="gnt:4", body="assign gnt = req & x_gnt;"),
    "Operation": Partner(
        inputs="start:1 a:8 b:5", outputs="busy:1 done:1", body=_LATENCY, options={"a_width": 8, "b_width": 5}
    ),
    "Pulses": Partner(inputs="go:1 tick:1"),
    "Instructions": Partner(inputs="word:32"),
    "ApbMaster": Partner(
        inputs=f"{_APB} x_ready:1", outputs="ready:1", body="assign ready = x_ready;", options={**_BUS, "strb_width": 4}
    ),
    "AxiLiteMaster": Partner(
        inputs=f"{_AXI} {_TARGET_IN}",
        outputs=_AXI_ANSWERS,
        body=_connected(
            "drive_axi_lite_target",
            f"{_TARGET_PINS} {_AXI_PINS.replace('awprot ', '').replace('arprot ', '')}",
            ".ADDR_WIDTH(6)",
        ),
        options=_BUS,
        modules=("drive_axi_lite_target", "drive_words"),
    ),
    "WishboneMaster": Partner(
        inputs="cyc:1 stb:1 we:1 adr:6 dat_w:32 sel:4 x_ack:1 x_err:1",
        outputs="ack:1 err:1",
        body="assign ack = cyc & stb & x_ack; assign err = cyc & stb & x_err & ~x_ack;",
        options={**_BUS, "sel_width": 4, "step": 4},
    ),
    "UartLine": Partner(inputs="line:1", options={"bit_cycles": 8, "parity": 1}),
    "SpiSubordinate": Partner(
        inputs="miso:1 x_cs_n:1 x_sclk:1", outputs="cs_n:1 sclk:1", body="assign cs_n = x_cs_n; assign sclk = x_sclk;"
    ),
    "MemoryResponder": Partner(
        inputs=f"ready:1 rdata:32 {_WISHES}",
        outputs="valid:1 addr:6 wdata:32 wstrb:4",
        body=_ASKS.format(over="ready")
        + "assign valid = asks; assign addr = where; assign wdata = what; assign wstrb = writes ? bytes : 4'd0;",
    ),
    "WishboneTarget": Partner(
        inputs=f"ack:1 err:1 dat_r:32 {_WISHES}",
        outputs="cyc:1 stb:1 we:1 adr:6 dat_w:32 sel:4",
        body=_ASKS.format(over="ack || err")
        + "assign cyc = asks, stb = asks, we = writes, adr = where, dat_w = what, sel = bytes;",
    ),
    "ApbTarget": Partner(
        inputs=f"ready:1 rdata:32 slverr:1 {_APB_IN}",
        outputs=_APB,
        body=_connected("drive_apb", f"{_APB_PINS} sel enable write addr wdata strb prot ready", ".ADDR_WIDTH(6)"),
        modules=("drive_apb",),
    ),
    "AxiLiteTarget": Partner(
        inputs=f"{_AXI_ANSWERS} {_MASTER_IN}",
        outputs=_AXI,
        body=_connected(
            "drive_axi_lite",
            f"{_MASTER_PINS} {_AXI_PINS.replace('bresp ', '').replace('rresp ', '').replace(' rdata', '')}",
            ".ADDR_WIDTH(6)",
        ),
        modules=("drive_axi_lite",),
    ),
}
"""Driver kind to its partner."""
