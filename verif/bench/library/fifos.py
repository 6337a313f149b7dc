"""Choose the rule of the words of a FIFO, where nothing else judges them."""

from __future__ import annotations

from collections.abc import Collection

from verif.bench.library.choice import checked, snippet
from verif.bench.library.handshakes import MORE_STAGES, clock_of, reset_list, side_inputs
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule
from verif.verdict import Oracle

_PORTS = ("wr_en", "wr_data", "full", "rd_en", "rd_data", "empty")
_ORDER = r"\border\b|first.in|\blost\b|duplicat|repeat|unchanged"


def fifo_order_rules(subject: Subject, judged: Collection[str]) -> list[Rule]:
    """Return the rules that words come out as they went in, where the manifest says that data passes through.

    It has to tell too whether the first word falls through: when a word shows depends on it. A FIFO whose read data is
    ``judged`` already, that has further inputs (a flush), or whose words take longer, gets none.
    """
    ahead = subject.fact("first_word_falls_through")
    if subject.fact("data_passes_through") != "true" or ahead not in ("true", "false"):
        return []
    if subject.says(MORE_STAGES):
        return []
    rules = []
    for match in subject.protocols("fifo"):
        ports = {name: match.signals[name] for name in _PORTS if name in match.signals}
        if match.role != "fifo" or len(ports) < len(_PORTS) or ports["rd_data"] in judged:
            continue
        if not subject.design.resets or side_inputs(subject):
            continue
        if subject.width(ports["wr_data"]) != subject.width(ports["rd_data"]):
            continue
        arguments = {
            "ports": ports,
            "wr_clock": match.signals.get("wr_clk") or clock_of(subject, ports["wr_en"]),
            "rd_clock": match.signals.get("rd_clk") or clock_of(subject, ports["rd_en"]),
            "resets": reset_list(subject),
            "show_ahead": ahead == "true",
        }
        rules.append(
            Rule(
                id=f"{match.name.lower().replace('_', '-').strip('-') or 'fifo'}-order",
                title=f"{ports['rd_data']} gives the words that {ports['wr_data']} took, in order.",
                snippet=snippet("rules.fifo_order", "FifoOrderRule", arguments),
                oracle=Oracle.SPEC,
                ports=tuple(ports.values()),
                requirements=checked(subject, [ports["rd_data"]], _ORDER),
            )
        )
    return rules
