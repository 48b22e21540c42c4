"""Texts in cells that hold several values, or stand in lines: what would end them early is percent-encoded."""

from __future__ import annotations

import re

_MARKS = {"|": "%7C", "\t": "%09", "\n": "%0A", "\r": "%0D"}
_SIGNS = {code: sign for sign, code in {**_MARKS, '"': "%22", "%": "%25"}.items()}
_ESCAPED = re.compile("|".join(_SIGNS))
_UNSAFE = re.compile(rf"[|\t\n\r]|{'|'.join(f'%(?={code[1:]})' for code in _SIGNS)}")


def escaped(text: str) -> str:
    r"""Return a text without tabs, line ends and vertical bars; a per cent sign stays one where it can.

    >>> escaped("38% of a|b\nc"), escaped("%7C")
    ('38% of a%7Cb%0Ac', '%257C')
    """
    return _UNSAFE.sub(lambda found: _MARKS.get(found[0], "%25"), text)


def unescaped(text: str) -> str:
    """Return the text that `escaped` was given.

    >>> unescaped(escaped("%7C|%25")), unescaped("38%")
    ('%7C|%25', '38%')
    """
    return _ESCAPED.sub(lambda found: _SIGNS[found[0]], text)


def joined(values: list[str]) -> str:
    """Return values as one text with vertical bars between them; no values and one empty value look the same."""
    return "|".join(map(escaped, values))


def parted(text: str) -> list[str]:
    """Return the values that `joined` was given.

    >>> parted(joined(["a|b", "c"])), parted("")
    (['a|b', 'c'], [])
    """
    return [unescaped(value) for value in text.split("|")] if text else []
