"""The process that runs Yosys commands, one a line of the file that it is given; ``done`` ends its output.

Only this file imports pyosys. A Yosys error ends the process, and a crash may: ``verif.formal.yosys`` reads what is
left.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyosys import libyosys


def main(script: str) -> None:
    """Run the commands of a file in order."""
    for command in Path(script).read_text(encoding="utf-8").splitlines():
        libyosys.run_pass(command)
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
