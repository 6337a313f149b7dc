"""Find the mutants of a design."""

from __future__ import annotations

from collections.abc import Sequence

from verif.design.model import Design
from verif.errors import InputError
from verif.mutation.model import Mutant, Mutants
from verif.mutation.operators import chosen_operators
from verif.mutation.sampling import sampled


def mutants_of(
    design: Design, *, operators: Sequence[str] | None = None, count: int | None = None, seed: int = 1
) -> Mutants:
    """Return the mutants of ``design``, or ``count`` of them spread over operators and modules.

    The same sources, operators, count and seed give the same mutants. InputError PE902 for an operator that there
    isn't, PE903 where nothing is left to mutate or a count isn't positive; the errors of ``elaborate``.
    """
    names = chosen_operators(operators)
    if count is not None and count < 1:
        raise InputError("PE903", f"{count} mutants were asked for", allowed="a score needs at least one")
    found = tuple(mutant for mutant in _all(design) if mutant.operator in names)
    if not found:
        asked = f" of the operators {', '.join(names)}" if operators is not None else ""
        raise InputError(
            "PE903",
            f"there is nothing to mutate: no mutant{asked} has a place in the sources",
            where=design.top,
            hint="a score of no mutants says nothing",
        )
    chosen = found if count is None else sampled(found, count, seed)
    return Mutants(chosen=chosen, total=len(found), seed=seed)


def _all(design: Design) -> tuple[Mutant, ...]:
    from verif.design.elaboration import elaborate
    from verif.design.texts import Texts
    from verif.mutation.drafts import Drafts
    from verif.mutation.modules import Modules
    from verif.mutation.typed import Typed

    elaborated = elaborate(design.sources)
    drafts = Drafts(Texts(elaborated, design.sources))
    Modules(drafts, Typed.of(elaborated.top)).run(elaborated)
    return tuple(drafts.named())
