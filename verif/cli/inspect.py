"""``posedge inspect``: tell what the RTL is."""

from __future__ import annotations

from typing import Any

import click

from verif.cli.session import Session, verb
from verif.cli.sources import resolve, source_options


@verb
@source_options()
@click.option("--dataflow/--no-dataflow", default=True, help="Ask pyverilog for a second opinion (Verilog-2001 only).")
def inspect(session: Session, *, dataflow: bool, **sources: Any) -> int:
    """Tell what the RTL is: ports, parameters, clocks, resets, protocols, FSMs, hierarchy.

    SRC are Verilog or SystemVerilog files, directories, .f lists, .core files or a design.toml.
    """
    from verif.design.describe import as_data, as_text
    from verif.design.frontend import read_design

    design = read_design(resolve(**sources))
    if dataflow:
        from verif.design.dataflow import analyse, with_dataflow

        design = with_dataflow(design, analyse(design))
    session.say(as_text(design))
    session.result("inspect", as_data(design))
    return 0


command = inspect
