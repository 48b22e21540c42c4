"""Whether an ontology is in OWL 2 EL, the profile in which reasoning stays fast; which axioms leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from calcinosis_kg import axioms, oxigraph
from calcinosis_kg.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from calcinosis_kg.axioms import Axioms


class Violation(NamedTuple):
    """An axiom that is not in the profile, in functional syntax with labels, and why not."""

    axiom: str
    reason: str


def violations(quads: Iterable[ox.Quad]) -> list[Violation]:
    """Return the axioms in quads that leave OWL 2 EL.

    Raises:
        MissingExtraError: py-horned-owl is not installed.
        InputError: The ontology cannot be read as OWL.

    >>> from calcinosis_kg import shipped, views
    >>> violations(views.ontology(shipped.quads()))
    []
    """
    try:
        import pyhornedowl  # noqa: PLC0415 - optional
        from pyhornedowl.profile import check_profile  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError("py-horned-owl", "reason") from error
    given = axioms.read(oxigraph.canonical(quads))
    try:
        ontology = pyhornedowl.open_ontology_from_string(given.rdf_xml().decode(), "rdf")
    except ValueError as error:
        raise InputError(f"not an OWL ontology: {error}", "Mend the axiom.") from error
    report: list[Any] = check_profile(ontology, "EL").violations
    return sorted({Violation(_subject(each, given), _reason(each)) for each in report})


def _reason(each: Any) -> str:  # noqa: ANN401 - as below
    reason = str(getattr(each, "reason", None) or each.message)
    return f"{reason}. Declare it, or give the file that does too" if "undeclared" in reason else reason


def _subject(each: Any, given: Axioms) -> str:  # noqa: ANN401 - the library has no common type for them
    """Return the axiom, or the name or chain of names, that a finding is about."""
    if hasattr(each, "axiom"):
        return given.words(str(each.axiom.component))
    return given.name(str(each.iri)) if hasattr(each, "iri") else given.words(" ".join(map(str, each.cycle)))
