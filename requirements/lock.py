"""Write constraints.txt: the exact versions of everything that pyproject.toml pulls in, as installed here.

Run it with the Python of an environment in which all extras are installed and the tests pass.
"""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
EXTRAS = ("local", "notebooks", "floorplan", "formal", "dev")
HEADER = """\
# Exact versions for a repeatable environment; written by requirements/lock.py.
# torch is the release whose CPU build was tried; pyosys and pyslang move together only.
"""


def roots() -> list[Requirement]:
    """Return what pyproject.toml asks for, with the extras that the tests need."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [Requirement(line) for line in (*project["dependencies"], *(r for e in EXTRAS for r in optional[e]))]


def closure(wanted: list[Requirement]) -> dict[str, str]:
    """Follow the installed distributions' own requirements; name to version."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = list(wanted)
    while queue:
        item = queue.pop()
        name, extras = canonicalize_name(item.name), frozenset(item.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if item.marker is None:
                raise
            continue
        versions[name] = found.version.split("+")[0]
        for line in found.requires or ():
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                queue.append(need)
    return versions


if __name__ == "__main__":
    lines = [f"{name}=={version}\n" for name, version in sorted(closure(roots()).items())]
    (HERE / "constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"constraints.txt: {len(lines)} packages")
