"""The merge: any biomedical graphs become one, and nothing is lost, fused or silenced.

A result is a function of a *set of records*: readers turn each row of each input into a record, the result
keeps every record with its original identifiers, and merging a result again is merging its records. That
makes a merge commutative, associative and idempotent, and lets a source be taken out again.

This subpackage needs the extra `merge`; nothing of it is imported before a merge is asked for.
"""

from importlib import import_module

from calcinosis_kg.errors import MissingExtraError

for _library in ("numpy", "pyarrow"):
    try:
        import_module(_library)
    except ImportError as error:
        raise MissingExtraError(_library, "merge") from error
