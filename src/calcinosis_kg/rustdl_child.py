"""The program that runs rustdl in a process of its own, which can be killed; it prints one JSON object.

It is started by file name and imports nothing of this package: `python -I rustdl_child.py TASK`, where TASK is a
JSON file with `ontology` (an RDF/XML file), `megabytes`, and `questions` (lists of words as rustdl's `justify` takes
them). Without questions it classifies, with them it explains.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    """Do the task, and print what came of it."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        pass
    else:
        size = task["megabytes"] * 1024**2
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    warnings.simplefilter("ignore")
    import rustdl  # noqa: PLC0415 - after the limit

    path = task["ontology"]
    if task["questions"]:
        print(json.dumps(_explain(rustdl, path, task["questions"])))  # noqa: T201 - it talks by printing
    else:
        print(json.dumps(_classify(rustdl, path)))  # noqa: T201


def _classify(rustdl: Any, path: str) -> dict[str, Any]:  # noqa: ANN401 - the module is imported late
    found = rustdl.classify(path, per_pair_timeout_ms=0, global_timeout_ms=0)
    doubts = {
        "not every pair of classes was decided": not found.complete or found.timed_out_pairs,
        "consistency was not decided": found.consistency_undetermined,
        "the hierarchy of properties was not used in full": found.wedge_hierarchy_blind,
        "some clauses could not be matched": found.wedge_clauses_refused,
    }
    dropped = rustdl.dropped_axioms(path)
    return {
        "classes": sorted(found.classes),
        "consistent": not found.inconsistent,
        "unsatisfiable": sorted(found.unsatisfiable),
        "subclasses": [] if found.inconsistent else rustdl.materialize_inferred_subclass_axioms(path),
        "doubts": [
            *(text for text, doubtful in doubts.items() if doubtful),
            *(f"left out by rustdl: {kind}, {count} times" for kind, count in sorted(dropped.items())),
        ],
    }


def _explain(rustdl: Any, path: str, questions: list[list[str]]) -> list[list[str]]:  # noqa: ANN401 - as above
    if questions == [["inconsistent"]]:
        return [rustdl.justify(path, ["inconsistent"])]
    prepared = rustdl.prepare(path)
    return [prepared.justify(question) for question in questions]


if __name__ == "__main__":
    main()
