"""The baseline plan: every input driven once, points and goals that fit the design, requirements linked."""

from __future__ import annotations

import itertools

import pytest

from tests.support.plan_designs import FIFO, design, match, sync_fifo
from verif.design.model import Design
from verif.plan.baseline import baseline_plan, choose_drivers, undriven
from verif.plan.files import troubles
from verif.plan.kinds import driven_ports, make_driver, make_entry
from verif.plan.model import Requirement, Testplan
from verif.plan.play import play

APB = "psel penable pwrite paddr pwdata prdata pready pslverr"
AXI = (
    "awaddr awvalid awready wdata wstrb wvalid wready bresp bvalid bready "
    "araddr arvalid arready rdata rresp rvalid rready"
)
WISHBONE = "cyc stb we adr dat_w dat_r sel ack"

DESIGNS: dict[str, Design] = {
    "combinational": design("alu", "op:4 a:8 b:8 cin", "y:8 carry", clocks=(), resets=()),
    "opcodes": design("alu", "op:2 a:8", "y:8", local={"ADD": "2'd0", "SUB": "2'd2"}),
    "counter": design("counter", "en load load_value:4", "count:4"),
    "nothing to drive": design("divider", "", "out"),
    "fifo": sync_fifo(),
    "fifo without reset": sync_fifo(resets=()),
    "two clocks": design(
        "fifo",
        "winc wdata:8 rinc",
        "wfull rempty rdata:8",
        clocks=("wclk", "rclk"),
        resets=("wrst_n", "rrst_n"),
        protocols=(match("fifo", "wr_en=winc wr_data=wdata full=wfull rd_en=rinc rd_data=rdata empty=rempty"),),
    ),
    "stream": design(
        "skid",
        "s_tvalid s_tdata:8 s_tlast m_tready",
        "s_tready m_tvalid m_tdata:8 m_tlast",
        protocols=(
            match("axi_stream", "tvalid=s_tvalid tready=s_tready tdata=s_tdata tlast=s_tlast", name="s"),
            match("axi_stream", "tvalid=m_tvalid tready=m_tready tdata=m_tdata tlast=m_tlast", name="m"),
        ),
    ),
    "ready valid with siblings": design(
        "copro",
        "pcpi_valid pcpi_insn:32 pcpi_rs1:32",
        "pcpi_ready pcpi_rd:32",
        protocols=(match("ready_valid", "valid=pcpi_valid ready=pcpi_ready", name="pcpi"),),
    ),
    "apb": design(
        "timer", "psel penable pwrite paddr:8 pwdata:32", "prdata:32 pready pslverr", protocols=(match("apb", APB),)
    ),
    "apb master": design(
        "bridge", "go prdata:32 pready pslverr", "psel penable pwrite paddr:8 pwdata:32", protocols=(match("apb", APB),)
    ),
    "axi lite": design(
        "regs",
        "awaddr:6 awvalid wdata:32 wstrb:4 wvalid bready araddr:6 arvalid rready",
        "awready wready bresp:2 bvalid arready rdata:32 rresp:2 rvalid",
        protocols=(match("axi4_lite", AXI),),
    ),
    "axi lite master": design(
        "dma",
        "awready wready bresp:2 bvalid arready rdata:32 rresp:2 rvalid",
        "awaddr:6 awvalid wdata:32 wstrb:4 wvalid bready araddr:6 arvalid rready",
        protocols=(match("axi4_lite", AXI),),
    ),
    "wishbone": design(
        "ram", "cyc stb we adr:6 dat_w:32 sel:4", "dat_r:32 ack", protocols=(match("wishbone", WISHBONE),)
    ),
    "wishbone master": design(
        "cpu",
        "ibus_ack ibus_rdt:32",
        "ibus_cyc ibus_adr:32",
        protocols=(match("wishbone", "cyc=ibus_cyc adr=ibus_adr dat_r=ibus_rdt ack=ibus_ack", name="ibus"),),
    ),
    "arbiter": design("arbiter", "req:4 en", "gnt:4", protocols=(match("request_grant", "req gnt"),)),
    "operation": design("div", "start dividend:8 divisor:8", "busy done quotient:8"),
    "uart line": design("uart_rx", "rx", "data:8 valid", parameters={"CLKS_PER_BIT": "8"}),
    "spi": design("spi", "start tx_data:8 miso", "busy done sclk cs_n mosi rx_data:8"),
    "memory master": design(
        "cpu", "mem_ready mem_rdata:32 irq", "mem_valid mem_addr:32 mem_wdata:32 mem_wstrb:4 mem_instr"
    ),
    "ram": design("ram", "write_en write_addr:8 write_data:6 read_en read_addr:8", "read_data:6"),
    "many bits": design("crowd", " ".join(f"en{n} bit{n} clr{n}" for n in range(12)), "y"),
    "python words": design("odd", "in:4 class lambda:3 self", "out"),
    "unsure protocol": sync_fifo(protocols=(match("fifo", FIFO, confidence=0.3),)),
    "clash of protocols": sync_fifo(protocols=(match("fifo", FIFO), match("ready_valid", "valid=wr_en data=wr_data"))),
    "pwm": design("pwm", "en period:8 duty:8", "pwm_out"),
}


def plan(name: str) -> Testplan:
    return baseline_plan(DESIGNS[name])


def kinds(name: str) -> dict[str, str]:
    """Driver kind of each driven port."""
    return {port: driver.kind for driver in plan(name).drivers for port in driven_ports(driver)}


@pytest.mark.parametrize("name", DESIGNS)
def test_every_input_is_driven_exactly_once(name: str) -> None:
    assert undriven(plan(name), DESIGNS[name]) == []


@pytest.mark.parametrize("name", DESIGNS)
def test_plan_is_sound(name: str) -> None:
    assert list(troubles(plan(name))) == []
    for driver in plan(name).drivers:
        make_driver(driver)


@pytest.mark.parametrize("name", DESIGNS)
def test_plan_repeats(name: str) -> None:
    assert plan(name) == plan(name)


@pytest.mark.parametrize("name", DESIGNS)
def test_plan_stays_within_a_few_thousand_cycles(name: str) -> None:
    cycles = sum(phase.cycles for point in plan(name).points for phase in point.phases)
    assert cycles < 14_000


@pytest.mark.parametrize("name", DESIGNS)
def test_points_play(name: str) -> None:
    whole = plan(name)
    subject = DESIGNS[name]
    outputs = dict.fromkeys((port.name for port in subject.outputs), 0)
    stimulus = play(
        whole, whole.points[0], seed=1, step=lambda inputs: outputs, clocks=subject.clocks, resets=subject.resets
    )
    assert {port.name for port in subject.data_inputs} <= set(stimulus.ports)


def test_an_input_without_a_driver_is_noticed() -> None:
    whole = plan("counter")
    assert undriven(whole.model_copy(update={"drivers": whole.drivers[1:]}), DESIGNS["counter"])
    assert undriven(whole.model_copy(update={"drivers": (*whole.drivers, whole.drivers[0])}), DESIGNS["counter"])


@pytest.mark.parametrize(
    ("name", "port", "kind"),
    [
        ("fifo", "wr_en", "FifoPush"),
        ("fifo", "rd_en", "FifoPop"),
        ("unsure protocol", "wr_en", "Bits"),
        ("clash of protocols", "wr_data", "FifoPush"),
        ("stream", "s_tdata", "StreamSource"),
        ("stream", "m_tready", "StreamSink"),
        ("ready valid with siblings", "pcpi_insn", "InstructionSource"),
        ("apb", "psel", "ApbMaster"),
        ("apb master", "pready", "ApbTarget"),
        ("axi lite", "awvalid", "AxiLiteMaster"),
        ("axi lite master", "awready", "AxiLiteTarget"),
        ("wishbone", "stb", "WishboneMaster"),
        ("wishbone master", "ibus_ack", "WishboneTarget"),
        ("arbiter", "req", "Requester"),
        ("operation", "divisor", "Operation"),
        ("uart line", "rx", "UartLine"),
        ("spi", "miso", "SpiSubordinate"),
        ("spi", "tx_data", "Operation"),
        ("memory master", "mem_rdata", "MemoryResponder"),
        ("ram", "read_addr", "AddressLines"),
        ("combinational", "op", "Selection"),
        ("combinational", "a", "Values"),
        ("pwm", "period", "Configuration"),
        ("counter", "en", "Bits"),
    ],
)
def test_input_gets_the_driver_of_its_kind(name: str, port: str, kind: str) -> None:
    assert kinds(name)[port] == kind


def test_each_side_of_two_clocks_moves_with_its_own() -> None:
    assert {driver.name: driver.clock for driver in plan("two clocks").drivers} == {"push": "wclk", "pop": "rclk"}


def test_one_clock_paces_nothing() -> None:
    assert {driver.clock for driver in plan("fifo").drivers} == {""}


def test_opcodes_come_from_the_local_parameters() -> None:
    (op,) = [driver for driver in plan("opcodes").drivers if driver.kind == "Selection"]
    assert op.options["values"] == [0, 2]


def test_depth_comes_from_parameters_and_facts() -> None:
    (push, _) = plan("fifo").drivers
    assert push.options["depth"] == 16
    (push, _) = baseline_plan(sync_fifo(parameters={"ADDR_WIDTH": "3"})).drivers
    assert push.options["depth"] == 8
    (push, _) = baseline_plan(sync_fifo(facts={"depth": "5"})).drivers
    assert push.options["depth"] == 5


def test_a_processor_finds_a_program_in_memory() -> None:
    for name in ("memory master", "wishbone master"):
        (driver,) = [d for d in plan(name).drivers if "contents" in str([k.name for k in d.knobs])]
        assert [knob.default for knob in driver.knobs if knob.name.endswith("_contents")] == ["program"]


def test_given_drivers_replace_the_planners_own() -> None:
    given = make_entry("Values", "mine", {"wr_data": "wr_data"}, options={"widths": [8]})
    chosen = choose_drivers(sync_fifo(), [given])
    assert chosen[0] == given
    assert undriven(baseline_plan(sync_fifo(), drivers=[given]), sync_fifo()) == []


def test_points_fit_the_interfaces() -> None:
    ids = {name: {point.id for point in plan(name).points} for name in DESIGNS}
    assert {"fill_and_drain", "overflow_and_underflow", "both_at_once"} <= ids["fifo"]
    assert "back_pressure" in ids["stream"] and "back_pressure" not in ids["fifo"]
    assert {"bus_accesses", "bus_errors"} <= ids["apb"] & ids["axi lite"] & ids["wishbone"]
    assert "all_request" in ids["arbiter"]
    assert "operations" in ids["operation"]
    assert "line_errors" in ids["uart line"]
    assert "every_selection" in ids["combinational"]
    assert ids["nothing to drive"] == {"free_run"}
    assert "reset_in_operation" in ids["fifo"] and "reset_in_operation" not in ids["fifo without reset"]


def test_fill_and_drain_reaches_full_and_empty() -> None:
    subject = sync_fifo()
    whole = baseline_plan(subject)
    (point,) = [point for point in whole.points if point.id == "fill_and_drain"]
    levels: list[int] = []
    inside = 0

    def step(inputs: object) -> dict[str, int | None]:
        nonlocal inside
        row = dict(inputs)  # type: ignore[call-overload]
        shown: dict[str, int | None] = {"full": int(inside == 16), "empty": int(inside == 0), "rd_data": 0}
        pushed, popped = row["wr_en"] and inside < 16, row["rd_en"] and inside > 0
        inside = inside + pushed - popped if row["rst_n"] else 0
        levels.append(inside)
        return shown

    play(whole, point, seed=1, step=step, clocks=subject.clocks, resets=subject.resets)
    assert max(levels) == 16
    assert levels.index(16) < len(levels) - 1 - levels[::-1].index(0)


def test_requirements_are_linked_by_their_words() -> None:
    requirements = [
        Requirement(id="R1", text="After reset the FIFO is empty."),
        Requirement(id="R2", text="A write while full changes nothing."),
        Requirement(id="R3", text="The colour is pleasant."),
    ]
    whole = baseline_plan(sync_fifo(), requirements)
    by_id = {point.id: point.requirements for point in whole.points}
    assert "R1" in by_id["reset_in_operation"]
    assert "R2" in by_id["overflow_and_underflow"]
    assert by_id["long_random"] == ("R3",)
    assert whole.requirements == tuple(requirements)


def test_coverage_has_bins_for_every_port_and_crosses_for_handshakes() -> None:
    goals = {goal.name: goal for goal in plan("fifo").coverage}
    assert set(goals) == {*FIFO.split(), "wr_en_x_full", "wr_en_x_rd_en", "rd_en_x_empty"}
    assert goals["wr_data"].bins["ones"] == (255, 255)
    assert goals["full"].bins == {"low": (0, 0), "high": (1, 1)}


def test_bins_follow_the_meaning_of_a_port() -> None:
    goals = {goal.name: goal.bins for goal in plan("opcodes").coverage}
    assert goals["op"] == {"value_0": (0, 0), "value_2": (2, 2)}
    goals = {goal.name: goal.bins for goal in plan("arbiter").coverage}
    assert list(goals["gnt"]) == ["none", "line_0", "line_1", "line_2", "line_3"]
    deep = design(
        "fifo",
        "wr_en wr_data:8 rd_en",
        "full rd_data:8 empty level:5",
        protocols=(match("fifo", FIFO),),
        parameters={"DEPTH": "16"},
    )
    goals = {goal.name: goal.bins for goal in baseline_plan(deep).coverage}
    assert goals["level"]["full"] == (16, 16)


@pytest.mark.parametrize("width", [1, 2, 3, 4, 8, 33])
def test_bins_cover_every_value_once(width: int) -> None:
    from verif.plan.goals import bins

    ranges = sorted(bins(width).values())
    assert ranges[0][0] == 0 and ranges[-1][1] == (1 << width) - 1
    assert all(low == before + 1 for (_, before), (low, _) in itertools.pairwise(ranges))


def test_two_thousand_ports_keep_the_plan_small() -> None:
    wide = design("wide", " ".join(f"a{n} d{n}:8" for n in range(1000)), " ".join(f"y{n}" for n in range(100)))
    whole = baseline_plan(wide)
    assert undriven(whole, wide) == []
    assert len(whole.drivers) < 10 and len(whole.coverage) <= 70
    assert sum(phase.cycles for point in whole.points for phase in point.phases) < 1000
