"""What holds for every driver: it repeats, it stays in range, each of its knobs matters, its text can stand alone."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from tests.support.drivers import EXAMPLES, play
from verif.errors import InputError
from verif.stimulus import drivers
from verif.stimulus.drivers.base import Addresses, Pace, corner, draw
from verif.stimulus.registry import DRIVER_KINDS, driver_class, driver_modules

KINDS = sorted(DRIVER_KINDS)
KNOBS = [(kind, knob) for kind in KINDS for knob in driver_class(kind).KNOBS]


def test_every_kind_has_an_example() -> None:
    assert sorted(EXAMPLES) == KINDS


def test_every_driver_class_is_registered() -> None:
    folder = Path(drivers.__file__).parent
    defined = {
        node.name
        for file in folder.glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(b) in ("Driver", "BusTarget", "StreamSource") for b in node.bases)
    }
    assert defined - {"BusTarget"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_stimulus_repeats_with_its_seed(kind: str) -> None:
    assert play(kind, 200, seed=3) == play(kind, 200, seed=3)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "Selection"])
def test_stimulus_differs_with_the_seed(kind: str) -> None:
    assert play(kind, 200, seed=3) != play(kind, 200, seed=4)


@pytest.mark.parametrize("kind", KINDS)
def test_reset_forgets_everything(kind: str) -> None:
    example = EXAMPLES[kind]
    driver = example.make(kind)
    driver.reset(random.Random(5))
    first = [driver.drive({}, {}) for _ in range(60)]
    driver.reset(random.Random(5))
    assert [driver.drive({}, {}) for _ in range(60)] == first


@pytest.mark.parametrize("kind", KINDS)
def test_driver_drives_exactly_what_it_owns(kind: str) -> None:
    driver = EXAMPLES[kind].make(kind)
    owned = {port for port in EXAMPLES[kind].ports if driver.owns(port)}
    assert owned
    driver.reset(random.Random(1))
    assert set(driver.idle()) == owned
    assert set(driver.drive({}, {})) == owned


@pytest.mark.parametrize("kind", KINDS)
def test_driver_takes_unknown_outputs(kind: str) -> None:
    driver = EXAMPLES[kind].make(kind)
    driver.reset(random.Random(1))
    unknown = dict.fromkeys(EXAMPLES[kind].ports)
    for _ in range(50):
        values = driver.drive({}, unknown)
    assert all(value >= 0 for value in values.values())


@pytest.mark.parametrize(("kind", "knob"), KNOBS)
def test_knob_changes_the_stimulus(kind: str, knob: str) -> None:
    words = driver_class(kind).KNOBS[knob]
    base: dict[str, int | str] = {"hold": "until_granted"} if kind == "Requester" else {}
    if knob == "runs" and kind == "WishboneMaster":
        base["block"] = 0
    settings = (0, 9) if isinstance(words, int) else words
    traces = [play(kind, 600, **base | {knob: setting}) for setting in settings]
    assert all(trace != traces[0] for trace in traces[1:])


@pytest.mark.parametrize("kind", KINDS)
def test_values_fit_their_ports(kind: str) -> None:
    driver = EXAMPLES[kind].make(kind)
    single = ("valid", "last", "ready", "en", "start", "sel", "enable", "write", "cyc", "stb", "we", "ack", "miso")
    widths: dict[str, int] = dict.fromkeys(single, 1)
    stated = {name: value for name, value in EXAMPLES[kind].options.items() if name.endswith("_width")}
    widths |= {name.removesuffix("_width"): int(str(value)) for name, value in stated.items()}
    for cycle in play(kind, 300):
        for name, value in cycle.items():
            if driver.owns(name):
                assert value is not None and 0 <= value < 1 << widths.get(name, 32), name


def test_pace_keeps_its_rate() -> None:
    rng = random.Random(2)
    for runs in ("random", "bursts", "long"):
        pace = Pace()
        on = sum(pace.tick(rng, 3, runs) for _ in range(30_000))
        assert 0.28 < on / 30_000 < 0.39


def test_pace_follows_a_new_rate_at_once() -> None:
    pace = Pace()
    rng = random.Random(2)
    assert all(pace.tick(rng, 9, "long") for _ in range(5))
    assert not any(pace.tick(rng, 0, "long") for _ in range(5))


@pytest.mark.parametrize("width", [1, 2, 7, 64])
@pytest.mark.parametrize("style", ["mixed", "uniform", "corners", "small", "count", "walk", "sparse", "hold"])
def test_drawn_values_fit_their_width(width: int, style: str) -> None:
    rng = random.Random(1)
    last = 0
    for _ in range(300):
        last = draw(rng, width, style, last)
        assert 0 <= last < 1 << width


def test_walk_shows_every_bit_in_turn() -> None:
    rng = random.Random(1)
    value, seen = 0, []
    for _ in range(5):
        value = draw(rng, 4, "walk", value)
        seen.append(value)
    assert seen == [1, 2, 4, 8, 1]


def test_corners_contain_the_extremes() -> None:
    rng = random.Random(1)
    seen = {corner(rng, 8) for _ in range(2000)}
    assert {0, 255, 1, 128, 127, 254, 129} <= seen


@pytest.mark.parametrize("style", ["mixed", "low", "any", "sweep"])
def test_addresses_are_aligned(style: str) -> None:
    addresses, rng = Addresses(width=10, step=4), random.Random(1)
    assert all(addresses.draw(rng, style) % 4 == 0 for _ in range(300))


def test_unaligned_addresses_are_unaligned() -> None:
    addresses, rng = Addresses(width=10, step=4, listed=[0, 8]), random.Random(1)
    assert all(addresses.draw(rng, "unaligned") % 4 for _ in range(100))


def test_sweep_visits_the_listed_registers_in_order() -> None:
    addresses, rng = Addresses(width=8, step=4, listed=[0, 4, 16]), random.Random(1)
    assert [addresses.draw(rng, "sweep") for _ in range(5)] == [0, 4, 16, 0, 4]


def test_unknown_driver_kind_is_told() -> None:
    with pytest.raises(
        InputError, match=r"^no driver kind 'Lamp'; there are AddressLines, ApbMaster, .*Wishbone\w+\.$"
    ):
        driver_class("Lamp")


def test_driver_modules_name_base_first_and_each_once() -> None:
    modules = driver_modules(["FifoPush", "FifoPop", "Bits"])
    assert [name.rpartition(".")[2] for name in modules] == ["base", "fifo", "plain"]
