"""The words of statements, as regular expressions."""

from __future__ import annotations

HEAD = (
    r"^(?:[-*+>]\s+|#+\s+|\d+[.)]\s+)*(?:\*\*|`|\[|\()*(?:[A-Z][A-Z0-9_-]*\d+(?:\.\d+)*[a-z]?)(?:\*\*|`|\]|\))*"
    r"\s*[:.\u2013\u2014-]+(?:\*\*)?\s+"
)
"""A requirement's id in front of a sentence."""
BULLET = r"^(?:[-*+>]\s+|\d+[.)]\s+)+"
IS = r"(?:(?:shall|must|will|should) (?:always )?(?:be|become)|(?:is|are)(?: always| then)?|becomes?|equals?|=|goes)"
TAKES = r"(?:takes(?: on)?|gets|loads|captures|copies|samples|latches|is loaded with|is updated (?:with|to)|shall take)"
DRIVEN = (
    r"(?:(?:is|are|shall be|must be|will be) (?:set to|assigned|driven (?:to|with|by)|cleared to|reset to"
    r"|initiali[sz]ed to)|shows|carries|outputs|reflects|follows)"
)
KEEPS = (
    r"(?:(?:shall )?(?:holds?|keeps?|retains?|maintains?) (?:its|the|their) (?:current |previous |old |last |present )?"
    r"(?:value|state|contents?)s?|(?:remains?|stays?) (?:unchanged|the same|constant|stable)|do(?:es)? not change"
    r"|shall not change|is unchanged|is held)"
)
CHANGES = (
    r"(increments|is incremented|increases|counts up|goes up|decrements|is decremented|decreases|counts down|goes down)"
    r"(?: by (one|1|two|three|four|\d+))?"
)
DOER = (
    r"^(?:it|the (?:unit|module|circuit|block|design|output)) "
    r"(?:computes|calculates|outputs|gives|performs)(?: that| the operation)? (?=\w+ (?:=|is|equals))"
)
RAISED = r"high|set|asserted|active|true|pulsed?|given|granted|raised|driven high|pulled high"
TOGGLES = r"toggles|is toggled|inverts|is inverted|changes state"
EDGE = (
    r"(?:on|at|with|by|after) (?:the |each |every |any )?(?:next |following )?"
    r"(?:(?:rising|positive|active|falling|negative) )?(?:clock )?(?:edge|posedge|cycle|clock|tick)"
    r"(?: of (?:the )?\w+| edge)?"
)
EVERY = r"(?:every|each) (?:clock )?(?:cycle|clock|edge)"
_MANY = r"(a|one|two|three|four|five|six|eight|\d+)"
LATER = (
    rf"(?:(?:exactly )?{_MANY}(?: clock)? cycles? (?:later|after(?:wards)?)"
    rf"|(?:delayed|with a delay|with a latency) (?:by|of) {_MANY} (?:clock )?(?:cycles?|clocks?)"
    r"|(in|from) the (?:next|following) (?:clock )?cycle(?: on)?)"
)
SAME = r"(?:in the same (?:clock )?cycle|combinationally|combinatorially|immediately)"
RESET_TIME = (
    r"(?:on|after|upon|at|during|in|while in|by) (?:an? |the |any )?"
    r"(?:(?:active[- ](?:high|low)|a?synchronous) )?(?:reset|RESET|power-?up reset)"
)
WHEN = (
    r",? (exactly when|exactly if|only when|only if|only while|if and only if|iff|when|if|while|whenever"
    r"|in a cycle with|as long as)(?: the)? "
)
BEGINS = (
    r",? (?:then )?(?=the |it |all |both |\w+(?:\[[^\]]*\])? "
    r"(?:is|are|shall|must|will|becomes|equals?|=|takes|gets|holds"
    r"|keeps|shifts|increments|decrements|loads|shows|toggles|counts|retains|remains|stays|does|outputs|follows|carries)\b)"
    r"|, (?:then )?"
)
"""What stands between a condition and what holds under it."""
PORTS = (
    r"(?:[Bb]oth |[Tt]he |[Oo]utput |[Ss]ignal )*((?:\w+(?:, (?:and )?| and ))*\w+)"
    r"(?: outputs?| flags?| signals?| registers?)? (\S.*)"
)
RESTRICTS = (
    r"\b(?:when|if|while|unless|until|after|before|except|only|once|cycles?|but|instead|otherwise|saturat\w*|clamp\w*"
    r"|invert\w*|signed|holds?|keeps?|stops?|priority|wins|overrid\w*|ignored?|delay\w*|latency|register\w*|gated|masked"
    r"|limit\w*|wraps?|then)\b"
)
"""Words by which a sentence that isn't understood may change what another one says."""
