"""The folder in the user's cache where fetched models live, ready to load."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = "POSEDGE_MODELS"
"""Environment variable that names another folder, for example one that a team shares."""

FORMAT = 1
"""Version of the converted files; another version is fetched again."""

STAMP = "model.json"
WEIGHTS = "model.safetensors"
CONFIG = "config.json"
TOKENIZER = "tokenizer.json"


def models_folder() -> Path:
    """Return the folder of fetched models; it need not exist."""
    if chosen := os.environ.get(ENVIRONMENT):
        return Path(chosen).expanduser().resolve()
    import platformdirs

    return platformdirs.user_cache_path("posedge") / "models"


@dataclass(frozen=True, kw_only=True, slots=True)
class InstalledModel:
    """A model that was fetched and converted."""

    name: str
    folder: Path
    wheel_sha256: str
    size: int
    """Bytes of the weights."""

    @property
    def tokenizer(self) -> Path:
        """The tokenizer, as the ``tokenizers`` library reads it."""
        return self.folder / TOKENIZER


def installed(name: str, folder: Path | None = None) -> InstalledModel | None:
    """Return the model called ``name``, or None where it is missing, half there or of another format version."""
    place = (folder or models_folder()) / name
    try:
        stamp = json.loads((place / STAMP).read_text(encoding="utf-8"))
        complete = stamp["format"] == FORMAT and (place / WEIGHTS).stat().st_size == stamp["size"]
        complete = complete and (place / CONFIG).is_file() and (place / TOKENIZER).is_file()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not complete:
        return None
    return InstalledModel(name=name, folder=place, wheel_sha256=stamp["wheel_sha256"], size=stamp["size"])


def write_stamp(place: Path, *, wheel_sha256: str, source: str) -> None:
    """Complete the converted model in ``place`` by the file that says so."""
    stamp = {
        "format": FORMAT,
        "source": source,
        "wheel_sha256": wheel_sha256,
        "size": (place / WEIGHTS).stat().st_size,
    }
    (place / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def remove(name: str, folder: Path | None = None) -> bool:
    """Delete the model called ``name``; False where there was nothing."""
    place = (folder or models_folder()) / name
    if not place.is_dir():
        return False
    (place / STAMP).unlink(missing_ok=True)
    shutil.rmtree(place)
    return True
