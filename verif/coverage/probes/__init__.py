"""Coverage points as hardware: one bit a point, the same in simulation and in proofs."""

from verif.coverage.probes.model import ProbedHarness
from verif.coverage.probes.probing import design_digest, with_probes

__all__ = ["ProbedHarness", "design_digest", "with_probes"]
