"""The page in a real browser: it renders, says what it must, and asks for nothing."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.tools import need
from verif.report.collect import collect
from verif.report.html import write_html
from verif.workspace import Workspace

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
FLAGS += ["--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"]
"""The last flag keeps the browser's own services (updates, time) from leaving the machine."""


@pytest.fixture(scope="module")
def chromium() -> str:
    return need("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def page(tmp_path: Path, workspace: Workspace) -> Path:
    trace = reports.write_trace(tmp_path / "trace.jsonl")
    broken = reports.run(reports.failing_test(trace), sources=["bugs/off_by_one.sv"])
    run = reports.run(coverage=reports.COVERAGE)
    tb = tmp_path / "tb" / "sync_fifo"
    reports.bench(tb, workspace, draft=reports.draft(), run=run, run_at_off_by_one=broken, close=reports.close())
    return write_html(collect(tb, workspace), tmp_path / "report.html")


def browse(chromium: str, directory: Path, *arguments: str) -> str:
    profile = f"--user-data-dir={directory / 'profile'}"
    done = subprocess.run(
        [chromium, *FLAGS, profile, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def requests(log: Path) -> list[str]:
    """Addresses that the page asked for, from the browser's network log; the browser's own requests are no page's."""
    text = log.read_text(encoding="utf-8").rstrip().rstrip(",")
    events = json.loads(text if text.endswith("}") else text + "]}")["events"]
    asked = [event.get("params", {}) for event in events]
    return sorted({p["url"] for p in asked if "url" in p and p.get("initiator", "not an origin") != "not an origin"})


def test_page_renders_in_a_browser_and_asks_for_nothing(chromium: str, page: Path, tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    shown = browse(chromium, tmp_path, f"--log-net-log={log}", "--dump-dom", page.as_uri())
    assert "requirements checked 2/3" in shown
    assert "<title>Waves of test_wrap</title>" in shown
    assert "Points over cycles: 2 of 4 points hit, 1 proven unreachable" in shown
    assert requests(log) == []


def test_link_to_a_witness_opens_it(chromium: str, tmp_path: Path, workspace: Workspace) -> None:
    close = reports.close()
    close["witnesses"] = [{**close["witnesses"][0], "id": f"cover_{n}"} for n in range(6)]
    tb = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, close=close)
    address = write_html(collect(tb, workspace), tmp_path / "page.html").as_uri()
    closed, opened = '<details class="card witness">', '<details class="card witness" open="">'
    assert browse(chromium, tmp_path, "--dump-dom", address).count(closed) == 6
    shown = browse(chromium, tmp_path, "--dump-dom", f"{address}#b1-cover_3")
    assert (shown.count(closed), shown.count(opened)) == (5, 1)


def test_a_page_that_asks_for_something_is_seen(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "asks.html"
    page.write_text('<img src="http://127.0.0.1:9/pixel.png">')
    log = tmp_path / "net.json"
    browse(chromium, tmp_path, f"--log-net-log={log}", "--dump-dom", page.as_uri())
    assert requests(log) == ["http://127.0.0.1:9/pixel.png"]


def test_screenshot_of_the_page_is_not_blank(chromium: str, page: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    browse(chromium, tmp_path, f"--screenshot={picture}", "--window-size=1200,2600", page.as_uri())
    data = picture.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1200, 2600)
    assert len(data) > 60_000
