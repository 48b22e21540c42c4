"""What can go wrong, and what to do about it.

::

    CalcinosisKGError            every error of this package; `except` this one
    ├── SourceError              a hand-edited file under `ontology/` is wrong
    ├── PrefixError              a CURIE or IRI whose prefix is not in `context.jsonld`
    ├── QueryError               a query that is unknown, unsafe, badly written or lacks a parameter
    ├── FormatError              a format that is unknown, or cannot hold what was asked of it
    ├── InputError               a file that is missing, unreadable or not what was expected
    ├── ReasonerError            a reasoner that took too long, ran out of memory or refused its input
    └── MissingExtraError        an optional library is not installed (also an `ImportError`)

Each message has a place, a problem and a remedy: `file:line: what is wrong. What to do.`
"""

from collections.abc import Sequence


class CalcinosisKGError(Exception):
    """An error that a user can mend.

    Args:
        problem: What is wrong, as one sentence without its full stop.
        remedy: What to do about it, as one sentence.
        place: Where it is: `file:line`, a file, a query name. Empty when there is no place.

    >>> str(CalcinosisKGError("no such drug", "Look it up.", "a.yaml:3"))
    'a.yaml:3: no such drug. Look it up.'
    """

    def __init__(self, problem: str, remedy: str, place: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        self.place = place
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.problem}. {self.remedy}"


class SourceError(CalcinosisKGError):
    """One or more mistakes in the hand-edited files, all found in one reading.

    Attributes:
        problems: The mistakes, in the order of file and line.
    """

    def __init__(self, problems: Sequence[CalcinosisKGError]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.problem, first.remedy, first.place)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in getattr(self, "problems", ()))


class PrefixError(CalcinosisKGError):
    """A CURIE or IRI that the prefix map cannot expand or compress."""


class QueryError(CalcinosisKGError):
    """A query that is unknown, unsafe, badly written, or lacks a parameter."""


class FormatError(CalcinosisKGError):
    """A format that is unknown, or that cannot hold what was asked of it."""


class InputError(CalcinosisKGError):
    """A file or folder that is missing, unreadable, or not what was expected."""


class ReasonerError(CalcinosisKGError):
    """A reasoner gave no answer: it took too long, ran out of memory, or refused its input.

    Attributes:
        refused: Whether it refused its input, so that neither time nor memory would help.
    """

    def __init__(self, problem: str, remedy: str, place: str = "", *, refused: bool = False) -> None:
        self.refused = refused
        super().__init__(problem, remedy, place)


class MissingExtraError(CalcinosisKGError, ImportError):
    """An optional library that is not installed.

    >>> str(MissingExtraError("pandas", "dataframes"))
    "pandas is not installed. Run: pip install 'calcinosis-kg[dataframes]'"
    """

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed", f"Run: pip install 'calcinosis-kg[{extra}]'")
