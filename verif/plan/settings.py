"""What a knob may be set to, and the sentence where it isn't."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verif.plan.model import Knob, Phase, Setting


def setting_trouble(knob: Knob, setting: Setting) -> str:
    """Return what is wrong with a setting of ``knob``; empty where nothing is."""
    if knob.kind == "rate" and (not isinstance(setting, int) or isinstance(setting, bool) or not 0 <= setting <= 9):
        return f"{setting!r} is no rate; 0 to 9 is allowed"
    if knob.kind == "choice" and setting not in knob.choices:
        return f"{setting!r} is not a choice; allowed are {', '.join(knob.choices)}"
    return ""


def phase_troubles(phase: Phase, knobs: Mapping[str, Knob]) -> Iterator[str]:
    """Yield what is wrong with the settings of one phase."""
    for name, setting in phase.settings.items():
        if name not in knobs:
            yield f"no knob {name!r}; there are {', '.join(list(knobs)[:12])}{', ...' if len(knobs) > 12 else ''}"
        elif message := setting_trouble(knobs[name], setting):
            yield f"{name}: {message}"
