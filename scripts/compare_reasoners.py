"""Let both reasoners work on the shipped ontology, or on RDF files, and print what each found.

    python scripts/compare_reasoners.py [FILE...]

Exit status: 0 they agree, 1 they do not or one of them missed something, 2 one of them is not there or gave no answer.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from calcinosis_kg import oxigraph, reasoner, reasoners, shipped
from calcinosis_kg.errors import CalcinosisKGError


def main(files: list[str]) -> int:
    """Print one line for each engine, and whether they agree."""
    quads = [quad for file in files for quad in oxigraph.parse(Path(file))] if files else shipped.quads()
    found = []
    print(f"{'engine':<8}{'consistent':>12}{'complete':>10}{'unsatisfiable':>15}{'pairs':>8}{'new':>6}{'seconds':>9}")
    for engine in reasoners.ENGINES:
        start = time.monotonic()
        one = reasoner.conclude(quads, engine=engine)
        seconds = time.monotonic() - start
        said = ("no", "yes")
        print(
            f"{engine:<8}{said[one.consistent]:>12}{said[one.complete]:>10}{len(one.unsatisfiable):>15}"
            f"{len(one.hierarchy):>8}{len(one.findings) - len(one.unsatisfiable):>6}{seconds:>9.1f}"
        )
        found.append(one)
    doubts = [f"{one.engine}: {doubt}" for one in found if not one.complete for doubt in one.notes]
    if doubts:
        print("NOT COMPLETE, so not comparable:", "; ".join(doubts))
        return 1
    hermit, rustdl = found
    same = [getattr(hermit, part) == getattr(rustdl, part) for part in ("consistent", "unsatisfiable", "hierarchy")]
    print("the same" if all(same) else "THEY DIFFER")
    for one, other in ((hermit, rustdl), (rustdl, hermit)):
        for pair in sorted(one.hierarchy - other.hierarchy):
            print(f"  only {one.engine} has", *pair)
    return 0 if all(same) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CalcinosisKGError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
