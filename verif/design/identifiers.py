"""Names as Verilog writes them: as they are, or escaped where SystemVerilog would read them as something else."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_ADDED = """
accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit break byte chandle checker
class clocking const constraint context continue cover covergroup coverpoint cross dist do endchecker endclass
endclocking endgroup endinterface endpackage endprogram endproperty endsequence enum eventually expect export extends
extern final first_match foreach forkjoin global iff ignore_bins illegal_bins implements implies import inside int
interconnect interface intersect join_any join_none let local logic longint matches modport nettype new nexttime null
package packed priority program property protected pure rand randc randcase randsequence ref reject_on restrict return
s_always s_eventually s_nexttime s_until s_until_with sequence shortint shortreal soft solve static string strong
struct super sync_accept_on sync_reject_on tagged this throughout timeprecision timeunit type typedef union unique
unique0 until until_with untyped var virtual void wait_order weak wildcard with within
"""
_NEWER = frozenset(_ADDED.split())
"""Keywords that IEEE 1800-2017 (annex B) has and IEEE 1364-2005 has not: a Verilog file may use them as names."""


def is_plain(name: str) -> bool:
    """Whether ``name`` needs no escape in SystemVerilog (keywords of Verilog aside, which no design can use)."""
    return _PLAIN.match(name) is not None and name not in _NEWER


def reference(name: str) -> str:
    """Return ``name`` as it is, or as an escaped identifier with its space."""
    return name if is_plain(name) else f"\\{name} "
