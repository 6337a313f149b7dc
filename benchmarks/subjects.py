"""What the benchmarks of the batch engine measure on: designs with bench, harness and stimulus."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.bench.library.select import choose_oracles  # noqa: E402
from verif.bench.oracles import OracleSet  # noqa: E402
from verif.bench.render import BenchSource, render_python  # noqa: E402
from verif.campaign.drafts.from_sources import specification_of  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.model import Design  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.harness import Harness, assemble  # noqa: E402
from verif.plan.baseline import baseline_plan  # noqa: E402
from verif.plan.model import Testplan  # noqa: E402

SERV = "serv"
"""The RISC-V core with its register file, from the package ``pythondata-cpu-serv``."""
PICORV32 = "picorv32"
"""The RISC-V core of that name, from the package ``pythondata-cpu-picorv32``."""
_PACKAGES = {SERV: ("pythondata_cpu_serv", "verilog/rtl", "serv_rf_top")}
_PACKAGES[PICORV32] = ("pythondata_cpu_picorv32", "verilog/picorv32.v", "picorv32")
"""Design to its package, the sources in it, the top."""


@dataclass(frozen=True)
class Subject:
    """A design of ``rtl/``, serv or picorv32."""

    name: str

    @cached_property
    def design(self) -> Design:
        """The elaborated design."""
        if self.name not in _PACKAGES:
            return read_design(resolve_sources((str(ROOT / "rtl" / self.name / "design.toml"),)))
        name, place, top = _PACKAGES[self.name]
        package = importlib.util.find_spec(name)
        if package is None or package.origin is None:
            raise SystemExit(f"{self.name} is not installed: pip install {name.replace('_', '-')}")
        sources = resolve_sources((str(Path(package.origin).parent / place),))
        return read_design(replace(sources, top=top))

    @cached_property
    def oracles(self) -> OracleSet:
        """What judges it, as in a draft."""
        return choose_oracles(self.design, specification_of(self.design))

    @cached_property
    def plan(self) -> Testplan:
        """The baseline plan, as in a draft."""
        specification = specification_of(self.design)
        requirements = specification.requirements if specification else ()
        return baseline_plan(self.design, requirements, self.oracles.drivers)

    @cached_property
    def checked(self) -> Harness:
        """The harness with all its hardware monitors."""
        return assemble(self.design, self.plan, self.oracles)

    @cached_property
    def raw(self) -> Harness:
        """The harness without monitors."""
        return assemble(self.design, self.plan, replace(self.oracles, model=None, rules=()))

    def write_bench(self, directory: Path) -> Path:
        """Write the drafted bench's Python into ``directory``; return the file with the TB class."""
        directory.mkdir(parents=True, exist_ok=True)
        source = BenchSource(design=self.design, plan=self.plan, oracles=self.oracles)
        for name, text in render_python(source).items():
            (directory / name).write_text(text, encoding="utf-8")
        return directory / f"{source.module}_tb.py"
