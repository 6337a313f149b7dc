"""Recognise arbiters, detectors of patterns and serialisers in other people's words."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, snippet
from verif.bench.library.stating import cases, kind_rule, now, output_rule, roles
from verif.bench.library.subject import Subject

_HELD = (
    r"\b(?:gnt|grants?)\b.*\b(?:stands?|stays?|held|holds?|kept|keeps?|remains?|locked|parks?"
    r"|parked)\b|until|\bdone\b|weight|lock|keeps? (?:its|the) grant|while it requests"
)
_LOW_WINS = (
    r"(?:lowest|smallest)(?:[- ](?:index|numbered|order|bit))+[^.]*\b(?:wins|priority|first|gets|granted)"
    r"|(?:index|bit|request\w*|req|requester|LSB|port)\W*\[?0\]?\W* (?:has|having|with"
    r"|is)(?: the)? (?:highest|top|most) ?(?:priority)?|lowest index"
    r"|least significant[^.]*highest priority|LSB[^.]*highest priority"
)
_HIGH_WINS = (
    r"(?:highest|largest)(?:[- ](?:index|numbered|order|bit))+[^.]*\b(?:wins|priority|first|gets|granted)"
    r"|(?:index|bit|request\w*|req|requester|port)\W*\[?[1-9]\d*\]?\W* (?:has|having"
    r"|with)(?: the)? (?:highest|top)|MSB[^.]*highest priority"
    r"|most significant[^.]*highest priority"
)

_REFUSES = re.compile(r"busy|ready|rdy|idle|active|full|accept", re.IGNORECASE)
"""Names of outputs that may tell that a load is ignored."""


def propose_arbiter(subject: Subject) -> Choice | None:
    """Return the rule of an arbiter without memory, or of one whose grants go round as told."""
    said = subject.says(r"\barbiter\b|\barbitrat")
    req = subject.find_input("req", "request", "requests", "reqs", "r")
    gnt = subject.find_output("gnt", "grant", "grants", "gnts", "g", "ack")
    if said is None or req is None or gnt is None or subject.has_inout or subject.cone(gnt) != {req}:
        return None
    if subject.width(req) != subject.width(gnt) or subject.width(req) < 2 or subject.says(_HELD):
        return Choice(notes=("an arbiter that holds or weighs its grants: not judged",))
    delays = _delays(subject, gnt)
    if hit := subject.says(r"round[- ]robin"):
        behind = subject.says(
            r"(?:behind|after|following|next to|\+ 1)[^.]*\b(?:last|granted|winner|served)|\b(?:last"
            r"|granted|winner|served)\b[^.]*(?:lowest priority|behind|\+ 1|next)"
        )
        if behind is None or subject.clock is None or subject.says(r"fixed"):
            return Choice(notes=("a round-robin arbiter whose next turn isn't told: not judged",))
        ports = {"req": req, "gnt": gnt}
        text = snippet("", "", {"ports": ports, "requesters": subject.width(req), "delays": delays}).arguments
        title = f"{gnt} goes round among the requesters"
        rule = kind_rule(
            subject,
            "goes-round",
            title,
            ("round_robin", "RoundRobinRule"),
            text,
            ports=[gnt],
            aspects=_GRANTS,
            hits=[hit],
        )
        return Choice(rules=(rule,))
    low, high = subject.says(_LOW_WINS), subject.says(_HIGH_WINS)
    if bool(low) == bool(high):
        return Choice(notes=("an arbiter of which it isn't told plainly who wins: not judged",))
    r = now(req)
    text = f"{r} & -{r}" if low else f"1 << {r}.bit_length() - 1 if {r} else 0"
    title = f"{gnt} goes to the {'lowest' if low else 'highest'} requester"
    arguments = f"cases={cases([('True', text)])}, delays={delays}"
    return Choice(
        rules=(output_rule(subject, "grants", gnt, title, arguments, aspects=_GRANTS, hits=[said, low or high]),)
    )


_GRANTS = (r"grant|\bgnt\b|priority|one-?hot|requester|round",)


def _delays(subject: Subject, port: str) -> list[int]:
    if not subject.design.sequential or subject.says(
        rf"combinational|same (?:clock )?cycle as|{port} is not registered"
    ):
        return [0]
    return (
        [1] if subject.says(r"registered|(?:one|1) (?:clock )?cycle (?:later|after)|next (?:clock )?cycle") else [0, 1]
    )


_PATTERN = (
    r"(?:sequences?|patterns?|detects?|detector (?:of|for)|detecting|recogni[sz]es?)(?: (?:of"
    r"|the|a|an|bits?|is|input|specific|\d+-bit|binary|sequence|pattern|serial|for|in"
    r"|:))*\W{0,3}(?:\d+'b)?([01]{3,12})\b|\b([01]{3,12})[- ](?:sequence|pattern)"
)


def propose_pattern(subject: Subject) -> Choice | None:
    """Return the rule of a detector of one pattern; whether matches overlap may stay open."""
    told = subject.hits(_PATTERN)
    patterns = {hit[1] or hit[2] for hit in told}
    out = subject.find_output(
        "detected",
        "match",
        "sequence_detected",
        "found",
        "y",
        "z",
        "out",
        "detect",
        "det",
        "dout",
        "flag",
        "seq_detected",
        "o",
        "pattern_found",
        "data_out",
        "seq_det",
        width=1,
    )
    if (
        len(patterns) != 1
        or out is None
        or subject.clock is None
        or subject.has_inout
        or not subject.says(r"detect|recogni")
    ):
        return None
    table = {
        "bit": r"din|data_in|in|x|bit_in|d|serial_in|data|bit|a|w|sin|seq_in|input_bit|i|inp",
        "valid": r"en|enable|valid|din_valid|valid_in|bit_valid|in_valid|ce",
    }
    found = roles(subject, sorted(subject.cone(out)), table)
    vetoed = subject.says(
        r"\bLSB first|reversed|\bshort|more than one pattern|or [01]{3,}|don't care|\bignored?\b"
        r"|after (?:a|each|the) (?:detection|match)|\bskip|\bheld\b"
        r"|stays? (?:high|1|set) until"
    )
    if found is None or "bit" not in found or subject.width(found["bit"]) != 1 or vetoed:
        return Choice(notes=(f"a detector whose inputs or pattern aren't plain: {out} isn't judged",))
    without = subject.says(
        r"non-?overlap|without overlap|no overlap|not overlap|overlap\w* (?:is|are) not|starts? afresh"
    )
    overlap = subject.says(r"(?<!non-)(?<!non)(?<!without )(?<!no )(?<!not )\boverlap")
    overlaps = [False] if without else [True] if overlap else [True, False]
    same = subject.says(r"mealy|same (?:clock )?cycle|in the cycle in which|at the same time")
    later = subject.says(r"\bmoore\b|registered|next (?:clock )?cycle|cycle (?:after|later)|one clock (?:after|later)")
    delays = [0] if same and not later else [1, 2] if later and not same else [0, 1, 2]
    ports = {**found, "found": out}
    arguments = {"ports": ports, "pattern": patterns.pop(), "overlaps": overlaps, "delays": delays}
    text = snippet("", "", arguments).arguments
    title = f"{out} tells each {arguments['pattern']} on {found['bit']}"
    aspects = (r"detect|sequence|pattern|overlap|match",)
    rule = kind_rule(
        subject, "detects", title, ("pattern", "PatternRule"), text, ports=[out], aspects=aspects, hits=[told[0]]
    )
    return Choice(rules=(rule,))


def propose_serialiser(subject: Subject) -> Choice | None:
    """Return the rule of a register that is loaded and leaves bit by bit."""
    said = subject.says(r"\bPISO\b|parallel[- ](?:in|to)[- ,]+(?:and )?serial|serialis|serializ")
    out = subject.find_output(
        "so",
        "sout",
        "serial_out",
        "ser_out",
        "s_out",
        "q",
        "dout",
        "out",
        "sdo",
        "bit_out",
        "serial_o",
        "data_out",
        "serial",
        width=1,
    )
    if said is None or out is None or subject.clock is None or subject.has_inout:
        return None
    table = {
        "load": r"load|ld|pl|load_en|parallel_load|shift_load|wr|start|load_i",
        "data": r"d|din|data|data_in|pi|pin|p_in|parallel_in|par_in|in|parallel_data",
        "shift": r"en|enable|shift|shift_en|ce|sh_en",
        "bit": r"si|sin|serial_in|ser_in",
    }
    found = roles(subject, sorted(subject.cone(out)), table)
    highest, lowest = (
        subject.says(r"\bMSB[- ]first|most[- ]significant bit[^.]*\bfirst|from (?:the )?MSB to"),
        subject.says(r"\bLSB[- ]first|least[- ]significant bit[^.]*\bfirst|from (?:the )?LSB to"),
    )
    if (
        found is None
        or not {"load", "data"} <= found.keys()
        or bool(highest) == bool(lowest)
        or subject.width(found["data"]) < 2
    ):
        return Choice(notes=(f"a serialiser whose inputs or order aren't plain: {out} isn't judged",))
    if subject.width(found["load"]) != 1 or subject.says(
        r"\bUART\b|\bSPI\b|start bit|parity|active[- ]low load|load_n|while busy|idle"
    ):
        return Choice(notes=(f"a serialiser with a frame or an idle level: {out} isn't judged",))
    if waits := [name for name in subject.outputs if _REFUSES.search(name)]:
        return Choice(notes=(f"{waits[0]} may say when a word isn't taken: {out} isn't judged as a serialiser",))
    arguments = {"ports": {**found, "out": out}, "width": subject.width(found["data"]), "highest_first": bool(highest)}
    text = snippet("", "", arguments).arguments
    title = f"{out} is the next bit of the word that was loaded"
    aspects = (r"\bbits?\b|serial|shift|\bload",)
    rule = kind_rule(
        subject,
        "serialises",
        title,
        ("serialiser", "SerialiserRule"),
        text,
        ports=[out],
        aspects=aspects,
        hits=[said, highest or lowest],
    )
    return Choice(rules=(rule,))
