"""Let both reasoners work on the shipped ontology, or on RDF files, and print what each found.

    python scripts/compare_reasoners.py [FILE...]

Exit status: 0 they agree, 1 they do not.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from calcinosis_kg import oxigraph, reasoner, reasoners, shipped


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
        found.append((one.consistent, one.unsatisfiable, one.hierarchy))
    same = found[0] == found[1]
    print("the same" if same else "THEY DIFFER")
    for pair in sorted(found[0][2] ^ found[1][2]):
        print("  only one has", *pair)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
