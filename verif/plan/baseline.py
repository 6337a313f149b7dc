"""The planner that needs no model: drivers, test points and coverage goals from what the design is."""

from __future__ import annotations

from collections.abc import Sequence

from verif.design.model import Design
from verif.plan.assign import Assignment
from verif.plan.budget import budget_of
from verif.plan.goals import baseline_goals
from verif.plan.kinds import driven_ports
from verif.plan.links import linked
from verif.plan.model import Driver, Requirement, Testplan
from verif.plan.operations import assign_memories, assign_operations
from verif.plan.plain_inputs import assign_plain
from verif.plan.points import baseline_points
from verif.plan.protocols import assign_protocols


def baseline_plan(design: Design, requirements: Sequence[Requirement] = (), drivers: Sequence[Driver] = ()) -> Testplan:
    """Return a plan for ``design``; every data input is driven by exactly one driver.

    ``drivers`` (from a reference model's knowledge of the kind) replace the planner's own for the ports that they
    drive. The same design gives the same plan.
    """
    chosen = choose_drivers(design, drivers)
    points = baseline_points(design, chosen, budget_of(design, chosen))
    return Testplan(
        dut=design.top,
        requirements=tuple(requirements),
        drivers=chosen,
        points=linked(points, requirements),
        coverage=baseline_goals(design, chosen),
    )


def choose_drivers(design: Design, given: Sequence[Driver] = ()) -> tuple[Driver, ...]:
    """Return drivers that together drive each data input once, ``given`` first."""
    work = Assignment(design)
    for driver in given:
        work.add(driver)
    assign_memories(work)
    assign_protocols(work)
    assign_operations(work)
    assign_plain(work)
    return tuple(work.drivers)


def undriven(plan: Testplan, design: Design) -> list[str]:
    """Return the data inputs that no driver or more than one drives; empty for a sound plan."""
    driven = [port for driver in plan.drivers for port in driven_ports(driver)]
    return [port.name for port in design.data_inputs if driven.count(port.name) != 1]
