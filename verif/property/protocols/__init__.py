"""Properties of published protocols, as SystemVerilog assertions over a design's own ports."""

from __future__ import annotations

from verif.property.protocols.file import DraftedFile, drafted_file, props_file_name
from verif.property.protocols.model import Drafted

__all__ = ["Drafted", "DraftedFile", "drafted_file", "props_file_name"]
