"""Reads a hand-edited YAML file against its schema, and knows the line of everything in it.

Every scalar stays the text that was typed, so that `no` is never `False` and `1.10` never `1.1`; only
`true` becomes a boolean.
"""

import difflib
import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from calcinosis_kg.errors import CalcinosisKGError, InputError
from calcinosis_kg.resources import folder

Step = str | int
"""One step of the way to a value: a key or an index."""


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
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, [InputError(f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.", name)]
    except IsADirectoryError:
        return None, [InputError("is a folder", "Put a YAML file there.", name)]
    except OSError as error:
        return None, [InputError(f"cannot be read ({error.strerror})", "Check the file and its rights.", name)]
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = f"is not valid YAML: {error.problem or error.context}"
        return None, [InputError(problem, "Check indentation, quotes and colons there.", f"{name}:{line}")]
    except yaml.YAMLError as error:
        return None, [InputError(f"is not valid YAML: {error}", "Remove what YAML does not allow.", name)]
    if node is None:
        return None, [InputError("is empty", "Write its content, or delete the file.", name)]
    lines: dict[tuple[Step, ...], int] = {}
    problems: list[CalcinosisKGError] = []
    content = _plain(node, (), lines, problems, name)
    file = YamlFile(name, content, lines)
    problems += _check(file, schema)
    return (None if problems else file), problems


def _plain(
    node: yaml.Node,
    way: tuple[Step, ...],
    lines: dict[tuple[Step, ...], int],
    problems: list[CalcinosisKGError],
    name: str,
) -> object:
    lines.setdefault(way, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                problems.append(InputError(f"'{key}' stands twice", "Keep one of the two.", f"{name}:{line}"))
            lines[*way, key] = line
            found[key] = _plain(value_node, (*way, key), lines, problems, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*way, index), lines, problems, name) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:bool" and node.value == "true":
        return True
    return str(node.value)


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    content = json.loads((folder("ontology") / "schema" / schema).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(content)


def _check(file: YamlFile, schema: str) -> Iterator[CalcinosisKGError]:
    errors = sorted(_validator(schema).iter_errors(file.content), key=lambda error: [str(s) for s in error.absolute_path])
    for error in errors:
        way = tuple(error.absolute_path)
        for key, problem, remedy in _explain(error):
            place = file.place(*way, key) if key else file.place(*way)
            yield InputError(problem, remedy, place)


def _explain(error: jsonschema.ValidationError) -> Iterator[tuple[str, str, str]]:
    """Give each problem of one schema error: the key that it is about (if any), problem, remedy."""
    rule, schema, value = error.validator, error.schema, error.instance
    here = str(schema.get("description", "Correct it.")) if isinstance(schema, dict) else "Correct it."
    if rule == "required":
        missing = next(key for key in error.validator_value if f"'{key}'" in error.message)
        yield "", f"'{missing}' is missing", _remedy(schema, missing)
    elif rule == "dependentRequired":
        missing = error.message.split("'")[1]
        yield "", f"'{missing}' is missing", _remedy(schema, missing)
    elif rule == "additionalProperties":
        known = list(schema["properties"])
        for key in sorted(set(value) - set(known)):
            near = difflib.get_close_matches(key, known, n=1)
            yield key, f"unknown key '{key}'", f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(known)}."
    elif rule == "enum":
        near = difflib.get_close_matches(str(value), error.validator_value, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        yield "", f"'{value}' is not one of: {', '.join(error.validator_value)}", here + hint
    elif rule == "pattern":
        yield "", f"'{value}' is badly written", here
    elif rule == "maxLength":
        yield "", f"text of {len(value)} characters is longer than {error.validator_value}", here
    elif rule == "type":
        wanted = {"array": "a list", "object": "keys with values", "string": "text"}.get(error.validator_value, "something else")
        yield "", f"{wanted} is wanted here", here
    else:
        yield "", f"{_short(value)} does not fit here", here


def _remedy(schema: Mapping[Hashable, Any], key: str) -> str:
    entry = schema.get("properties", {}).get(key, {})
    if "$ref" in entry:
        root = _validator("claims.schema.json").schema
        entry = root["$defs"].get(entry["$ref"].rsplit("/", 1)[-1], {})
    return f"Add '{key}': {entry['description']}" if "description" in entry else f"Add '{key}'."


def _short(value: object) -> str:
    text = str(value) if isinstance(value, str | bool) else "this"
    return f"'{text[:40]}'"
