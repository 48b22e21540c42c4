"""Reads a hand-edited YAML file against its schema, and knows the line of everything in it.

Every scalar stays the text that was typed, so that `no` is never `False` and `1.10` never `1.1`; only
`true` becomes a boolean.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml

from calcinosis_kg.errors import CalcinosisKGError, InputError
from calcinosis_kg.resources import folder

Step = str | int
"""One step of the way to a value: a key or an index."""

_DEPTH = 20
_SHOWN = 60


@dataclass(frozen=True)
class YamlFile:
    """A file's content, and where each part of it stands.

    Attributes:
        name: The file's path as it is shown to people.
        content: Mappings, lists, text and `True`.
        lines: The way to a value, as a tuple of keys and indices, to its line (from 1).
    """

    name: str
    content: Any
    lines: Mapping[tuple[Step, ...], int]

    def place(self, *way: Step) -> str:
        """Return `file:line` of the value at the end of the way, or of the nearest part that exists."""
        while way and way not in self.lines:
            way = way[:-1]
        return f"{self.name}:{self.lines.get(way, 1)}"


def read(path: Path, schema: str, name: str) -> tuple[YamlFile | None, list[CalcinosisKGError]]:
    """Read one file; give its content if it keeps to the schema, and all that is wrong with it.

    Args:
        path: The file.
        schema: Name of a file in `ontology/schema/`, such as `claims.schema.json`.
        name: The path as messages show it.

    Returns:
        The content (None if it breaks the schema) and the problems (empty if it does not).
    """
    try:
        content, reading = _parse(_text(path, name), name)
    except InputError as error:
        return None, [error]
    file = YamlFile(name, content, reading.lines)
    problems = [*reading.problems, *_check(file, schema)]
    return (None if problems else file), problems


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.", name) from error
    except IsADirectoryError as error:
        raise InputError("is a folder", "Put a YAML file there.", name) from error
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be read: {reason}", "Check the file and its rights.", name) from error


def _parse(text: str, name: str) -> tuple[object, "_Reading"]:
    """Return what a YAML text holds, and the reading that knows its lines.

    Raises:
        InputError: It is no YAML, holds nothing, or holds what these files do not use.
    """
    reading = _Reading(name)
    try:
        content = reading.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        # An unclosed quote or bracket is told by its own line, not by the one where its end is missed.
        unclosed = "end of stream" in (error.problem or "") or "flow" in (error.context or "")
        mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
        problem = "is not valid YAML: " + ", ".join(part for part in (error.context, error.problem) if part)
        place = f"{name}:{mark.line + 1 if mark else 1}"
        raise InputError(problem, "Check indentation, quotes and colons there.", place) from error
    except yaml.reader.ReaderError as error:
        place = f"{name}:{text.count(chr(10), 0, error.position) + 1}"
        problem = f"has a character that YAML does not allow (U+{ord(text[error.position]):04X})"
        raise InputError(problem, "Remove it.", place) from error
    if content in (None, ""):
        raise InputError("is empty", "Write its content, or delete the file.", name)
    return content, reading


class _Reading:
    """Makes values of YAML events, and notes the line of each.

    It takes events, not PyYAML's nodes: an alias that holds itself, one that multiplies, and brackets
    without end are told before they cost anything.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[tuple[Step, ...], int] = {}
        self.problems: list[CalcinosisKGError] = []

    def document(self, events: Iterator[yaml.Event]) -> object:
        """Return the one document's content; None if there is nothing.

        Raises:
            InputError: Something that these files do not use: an alias, a second document, deep nesting.
        """
        found: list[object] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    raise self._error("a second document starts here", "Remove the line '---'.", event)
                found.append(self._value(next(events), events, ()))
        return found[0] if found else None

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], way: tuple[Step, ...]) -> object:
        self.lines.setdefault(way, _line(event))
        if len(way) > _DEPTH:
            raise self._error(f"more than {_DEPTH} levels stand within each other", "Close the brackets.", event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, way)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._value(event, events, (*way, len(items))))
            return items
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error("an alias stands here", "Write out what it stands for.", event)
        return True if event.value == "true" and event.implicit[0] else str(event.value)

    def _mapping(self, events: Iterator[yaml.Event], way: tuple[Step, ...]) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error("a key is a list or has keys itself", "Write one word as the key.", event)
            key = str(event.value)
            if key in found:
                self.problems.append(self._error(f"'{key}' stands twice", "Keep one of the two.", event))
            self.lines[*way, key] = _line(event)
            found[key] = self._value(next(events), events, (*way, key))
        return found

    def _error(self, problem: str, remedy: str, event: yaml.Event) -> InputError:
        return InputError(problem, remedy, f"{self.name}:{_line(event)}")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    content = json.loads((folder("ontology") / "schema" / schema).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(content)


def _check(file: YamlFile, schema: str) -> Iterator[CalcinosisKGError]:
    for error in _validator(schema).iter_errors(file.content):
        way = tuple(error.absolute_path)
        for key, problem, remedy in _explain(error):
            yield InputError(problem, remedy, file.place(*way, key) if key else file.place(*way))


def _explain(error: jsonschema.ValidationError) -> Iterator[tuple[str, str, str]]:
    """Give each problem of one schema error: the key that it is about (if any), problem, remedy."""
    rule, value = str(error.validator), cast("Any", error.instance)
    schema = cast("Mapping[str, Any]", error.schema)
    wanted: Any = error.validator_value
    here = str(schema.get("description", "Correct it."))
    if rule in ("required", "dependentRequired"):
        # The message of each names the missing key first.
        missing = error.message.split("'")[1]
        yield "", f"'{missing}' is missing", _remedy(schema, missing)
    elif rule == "additionalProperties":
        known = list(schema["properties"])
        for key in sorted(value.keys() - set(known)):
            near = difflib.get_close_matches(key, known, n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(known)}."
            yield key, f"unknown key '{key}'", remedy
    elif rule == "enum":
        near = difflib.get_close_matches(str(value), wanted, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        yield "", f"{_short(value)} is not one of: {', '.join(wanted)}", here + hint
    elif rule == "type" and wanted == "object":
        yield "", "keys with values are wanted here", f"Write these keys at least: {', '.join(schema['required'])}."
    else:
        yield "", _unfit(rule, wanted, value), here


def _unfit(rule: str, wanted: object, value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    """Say why a value does not fit a rule of JSON Schema."""
    if rule == "type":
        return f"{'a list' if wanted == 'array' else 'text'} is wanted here"
    if rule in ("minLength", "maxLength") and value:
        return f"text of {len(value)} characters is {'longer' if rule == 'maxLength' else 'shorter'} than {wanted}"
    if rule in ("minLength", "minItems", "minProperties"):
        return "nothing stands here"
    return f"{_short(value)} is badly written" if rule == "pattern" else f"{_short(value)} does not fit here"


def _remedy(schema: Mapping[str, Any], key: str) -> str:
    entry: Mapping[str, Any] = schema.get("properties", {}).get(key, {})
    if "$ref" in entry:
        root = cast("Mapping[str, Any]", _validator("claims.schema.json").schema)
        entry = root["$defs"][entry["$ref"].rsplit("/", 1)[-1]]
    return f"Add '{key}': {entry['description']}" if "description" in entry else f"Add '{key}'."


def _short(value: object) -> str:
    """Quote a value, cut where it is long.

    >>> _short("a" * 70) == "'" + "a" * 60 + "…'"
    True
    """
    text = str(value) if isinstance(value, str | bool) else "this"
    return f"'{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}'"
