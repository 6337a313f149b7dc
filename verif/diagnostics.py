"""The stable codes of every sentence that a user can meet, in one table.

A code is never given a second meaning; a sentence may be reworded. Hundreds name the area: 1 sources and design,
2 plan and specification, 3 simulators and tools, 4 bench, draft, adopt and run, 5 models and generate, 6 report and
metrics, 9 general.
"""

from __future__ import annotations

DIAGNOSTICS: dict[str, str] = {
    # 1: sources and design
    "PE101": "source-not-found",
    "PE102": "source-empty",
    "PE103": "source-binary",
    "PE104": "source-language",
    "PE105": "no-rtl",
    "PE106": "syntax-error",
    "PE107": "top-not-found",
    "PE108": "top-ambiguous",
    "PE109": "module-missing",
    "PE110": "clock-not-found",
    "PE111": "macro-undefined",
    "PE112": "parameter-without-value",
    "PE113": "elaboration-error",
    "PE114": "file-list-invalid",
    "PE115": "core-file-invalid",
    "PE116": "design-toml-invalid",
    "PE117": "include-not-found",
    "PE118": "design-toml-mismatch",
    "PE119": "source-option-invalid",
    "PE120": "no-module",
    "PE121": "source-unreadable",
    "PE122": "module-duplicated",
    # 2: plan and specification
    "PE201": "driver-kind-unknown",
    "PE202": "driver-option-wrong",
    "PE203": "testplan-not-readable",
    "PE204": "testplan-value-wrong",
    "PE205": "plan-answer-not-json",
    "PE206": "plan-answer-wrong",
    "PE211": "specification-not-found",
    "PE212": "specification-binary",
    "PE213": "specification-not-utf8",
    "PE214": "specification-empty",
    # 3: simulators and tools
    "PE301": "icarus-missing",
    "PE302": "verilator-missing",
    "PE303": "compiler-missing",
    "PE304": "ccache-missing",
    "PE305": "bubblewrap-missing",
    "PE306": "yosys-missing",
    "PE307": "libpython-missing",
    "PE310": "icarus-refuses",
    "PE311": "verilator-refuses",
    "PE312": "vhdl-not-taken",
    "PE313": "compiler-hangs",
    "PE314": "cpp-build-broke",
    "PE315": "simulator-unknown",
    # 4: bench, draft, adopt, run
    "PE401": "bench-not-found",
    "PE402": "manifest-not-toml",
    "PE403": "manifest-value-wrong",
    "PE410": "output-not-writable",
    # 5: models, generate
    "PE501": "model-unknown",
    "PE502": "wheel-not-readable",
    "PE503": "model-library-missing",
    "PE504": "models-folder-not-writable",
    "PE505": "model-conversion-wrong",
    "PE506": "model-request-forbidden",
    "PE507": "model-download-failed",
    "PE508": "wheel-digest-wrong",
    "PE509": "model-not-fetched",
    "PE510": "constraint-not-valid",
    "PE511": "answers-file-not-readable",
    "PE512": "mailbox-not-usable",
    "PE513": "script-has-no-answer",
    "PE514": "cassette-has-no-answer",
    "PE515": "answers-pending",
    "PE516": "answer-has-wrong-form",
    # 6: report, metrics
    "PE601": "nothing-to-report",
    "PE602": "report-not-writable",
    "PE603": "result-not-readable",
    "PE604": "ledger-not-usable",
    # 9: general
    "PE900": "internal-error",
    "PE901": "interrupted",
}
"""Code to short name."""
