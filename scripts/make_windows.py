"""Digests the windows of the source document, so that a test can prove that none of its text is in the project.

Example:
    python scripts/make_windows.py calcinosis.txt tests/data/page-windows.bin

The output holds, in ascending order, the first 8 bytes of the BLAKE2b digest of every run of 61 characters of the
document, white space folded. The document cannot be made out of it.
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

LENGTH, SIZE = 61, 8


def windows(text: str) -> set[bytes]:
    """Return the digest of every window of a text, white space folded."""
    folded = re.sub(r"\s+", " ", text)
    return {
        hashlib.blake2b(folded[start : start + LENGTH].encode(), digest_size=SIZE).digest()
        for start in range(len(folded) - LENGTH + 1)
    }


def main() -> int:
    """Write the digests of a document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    try:
        text = given.document.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{given.document}: cannot be read as UTF-8 text ({error}). Give the source document.", file=sys.stderr)
        return 2
    found = windows(text)
    given.out.write_bytes(b"".join(sorted(found)))
    print(f"{given.out}: {len(found)} windows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
