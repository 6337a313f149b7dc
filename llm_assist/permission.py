"""The switch that forbids model requests, so that no test reaches a real model by accident."""

from __future__ import annotations

import os

from verif.errors import ToolError

SWITCH = "POSEDGE_ALLOW_MODEL_REQUESTS"
"""Environment variable; ``0`` forbids requests, anything else or nothing allows them."""


class ModelRequestForbidden(ToolError):
    """A backend was about to compute or send a request while requests are switched off."""


def model_requests_allowed() -> bool:
    """Whether backends may compute or send requests in this process."""
    return os.environ.get(SWITCH, "1") != "0"


def demand_permission(model: str) -> None:
    """Raise ModelRequestForbidden unless requests are allowed; called by each backend that computes or sends one.

    Scripted and recorded answers need no permission.
    """
    if not model_requests_allowed():
        raise ModelRequestForbidden(
            "PE506",
            f"a request to the model '{model}' is forbidden here",
            allowed="scripted:FILE and replay:FILE answer without a request",
            hint=f"unset {SWITCH} to allow requests",
        )
