"""Models of arithmetic against published vectors, zlib and Python's integers."""

from __future__ import annotations

import zlib

import pytest

from tests.support.oracles import ASYNCHRONOUS, SYNCHRONOUS, play, same
from verif.bench.library.models.adder import AdderModel
from verif.bench.library.models.alu import AluModel
from verif.bench.library.models.comparator import ComparatorModel
from verif.bench.library.models.crc import CrcModel
from verif.bench.library.models.divider import DividerModel
from verif.bench.library.models.division import DivisionModel
from verif.bench.library.models.multiplier import MultiplierModel
from verif.bench.library.models.multiply_accumulate import MultiplyAccumulateModel
from verif.bench.library.models.priority_encoder import PriorityEncoderModel
from verif.bench.library.models.subtractor import SubtractorModel


def test_adder_agrees_with_integers_for_all_digits() -> None:
    model = AdderModel(ports=same("a", "b", "carry_in", "sum", "carry_out"), base=10)
    for a in range(10):
        for b in range(10):
            for carry in (0, 1):
                out = model.step({"a": a, "b": b, "carry_in": carry})
                assert out["carry_out"] * 10 + out["sum"] == a + b + carry
    assert model.step({"a": 10, "b": 0, "carry_in": 0}) == {"sum": None, "carry_out": None}


def test_subtractor_overflows_where_the_exact_difference_does_not_fit() -> None:
    model = SubtractorModel(ports=same("a", "b", "difference", "overflow", "borrow_out"), width=4)
    for a in range(-8, 8):
        for b in range(-8, 8):
            out = model.step({"a": a & 15, "b": b & 15})
            assert out["difference"] == (a - b) & 15
            assert out["overflow"] == (not -8 <= a - b <= 7)
            assert out["borrow_out"] == ((a & 15) < (b & 15))


def test_comparator_gives_exactly_one() -> None:
    model = ComparatorModel(ports=same("a", "b", "greater", "equal", "less"))
    assert model.step({"a": 3, "b": 2}) == {"greater": 1, "equal": 0, "less": 0}
    assert model.step({"a": 2, "b": 2}) == {"greater": 0, "equal": 1, "less": 0}
    assert model.step({"a": 1, "b": 2}) == {"greater": 0, "equal": 0, "less": 1}


@pytest.mark.parametrize(
    ("code", "a", "b", "expected"),
    [
        ("add", 0x80, 0x80, (0x00, 1, 0, 1, 1)),
        ("add", 0x7F, 0x01, (0x80, 0, 1, 0, 1)),
        ("sub", 0x80, 0x01, (0x7F, 0, 0, 0, 1)),
        ("sub", 0x01, 0x02, (0xFF, 0, 1, 1, 0)),
        ("nor", 0xF0, 0x0F, (0x00, 1, 0, 0, 0)),
        ("sra", 0x90, 0x0A, (0xE4, 0, 1, 0, 0)),
        ("srl", 0x90, 0x02, (0x24, 0, 0, 0, 0)),
        ("slt", 0x80, 0x7F, (0x01, 0, 0, 0, 0)),
        ("sltu", 0x80, 0x7F, (0x00, 1, 0, 0, 0)),
    ],
)
def test_alu_gives_hand_computed_result_and_flags(code: str, a: int, b: int, expected: tuple[int, ...]) -> None:
    carry = {"add": "carry", "sub": "borrow"}.get(code, 0)
    overflow = "overflow" if code in ("add", "sub") else 0
    names = ("y", "zero", "negative", "carry", "overflow")
    model = AluModel(ports=same("op", "a", "b", *names), width=8, operations={5: (code, carry, overflow)}, reserved=0)
    out = model.step({"op": 5, "a": a, "b": b})
    assert tuple(out[name] for name in names) == expected
    assert model.step({"op": 6, "a": a, "b": b}) == {"y": 0, "zero": 1, "negative": 0, "carry": 0, "overflow": 0}


def test_priority_encoder_gives_the_highest_or_the_lowest_line() -> None:
    ports = same("enable", "lines", "index", "onehot", "valid", "multiple")
    high = PriorityEncoderModel(ports=ports, highest_wins=True, idle=0)
    low = PriorityEncoderModel(ports=ports, highest_wins=False, idle=None)
    row = {"enable": 1, "lines": 0b0110}
    assert high.step(row) == {"index": 2, "onehot": 4, "valid": 1, "multiple": 1}
    assert low.step(row) == {"index": 1, "onehot": 2, "valid": 1, "multiple": 1}
    assert low.step({"enable": 0, "lines": 2}) == {"index": None, "onehot": None, "valid": 0, "multiple": 0}


def test_multiplier_shows_the_product_after_its_latency() -> None:
    model = MultiplierModel(ports=same("a", "b", "product"), reset=SYNCHRONOUS, width=8, latency=2)
    rows = [{"rst": 0, "a": a, "b": a + 1} for a in (3, 4, 5)]
    assert play(model, rows, "product") == [0, 0, 12]
    combinational = MultiplierModel(ports=same("a", "b", "product"), width=8)
    assert combinational.step({"a": 200, "b": 2}) == {"product": 400 & 255}


def test_division_by_zero_may_give_anything() -> None:
    model = DivisionModel(ports=same("dividend", "divisor", "quotient", "remainder"))
    assert model.step({"dividend": 17, "divisor": 5}) == {"quotient": 3, "remainder": 2}
    assert model.step({"dividend": 17, "divisor": 0}) == {"quotient": None, "remainder": None}


def test_divider_is_busy_for_its_latency_and_holds_its_results() -> None:
    ports = same("start", "dividend", "divisor", "busy", "done", "quotient", "remainder", "div_by_zero")
    model = DividerModel(ports=ports, reset=ASYNCHRONOUS, width=8, latency=3)
    row = {"rst_n": 1, "start": 1, "dividend": 100, "divisor": 7}
    rows = [row, {**row, "start": 0, "divisor": 1}, {**row, "start": 1, "divisor": 0}, {**row, "divisor": 0}]
    seen = [model.step(each) for each in (*rows, {**row, "start": 0}, {**row, "start": 0}, {**row, "start": 0})]
    assert [(s["busy"], s["done"]) for s in seen] == [(0, 0), (1, 0), (1, 0), (0, 1), (1, 0), (1, 0), (0, 1)]
    assert (seen[3]["quotient"], seen[3]["remainder"], seen[3]["div_by_zero"]) == (14, 2, 0)
    assert seen[5]["quotient"] == 14
    assert (seen[6]["quotient"], seen[6]["remainder"], seen[6]["div_by_zero"]) == (255, 100, 1)


def test_multiply_accumulate_sums_products() -> None:
    model = MultiplyAccumulateModel(ports=same("a", "b", "total"), reset=SYNCHRONOUS, width=8)
    rows = [
        {"rst": 0, "a": 10, "b": 20},
        {"rst": 0, "a": 9, "b": 9},
        {"rst": 1, "a": 1, "b": 1},
        {"rst": 0, "a": 0, "b": 0},
    ]
    assert play(model, rows, "total") == [0, 200, 281 & 255, 0]


@pytest.mark.parametrize("message", [b"", b"\0", b"123456789", bytes(range(50))])
def test_crc32_agrees_with_zlib(message: bytes) -> None:
    model = CrcModel(
        ports=same("clear", "valid", "data", "crc"),
        reset=SYNCHRONOUS,
        width=32,
        data_width=8,
        polynomial=0x04C11DB7,
        initial=0xFFFFFFFF,
        reflect_in=True,
        reflect_out=True,
        final_xor=0xFFFFFFFF,
    )
    for byte in b"junk":
        model.step({"rst": 0, "clear": 0, "valid": 1, "data": byte})
    model.step({"rst": 0, "clear": 1, "valid": 0, "data": 0})
    for byte in message:
        model.step({"rst": 0, "clear": 0, "valid": 1, "data": byte})
    assert model.step({"rst": 0, "clear": 0, "valid": 0, "data": 7})["crc"] == zlib.crc32(message)


def test_crc16_gives_the_published_check_value() -> None:
    model = CrcModel(
        ports=same("data", "crc"),
        reset=None,
        width=16,
        data_width=8,
        polynomial=0x1021,
        initial=0xFFFF,
        reflect_in=False,
        reflect_out=False,
        final_xor=0,
    )
    for byte in b"123456789":
        model.step({"data": byte})
    assert model.step({"data": 0})["crc"] == 0x29B1  # CRC-16/CCITT-FALSE in the catalogue of parametrised CRCs
