"""Names of models, as ``--model`` takes them, and the backends behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from llm_assist.embedded import EMBEDDED
from llm_assist.model import Model
from llm_assist.store import installed
from verif.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelInfo:
    """A line of ``posedge models``."""

    name: str
    """What ``--model`` takes; capitals stand for what the user puts there."""
    title: str
    ready: bool
    """False where something has to be fetched first."""
    size: int = 0
    """Bytes on disk."""
    fix: str = ""
    """The command that makes it ready."""


_FORMS: dict[str, str] = {
    "scripted:FILE": "answers written beforehand in a JSON file",
    "replay:FILE": "answers recorded earlier",
    "record:FILE:MODEL": "asks MODEL and records its answers for replay",
    "mailbox:DIR": "prompts and answers as files, for air-gapped use",
}


def available_models() -> tuple[ModelInfo, ...]:
    """Return every name that ``load_model`` takes."""
    embedded = []
    for model in EMBEDDED.values():
        there = installed(model.name)
        embedded.append(
            ModelInfo(
                name=model.name,
                title=f"{model.title}, runs on this machine ({model.licence})",
                ready=there is not None,
                size=there.size if there else 0,
                fix="" if there else f"posedge models pull {model.name}",
            )
        )
    forms = [ModelInfo(name=name, title=title, ready=True) for name, title in _FORMS.items()]
    return (*embedded, *forms)


def load_model(name: str) -> Model:
    """Return the model called ``name``; its weights are read at the first request. InputError for an unknown name."""
    scheme, colon, rest = name.partition(":")
    if name in EMBEDDED:
        from llm_assist.backends.local import LocalModel

        return LocalModel(name)
    if colon and rest and scheme in _OPENERS:
        return _OPENERS[scheme](rest)
    known = ", ".join((*EMBEDDED, *_FORMS))
    raise InputError("PE501", f"no model is called '{name}'", allowed=f"known: {known}")


def _open_script(rest: str) -> Model:
    from llm_assist.backends.scripted import read_script

    return read_script(Path(rest))


def _open_cassette(rest: str) -> Model:
    from llm_assist.backends.replay import ReplayModel

    return ReplayModel(Path(rest))


def _open_recorder(rest: str) -> Model:
    from llm_assist.backends.replay import RecordingModel

    file, colon, inner = rest.partition(":")
    if not (file and colon and inner):
        raise InputError("PE501", f"'record:{rest}' names no model to record", allowed="the form is record:FILE:MODEL")
    return RecordingModel(load_model(inner), Path(file))


def _open_mailbox(rest: str) -> Model:
    from llm_assist.backends.mailbox import MailboxModel

    return MailboxModel(Path(rest))


_OPENERS: dict[str, Callable[[str], Model]] = {
    "scripted": _open_script,
    "replay": _open_cassette,
    "record": _open_recorder,
    "mailbox": _open_mailbox,
}
