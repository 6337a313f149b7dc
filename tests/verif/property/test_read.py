"""Files with properties: what is read, and the sentence for what the subset lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import lint
from verif.errors import InputError, PosedgeError, Unsupported
from verif.property import Directive, PropertyFile, monitors, read_properties

PORTS = "module fifo_props #(parameter int N = 3) (input logic clk, rst_n, a, b, input logic [7:0] d);\n"
HEAD = PORTS + "  default clocking @(posedge clk); endclocking\n"


def read(text: str, directory: Path) -> PropertyFile:
    path = directory / "fifo_props.sv"
    path.write_text(text, encoding="utf-8")
    return read_properties(path)


def refusal(text: str, directory: Path) -> PosedgeError:
    with pytest.raises(PosedgeError) as caught:
        monitors(read(text, directory))
    return caught.value


OUTSIDE = {
    "a until b": (23, "until is not supported; write a |-> hold throughout"),
    "not a": (23, "not is not supported; negate the boolean expression with !"),
    "a |-> nexttime b": (29, "nexttime is not supported; write ##1"),
    "a |-> ##[1:$] b": (29, "## without an upper bound is not supported"),
    "a |-> b[+]": (29, "[*] without an upper bound is not supported"),
    "a |-> b[->2]": (29, "[-> ] and [= ] are not supported; write (!a)[*0:n] ##1 a"),
    "a |-> (a ##1 b) or (b ##1 a)": (29, "or is not supported; write the alternatives"),
    "a intersect b": (23, "intersect is not supported"),
    "first_match(a ##[1:2] b) |-> b": (23, "first_match is not supported"),
    "a |-> s_eventually b": (29, "s_eventually without bounds is not supported; write s_eventually [m:n]"),
    "strong(a ##1 b)": (23, "strong or weak is not supported"),
    "if (a) b else a": (23, "if in a property is not supported; write an implication for each branch"),
    "a |-> @(negedge clk) b": (29, "a clock inside of a property is not supported"),
    "a |-> d inside {1, 2}": (29, "the expression 'd inside {1, 2}' (Inside)"),
    "a |-> $past(d, 2, b)": (29, "$past with a gate or a clock of its own is not supported"),
    "a |-> $past(d, 900) == 0": (29, "$past looks 900 cycles back; allowed: 1 to 256"),
    "a |-> $bits(d) == 8": (29, "$bits in a property is not supported; calls: $past, $rose"),
    "@(clk) a": (23, "a clock other than one edge of one signal is not supported"),
}


@pytest.mark.parametrize("body", OUTSIDE)
def test_what_the_subset_lacks_is_refused_with_its_place(body: str, tmp_path: Path) -> None:
    column, sentence = OUTSIDE[body]
    error = refusal(f"{HEAD}  x: assert property ({body});\nendmodule\n", tmp_path)
    assert isinstance(error, Unsupported)
    assert error.code == "PE251"
    assert re.search(rf"fifo_props\.sv:3:{column}$", error.where)
    assert sentence in error.sentence


WRONG = {
    "x: assert property (a |-> unknown);": ("PE252", "3:29: use of undeclared identifier 'unknown'"),
    "x: assert property (a |-> b ##1);": ("PE252", "3:34: expected expression"),
    "x: assert property (a |-> b[*0:2]);": ("PE252", "3:29: sequence must not admit an empty match"),
    "x: assert property (a |-> ##[1:65] b);": ("PE253", "takes up to 65 cycles after its first; allowed: 64"),
    "x: assert property (a[*300] |-> b);": ("PE253", "takes up to 299 cycles after its first; allowed: 256"),
    "x: assert property (a |-> u_sub.state);": ("PE252", "use of undeclared identifier 'u_sub'"),
    "x: cover sequence (a);": ("PE251", "CoverSequence is not supported; write assert, assume or cover property"),
    "property q(z); int i; z |-> b; endproperty x: assert property (q(a));": ("PE251", "q with variables of its own"),
    "": ("PE255", "no module holds a concurrent assertion"),
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_files_are_told_in_one_sentence(text: str, tmp_path: Path) -> None:
    error = refusal(f"{HEAD}  {text}\nendmodule\n", tmp_path)
    assert error.code == WRONG[text][0]
    assert WRONG[text][1] in error.sentence


def test_a_property_without_a_clock_is_refused(tmp_path: Path) -> None:
    error = refusal(PORTS + "x: assert property (a);\nendmodule\n", tmp_path)
    assert (error.code, isinstance(error, InputError)) == ("PE254", True)
    assert "2:1: the property has no clock; write @(posedge clk) first in it" in error.sentence


GOOD = f"""{HEAD}  default disable iff (!rst_n);
  sequence s1; b[*2:N] ##1 !a; endsequence
  property p1; a && $past(b, 2) |-> ##[1:3] s1; endproperty
  ap1: assert property (p1) else $error("text");
  ap2: assert property (@(negedge clk) disable iff (d == N) $rose(a) |=> (d == $past(d)) throughout b[*N]);
  ap3: assume property (a |-> s_eventually [1:4] b);
  cp4: cover property (a ##2 b && d[3:0] == 4'(3) ##0 $countones(d) > 2);
endmodule
bind sync_fifo fifo_props props (.d(count), .*);
""".replace("4'(3)", "4'd3")


def test_directives_clocks_defaults_and_binds_are_read(tmp_path: Path) -> None:
    file = read(GOOD, tmp_path)
    assert {port: str(wiring) for port, wiring in file.connections.items()}["d"] == "d"
    assert [one.name for one in file.properties] == ["ap1", "ap2", "ap3", "cp4"]
    directives = [one.directive for one in file.properties]
    assert directives == [Directive.ASSERT, Directive.ASSERT, Directive.ASSUME, Directive.COVER]
    assert [str(one.disable) for one in file.properties] == ["!rst_n", "d == N", "!rst_n", "!rst_n"]
    assert [one.rising for one in file.properties] == [True, False, True, True]
    assert str(file.properties[0].body) == "a && $past(b, 2) |-> (##[1:3] (((b)[*2:3]) ##1 (!a)))"
    assert str(file.properties[3].body) == "((a) ##2 (b && d[3:0] == 4'd3)) ##0 ($countones(d) > 2)"
    assert [one.place.line for one in file.properties] == [6, 7, 8, 9]


def test_monitors_say_how_they_are_connected(tmp_path: Path) -> None:
    use = monitors(read(GOOD, tmp_path))[1]
    assert use.module == "fifo_props_ap2"
    connected = {port: str(wiring) for port, wiring in use.connections.items()}
    assert connected == {"clk": "~(clk)", "p_a": "a", "p_b": "b", "p_d": "d"}


def test_monitors_are_clean_in_four_tools(tmp_path: Path) -> None:
    files = []
    for use in monitors(read(GOOD, tmp_path)):
        files.append(tmp_path / f"{use.module}.sv")
        files[-1].write_text(use.text, encoding="utf-8")
        assert lint.icarus(files[-1]) == ""
    assert lint.verilator(files[0]) == ""
    assert lint.verilator(files[3]) == ""
    assert lint.slang(files[0]) == []
    assert lint.yosys(*files) == ""
