"""Recognise blocks of hidden state in other people's words: edges, dividers, pulses, buttons, lines, operations."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice
from verif.bench.library.prose.phrases import NUMBERS
from verif.bench.library.stating import kind_rule
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule

NUMBER = r"`?(\d+|(?-i:[A-Z][A-Z0-9_]*)|two|three|four|five|six|eight|ten)`?"


def propose_edges(subject: Subject) -> Choice | None:
    """Return the rule of flags of one cycle for the edges of one input."""
    said = subject.says(
        r"\bedge[- ]?detect|\b(?:rising|falling|positive|negative|both"
        r"|any)[- ]edges?\b[^.]*\b(?:detect|pulse)|detects? [^.]*\bedges?\b|goes from (?:0"
        r"|low) to (?:1|high)|goes from (?:1|high) to (?:0|low)"
    )
    if (
        said is None
        or subject.clock is None
        or subject.has_inout
        or subject.says(
            r"debounc|\bfilter|stretch|\b(?:two|three|four|five|several|[2-9]"
            r"|\d\d) (?:clock )?(?:cycles|clocks|ticks|periods)|\bcounts?\b|\bheld until"
            r"|stays? (?:high|1|set) until|sticky"
        )
    ):
        return None
    flags = _flags(subject)
    cones = {name for port in flags.values() for name in subject.cone(port)}
    if not flags or len(cones) != 1 or subject.width(next(iter(cones))) != 1:
        return Choice(notes=("an edge detector whose flags or input aren't plain: not judged",))
    delays = _edge_delays(subject)
    ports = {"signal": next(iter(cones)), **flags}
    title = f"{', '.join(flags.values())} tell{'s' if len(flags) == 1 else ''} the edges of {ports['signal']}"
    arguments = f"ports={ports!r}, delays={delays}"
    return Choice(
        rules=(
            _rule(
                subject,
                "edges",
                title,
                ("edges", "EdgeRule"),
                arguments,
                list(flags.values()),
                [said],
                r"edge|rise|rising|fall|pulse|chang|0 to 1|1 to 0",
            ),
        )
    )


def _flags(subject: Subject) -> dict[str, str]:
    """Return the flags by what they tell: by their names, a single one by the text."""
    rise = subject.find_output(
        "rise",
        "rising",
        "rising_edge",
        "posedge_detected",
        "pos_edge",
        "posedge",
        "rise_pulse",
        "redge",
        "rising_pulse",
        "pos_pulse",
        "pe",
        "rise_det",
        "pos",
        width=1,
    )
    fall = subject.find_output(
        "fall",
        "falling",
        "falling_edge",
        "negedge_detected",
        "neg_edge",
        "negedge",
        "fall_pulse",
        "fedge",
        "falling_pulse",
        "neg_pulse",
        "ne",
        "down",
        "fall_det",
        "neg",
        width=1,
    )
    both = subject.find_output(
        "both", "any_edge", "edge_any", "both_edge", "toggle", "any", "change", "changed", "edge_both", width=1
    )
    named = {name: port for name, port in (("rise", rise), ("fall", fall), ("both", both)) if port}
    if named or len(subject.outputs) != 1:
        return named
    out = next(iter(subject.outputs))
    rising = subject.says(r"\brising\b|\bpositive[- ]edge\b(?! of (?:the )?`?clk)|from (?:0|low) to (?:1|high)")
    falling = subject.says(r"\bfalling\b|\bnegative[- ]edge\b|from (?:1|high) to (?:0|low)")
    either = subject.says(r"\b(?:both|any|either)\b[^.]*\bedges?\b|rising (?:or|and) falling")
    if subject.width(out) != 1 or (rising and falling and not either) or not (rising or falling or either):
        return {}
    return {"both" if either else "rise" if rising else "fall": out}


def _edge_delays(subject: Subject) -> list[int]:
    if subject.says(r"combinational|mealy|(?:in the )?same (?:clock )?cycle"):
        return [0]
    return [1, 2, 3] if subject.says(r"registered|next (?:clock|cycle)|one cycle (?:later|after)") else [0, 1, 2, 3]


def propose_period(subject: Subject) -> Choice | None:
    """Return the rule of an output that divides the clock by a number that is told."""
    said = subject.says(
        r"clock divider|frequency divider|divides? (?:the |an |its )?(?:input |system "
        r"|incoming )?(?:clock|frequency)|divided clock|\btick generator\b|pulse generator"
        r"|strobe generator"
    )
    out = next(iter(subject.outputs)) if len(subject.outputs) == 1 else None
    if (
        said is None
        or out is None
        or subject.width(out) != 1
        or subject.cone(out)
        or subject.clock is None
        or subject.reset is None
    ):
        return None
    if subject.says(r"both (?:clock )?edges|double[- ]edge|falling edge|negedge|fraction|duty cycle of (?!50)|random"):
        return Choice(notes=("a divider that uses both edges, or a fraction: not judged",))
    shapes, hits = _shapes(subject)
    if not shapes:
        return Choice(notes=("a divider whose number isn't told plainly: not judged",))
    low = subject.says(
        rf"\b{out}\b[^.]*\b(?:low|0|zero)\b[^.]*\breset|\breset[^.]*\b{out}\b[^.]*\b(?:low|0"
        rf"|zero)\b|reset[^.]*output[^.]*\b(?:low|0|zero)\b"
    )
    arguments = f"output={out!r}, shapes={shapes}, begins={0 if low else None}"
    title = f"{out} is 1 and 0 for {' or '.join(f'{high} and {low}' for high, low in shapes)} cycles in turn"
    return Choice(
        rules=(
            _rule(
                subject,
                "divides",
                title,
                ("periods", "PeriodRule"),
                arguments,
                [out],
                hits,
                r"divid|toggl|period|duty|cycles|reset",
            ),
        )
    )


def _shapes(subject: Subject) -> tuple[list[tuple[int, int]], list[Hit]]:
    """Return pairs of cycles at 1 and at 0 that fit all numbers told."""
    divided = subject.hits(rf"\bdivid(?:es?|ed|ing)\b[^.]*? by {NUMBER}(?! ?MHz)|divide[- ]by[- ]{NUMBER}")
    toggled = subject.hits(
        rf"toggl\w*(?: \w+)? (?:every|each|after(?: every)?) {NUMBER}(?: \w+)? (?:cycles|clocks|edges|clock cycles)"
    )
    pulsed = subject.hits(
        rf"(?:one|1|single)[- ](?:clock[- ])?(?:cycle|clock)[^.]*?(?:every|each|once (?:every|per"
        rf"|in)) {NUMBER}|every {NUMBER}(?: clock)? cycles[^.]*?(?:one|1"
        rf"|single)[- ](?:clock[- ])?cycle"
    )
    periods = {value_of(subject, hit) for hit in divided}
    halves = {value_of(subject, hit) for hit in toggled}
    pulses = {value_of(subject, hit) for hit in pulsed}
    hits = [*divided, *toggled, *pulsed]
    if None in periods | halves | pulses or len(periods) > 1 or len(halves) > 1 or len(pulses) > 1:
        return [], hits
    if pulses:
        many = pulses.pop() or 0
        return ([(1, many - 1)] if many > 1 and not halves and periods <= {many} else []), hits
    if halves:
        half = halves.pop() or 0
        return ([(half, half)] if half and periods <= {2 * half} else []), hits
    if not periods:
        return [], hits
    many = periods.pop() or 0
    even = [(many // 2, many // 2)] if many % 2 == 0 and subject.says(r"50 ?%|toggl|square|half") else []
    return even, hits


def value_of(subject: Subject, hit: Hit) -> int | None:
    """Return the number that a hit's first group names, None where it isn't known."""
    word = next(filter(None, hit.match.groups()), "")
    return NUMBERS.get(word.lower()) or subject.value(word)


def propose_pulse_width(subject: Subject) -> Choice | None:
    """Return the rule of a pulse-width modulator whose period is told."""
    said = subject.says(r"\bPWM\b|pulse[- ]width")
    out = subject.find_output("pwm_out", "pwm", "out", "pulse", "q", "pwm_o", "y", width=1)
    duty = subject.find_input(
        "duty", "duty_cycle", "compare", "width", "level", "value", "threshold", "duty_in", "pulse_width", "cmp", "din"
    )
    if said is None or out is None or duty is None or subject.clock is None or subject.has_inout:
        return None
    told = {int(hit[1]) for hit in subject.hits(r"\b(\d+)[- ](?:clock )?cycles?\b")} - {0, 1}
    exact = subject.says(
        rf"high (?:for|during) (?:the first )?`?{duty}`? (?:out )?of (?:every |each )?\d+"
        rf"|high (?:for|during) (?:the first )?`?{duty}`? (?:clock )?cycles"
    )
    extra = subject.cone(out) - {duty}
    plain = exact is not None and not subject.says(r"constant|100 ?%|\balways|\bfull\b|invert|\blow for")
    if not plain or len(told) != 1 or any(not re.fullmatch(r"en|ena|enable", name) for name in extra):
        return Choice(notes=("a PWM whose period or width isn't told plainly: not judged",))
    if extra:
        return Choice(notes=("a PWM that may be disabled: not judged",))
    arguments = f"output={out!r}, duty={duty!r}, period={told.pop()}, steady=[]"
    title = f"{out} is high for {duty} cycles of each period"
    return Choice(
        rules=(
            _rule(
                subject,
                "pulses",
                title,
                ("pulse_width", "PulseWidthRule"),
                arguments,
                [out],
                [said, exact],
                r"high|period|duty",
            ),
        )
    )


def propose_settled(subject: Subject) -> Choice | None:
    """Return the rule of a debouncer whose number of cycles is told."""
    said = subject.says(r"debounc|bounce|glitch filter")
    stable = subject.hits(
        rf"(?:stable|unchanged|constant|same|steady|high|new value"
        rf"|level)[^.]*? for (?:at least )?{NUMBER}(?: consecutive| clock| successive)* (?:cycles"
        rf"|clocks|samples|ticks|clock cycles)"
    )
    pairs = [
        (out, next(iter(subject.cone(out))))
        for out in subject.outputs
        if len(subject.cone(out)) == 1 and subject.width(out) == 1
    ]
    level = [
        (out, name)
        for out, name in pairs
        if re.search(r"^db|deb|clean|stable|out|level|state|filter|q$", out.lower())
        and not re.search(r"pulse|tick|edge|press|rise|fall", out.lower())
    ]
    if said is None or not stable or len(level) != 1 or subject.clock is None or subject.has_inout:
        return None
    out, signal = level[0]
    cycles = {value_of(subject, hit) for hit in stable}
    if (
        len(cycles) != 1
        or None in cycles
        or subject.width(signal) != 1
        or subject.says(
            r"active[- ]low|invert|at once|immediately|as soon as|without delay"
            r"|only (?:the )?(?:rising|falling|press)|sampl\w+ (?:every|each)|\btick\b|\bms\b"
            r"|millisecond"
        )
    ):
        return Choice(notes=("a debouncer whose time or polarity isn't told plainly: not judged",))
    many = cycles.pop() or 0
    if many < 2:
        return None
    arguments = f"signal={signal!r}, output={out!r}, cycles={many}, slack=5"
    title = f"{out} follows {signal} once that stood for {many} cycles"
    return Choice(
        rules=(
            _rule(
                subject,
                "settles",
                title,
                ("settled", "SettledRule"),
                arguments,
                [out],
                [said, *stable],
                r"stable|debounc|follows|bounce",
            ),
        )
    )


def _rule(
    subject: Subject,
    kind: str,
    title: str,
    rule: tuple[str, str],
    arguments: str,
    outs: list[str],
    hits: list[Hit | None] | list[Hit],
    aspect: str,
) -> Rule:
    return kind_rule(subject, kind, title, rule, arguments, ports=outs, aspects=(aspect,), hits=hits)
