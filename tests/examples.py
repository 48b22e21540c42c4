"""Recipes for examples that several test files draw from."""

import string

import pyoxigraph as ox
from hypothesis import strategies as st

ODD_TAILS = st.text(string.ascii_letters + string.digits + "_-.~/#?:@!$&'()*+,;=%éΩ²٣", max_size=8)
"""Ends of IRIs that a prefixed name, a QName or a CURIE may not be able to write."""


def is_iri(text: str) -> bool:
    """Whether pyoxigraph takes it for an absolute IRI."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def odd_iris(bases: list[str]) -> st.SearchStrategy[ox.NamedNode]:
    """Recipe for IRIs that start with one of the bases and end oddly."""
    return st.builds(str.__add__, st.sampled_from(bases), ODD_TAILS).filter(is_iri).map(ox.NamedNode)
