"""Choose what judges a design: a reference model, rules and the drivers that they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from verif.bench.library.agreement import disagreement, unnamed_ports
from verif.bench.library.choice import Choice
from verif.bench.library.fifos import fifo_order_rules
from verif.bench.library.generic import payload_rule
from verif.bench.library.handshakes import has_loose_payload, interface_rules, pass_through_rules
from verif.bench.library.informed import informed_drivers
from verif.bench.library.kinds import (
    alu,
    apb_timer,
    arbiter,
    arithmetic,
    async_fifo,
    axi_lite_regs,
    counters,
    counting,
    crc,
    deciding,
    divider,
    gates,
    gray_counter,
    lfsr,
    operating,
    polynomials,
    priority_encoder,
    pwm,
    registers,
    sequence_detector,
    shifting,
    skid_buffer,
    spi_master,
    storing,
    streaming,
    sync_fifo,
    tables,
    timing,
    uart_rx,
    uart_tx,
    wishbone_ram,
)
from verif.bench.library.prose.stated import stated_rules
from verif.bench.library.subject import Subject
from verif.bench.oracles import OracleSet
from verif.design.model import Design
from verif.plan.spec import Specification
from verif.verdict import Oracle

Recogniser = Callable[[Subject], Choice | None]

RECOGNISERS: dict[str, Recogniser] = {
    "alu": alu.propose,
    "sync_fifo": sync_fifo.propose,
    "skid_buffer": skid_buffer.propose,
    "arbiter": arbiter.propose,
    "priority_encoder": priority_encoder.propose,
    "gray_counter": gray_counter.propose,
    "lfsr": lfsr.propose,
    "crc32": crc.propose,
    "divider": divider.propose,
    "sequence_detector": sequence_detector.propose,
    "pwm": pwm.propose,
    "uart_tx": uart_tx.propose,
    "uart_rx": uart_rx.propose,
    "spi_master": spi_master.propose,
    "apb_timer": apb_timer.propose,
    "async_fifo": async_fifo.propose,
    "wishbone_ram": wishbone_ram.propose,
    "axi_lite_regs": axi_lite_regs.propose,
    "adder": arithmetic.propose_adder,
    "subtractor": arithmetic.propose_subtractor,
    "comparator": arithmetic.propose_comparator,
    "multiplier": arithmetic.propose_multiplier,
    "division": arithmetic.propose_division,
    "multiply_accumulate": arithmetic.propose_multiply_accumulate,
    "counter": counters.propose_counter,
    "ring_counter": counters.propose_ring_counter,
    "frequency_divider": counters.propose_frequency_divider,
    "time_of_day": counters.propose_time_of_day,
    "shift_register": registers.propose_shift_register,
    "edge_detector": registers.propose_edge_detector,
    "parallel_to_serial": registers.propose_parallel_to_serial,
    "two_port_ram": registers.propose_two_port_ram,
    "rom": registers.propose_rom,
    "streaming": streaming.propose,
}
"""Kind to its recogniser, the most particular first."""

OUTPUT_RECOGNISERS: dict[str, Recogniser] = {
    "counts": counting.propose,
    "shifts": shifting.propose,
    "goes-round": shifting.propose_ring,
    "selects": gates.propose_multiplexer,
    "decodes": gates.propose_decoder,
    "encodes": gates.propose_encoder,
    "converts": gates.propose_gray,
    "compares": gates.propose_comparator,
    "parity": gates.propose_parity,
    "shifter": gates.propose_barrel,
    "delays": gates.propose_delay,
    "remembers": storing.propose_memory,
    "stacks": storing.propose_stack,
    "edges": timing.propose_edges,
    "divides": timing.propose_period,
    "pulses": timing.propose_pulse_width,
    "settles": timing.propose_settled,
    "sends": operating.propose_serial_line,
    "computes": operating.propose_operation,
    "feeds-back": polynomials.propose_lfsr,
    "checks": polynomials.propose_crc,
    "counts-gray": polynomials.propose_gray_counter,
    "grants": deciding.propose_arbiter,
    "detects": deciding.propose_pattern,
    "serialises": deciding.propose_serialiser,
}
"""What is known of single outputs by the words of the specification, where no model predicts them."""

_EXCEPTS = r"\b(?:except|unless|however|nobody|no one|apart from|special case|other than|provided that)\b"
"""What makes plain words on a kind less than the whole truth."""


def choose_oracles(design: Design, specification: Specification | None) -> OracleSet:
    """Return the oracles for ``design``: kind from the manifest, else the first recogniser that takes it.

    A model is chosen only where kind, ports and specification agree; what stays open is a note, never a guess.
    """
    contradiction = disagreement(Subject(design, specification))
    subject = Subject(design, None if contradiction else specification)
    choice = Choice(notes=(contradiction,)) if contradiction else _named(subject, _choice(subject))
    passes = [] if choice.model else pass_through_rules(subject)
    judged = {*(choice.model.outputs if choice.model else ()), *(port for rule in choice.rules for port in rule.ports)}
    stated = stated_rules(subject, judged)
    passes += fifo_order_rules(subject, judged)
    whole = {port for rule in stated.rules if rule.id.startswith("stated") for port in rule.ports}
    known = _by_outputs(subject, judged | whole)
    rules = [*choice.rules, *stated.rules, *known.rules, *passes, *interface_rules(subject), *payload_rule(subject)]
    notes = [*choice.notes, *stated.notes, *known.notes]
    if has_loose_payload(subject):
        notes.append(
            "a ready/valid input has payload that nothing holds stable: offers that depend on it aren't judged"
        )
    if specification is not None and not specification.requirements:
        notes.append(f"{specification.path.name} has no numbered requirements: requirements checked 0/0")
    return OracleSet(model=choice.model, rules=tuple(rules), drivers=informed_drivers(subject), notes=tuple(notes))


def _by_outputs(subject: Subject, judged: set[str]) -> Choice:
    """Return the rules of outputs beyond ``judged`` that some kind of output knows; of two rules neither."""
    if subject.specification is None:
        return Choice()
    table = _named(subject, tables.propose(subject) or Choice())
    first = [rule for rule in table.rules if not judged & set(rule.ports)]
    vague = {port for port in subject.outputs if any(f"the table of {port} has" in note for note in table.notes)}
    judged = judged.union(vague, *(rule.ports for rule in first))
    if hit := subject.says(_EXCEPTS):
        return Choice(
            rules=tuple(first), notes=(*table.notes, f"{hit.where} makes an exception: kinds of outputs aren't judged")
        )
    found = [_named(subject, choice) for known in OUTPUT_RECOGNISERS.values() if (choice := known(subject))]
    rules = [rule for choice in found for rule in choice.rules if not judged & set(rule.ports)]
    often = Counter(port for rule in rules for port in rule.ports)
    clear = tuple(rule for rule in rules if all(often[port] == 1 for port in rule.ports))
    doubts = [f"the words on {port} fit several kinds: not judged" for port, times in often.items() if times > 1]
    notes = [note for choice in (table, *found) for note in choice.notes]
    return Choice(rules=(*first, *clear), notes=(*dict.fromkeys(notes), *doubts))


def _named(subject: Subject, choice: Choice) -> Choice:
    """Return what of ``choice`` is about ports that the specification names."""
    unnamed = unnamed_ports(subject)
    rules = tuple(
        r for r in choice.rules if r.oracle is not Oracle.SPEC or not unnamed.keys() & _touched(subject, r.ports)
    )
    model = choice.model
    missing = [unnamed[name] for name in unnamed if model and name in _touched(subject, model.outputs)]
    if missing:
        return Choice(rules=rules, notes=(f"{_first(missing)}: not modelled", *choice.notes))
    notes = [f"{_first(list(unnamed.values()))}: what needs it isn't judged"] if unnamed else []
    return Choice(model=model, rules=rules, notes=(*notes, *choice.notes))


def _first(sentences: list[str]) -> str:
    return sentences[0] + (f" and {len(sentences) - 1} more" if len(sentences) > 1 else "")


def _touched(subject: Subject, ports: Iterable[str]) -> set[str]:
    """Return ``ports`` with all that reaches the outputs among them."""
    named = set(ports)
    return named.union(*(subject.cone(port) for port in named & set(subject.outputs)))


def _choice(subject: Subject) -> Choice:
    if subject.has_inout:
        return Choice(notes=("a design with inout or structured ports: not modelled",))
    if subject.design.kind in RECOGNISERS:
        return RECOGNISERS[subject.design.kind](subject) or Choice(
            notes=(f"the manifest says {subject.design.kind}, but ports or clocks don't fit that kind: not modelled",)
        )
    found = [choice for recognise in RECOGNISERS.values() if (choice := recognise(subject))]
    modelled = [choice for choice in found if choice.model]
    if len(modelled) > 1:
        kinds = ", ".join(choice.model.kind for choice in modelled if choice.model)
        return Choice(notes=(f"the design fits several kinds ({kinds}): name one in design.toml; not modelled",))
    return (modelled or found or [Choice(notes=("no kind of the library was recognised: no reference model",))])[0]
