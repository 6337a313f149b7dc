"""Setting up: what it says where it can't go on, and that it does nothing where nothing is missing."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

from tests.support.command import ROOT

BOOTSTRAP = ROOT / "scripts" / "bootstrap"
BASE_PROGRAMS = ("bash", "env", "dirname", "id", "python3")


def bootstrap(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BOOTSTRAP), *arguments],
        env={"PATH": str(path)} if path else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_bootstrap_names_what_it_can_set_up() -> None:
    done = bootstrap("everything")
    assert (done.returncode, done.stderr) == (2, "usage: scripts/bootstrap demo|test\n")


def test_bootstrap_without_a_package_manager_names_what_is_missing(tmp_path: Path) -> None:
    for name in BASE_PROGRAMS:
        (tmp_path / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
    done = bootstrap("demo", path=tmp_path)
    assert done.returncode == 3
    assert "bootstrap: missing: iverilog bubblewrap ccache g++ make" in done.stdout
    assert "install them with its own package manager and run this again" in done.stdout


def test_constraints_pin_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    extra = [name for part in ("local", "notebooks", "floorplan", "dev") for name in extras[part]]
    wanted = [*project["dependencies"], *extra]
    lines = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0] for line in lines if "==" in line}
    names = {_name(requirement) for requirement in wanted}
    assert names - pinned == set()


def _name(requirement: str) -> str:
    for sign in "<>=!~[; ":
        requirement = requirement.partition(sign)[0]
    return requirement.lower().replace("_", "-")


def test_every_make_target_is_listed_in_its_help() -> None:
    call = ["make", "--no-print-directory", "help"]
    listed = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    targets = [line.split(":")[0].strip() for line in listed]
    assert targets == ["help", "demo", "test", "test-all", "lint", "clean"]
