"""Where the data folders are: in the installed wheel, or in a checkout."""

from pathlib import Path

from calcinosis_kg.errors import InputError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `ontology`, `queries` or `shapes` of this installation.

    An installed wheel carries them in `calcinosis_kg/data/`; an editable install and a checkout have
    them at the top of the repository.

    >>> folder("ontology").name
    'ontology'

    Raises:
        InputError: The folder is in neither place; the installation is broken.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parents[1] / name):
        if place.is_dir():
            return place
    raise InputError(f"the data folder '{name}' is missing from this installation", "Install calcinosis-kg again.")


def file(name: str) -> Path:
    """Return a file that stands at the top of the repository and in an installed wheel, such as `CITATION.cff`.

    >>> file("CITATION.cff").name
    'CITATION.cff'

    Raises:
        InputError: It is in neither place; the installation is broken.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parents[1] / name):
        if place.is_file():
            return place
    raise InputError(f"the file '{name}' is missing from this installation", "Install calcinosis-kg again.")
