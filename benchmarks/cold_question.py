"""How long a named question takes from a cold shell, against the same question by rdflib alone.

Example:
    python benchmarks/cold_question.py --rounds 5

Each round starts new processes, one after the other: the bare interpreter, this package's command, and a script that
reads the same TriG file and answers the same query with rdflib. CPU seconds of the process and its children, median.
"""

import argparse
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from calcinosis_kg.queries import find
from calcinosis_kg.resources import folder

QUESTION = "claims-by-status"


def cpu_seconds(command: list[str]) -> float:
    """Run a command and return the CPU seconds that it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands() -> dict[str, list[str]]:
    """Return what is measured: name to command line."""
    data = Path(folder("ontology")) / "calcinosis-kg.trig"
    by_rdflib = (
        "import rdflib\n"
        f"data = rdflib.Dataset(default_union=True)\ndata.parse({str(data)!r}, format='trig')\n"
        f"print(len(list(data.query({find(QUESTION).text!r}))))"
    )
    return {
        "bare interpreter": [sys.executable, "-c", "pass"],
        "calcinosis-kg query": [sys.executable, "-m", "calcinosis_kg", "query", QUESTION],
        "rdflib alone": [sys.executable, "-c", by_rdflib],
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in commands()}
    for _ in range(rounds):
        for name, command in commands().items():
            times[name].append(cpu_seconds(command))
    ours = statistics.median(times["calcinosis-kg query"])
    print(f"| {'command':<20} | CPU s | ratio |\n|{'-' * 22}|-------|-------|")
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"| {name:<20} | {middle:5.2f} | {middle / ours:5.1f} |")


if __name__ == "__main__":
    main()
