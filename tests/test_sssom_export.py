"""Mapping sets through SSSOM TSV and back: any slot, any graph, and what is wrong with a file is told with its line."""

import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import sssom_pydantic
from hypothesis import given, settings
from hypothesis import strategies as st

import calcinosis_kg as ckg
from calcinosis_kg import oxigraph, shipped, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import mapping_sets, sssom
from calcinosis_kg.interchange.mapping_sets import (
    ADDRESSES,
    ENTITIES,
    MANY,
    REQUIRED,
    ROW_SLOTS,
    SET_SLOTS,
    Cells,
    MappingSet,
)  # fmt: skip
from calcinosis_kg.merging import front
from calcinosis_kg.namespaces import expand

EXAMPLES = Path(__file__).parents[2] / "shared" / "suites" / "sssom"
HEAD = """
    @prefix e: <https://example.org/x#> . @prefix sssom: <https://w3id.org/sssom/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix semapv: <https://w3id.org/semapv/vocab/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
"""
ROW = "sssom:subject_id e:a ; sssom:predicate_id skos:exactMatch ; sssom:object_id e:b"
WHY = "sssom:mapping_justification semapv:ManualMappingCuration"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
LINE = "DOID:182\tskos:exactMatch\tMONDO:0002123\tsemapv:ManualMappingCuration"

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters='\n\t"\\|#')
_TEXTS = st.text(_LETTERS, min_size=1, max_size=8)
_NUMBERS = {"confidence", "reviewer_agreement", "similarity_score", "mapping_set_confidence"}
_IRIS = (
    *map(expand, ("DOID:182", "CHEBI:10033", "skos:exactMatch", "semapv:LexicalMatching")),
    "https://example.org/x#1", "https://example.org/y/2", "https://orcid.org/0000-0000-0000-0001",
)  # fmt: skip


def _values(slot: str) -> st.SearchStrategy[tuple[str, ...]]:
    one = st.sampled_from(_IRIS) if slot in ENTITIES | ADDRESSES else _TEXTS
    if slot in _NUMBERS:
        one = st.sampled_from(("0.5", "1.0"))
    most = 2 if slot in MANY else 1
    return st.lists(one, min_size=1, max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def _cells(draw: st.DrawFn, slots: tuple[str, ...], always: tuple[str, ...]) -> Cells:
    free = [slot for slot in slots if slot not in always and slot != "predicate_modifier"]
    chosen = draw(st.sets(st.sampled_from(free), max_size=5)) | set(always)
    found = {slot: draw(_values(slot)) for slot in slots if slot in chosen}
    return found | ({"predicate_modifier": ("Not",)} if "predicate_modifier" in slots and draw(st.booleans()) else {})


@st.composite
def _sets(draw: st.DrawFn) -> MappingSet:
    about = tuple(slot for slot in SET_SLOTS if slot != "sssom_version")
    rows = tuple(slot for slot in ROW_SLOTS if slot != "record_id")
    named = draw(st.lists(_cells(rows, REQUIRED), max_size=3))
    numbered = [row | {"record_id": (f"https://example.org/record/{number}",)} for number, row in enumerate(named)]
    return MappingSet(
        draw(_cells(about, ("mapping_set_id", "license"))) | {"mapping_set_id": ("https://example.org/set.tsv",)},
        tuple(numbered),
    )


def turtle(text: str) -> list[ox.Quad]:
    return oxigraph.canonical(ox.parse(HEAD + text, format=ox.RdfFormat.TURTLE))


def read(content: str, tmp_path: Path) -> list[ox.Quad]:
    (path := tmp_path / "a.sssom.tsv").write_text(content, encoding="utf-8")
    return oxigraph.to_ox(ckg.read(path))


@given(_sets())
@settings(max_examples=60)
def test_any_set_comes_back(found: MappingSet) -> None:
    back = sssom.parse(sssom.render(found).encode(), "a.sssom.tsv")
    assert back.rows == found.rows
    kept = {slot: values for slot, values in back.about.items() if slot != "sssom_version"}
    if "publication_date" not in found.about:
        kept.pop("publication_date", None)
    assert kept == found.about


@given(_sets())
@settings(max_examples=60)
def test_any_set_comes_back_from_a_graph(found: MappingSet) -> None:
    quads = sssom.read({sssom.ENDING: sssom.render(found).encode()}, "a.sssom.tsv")
    again = sssom.render(mapping_sets.of(quads))
    assert sssom.render(mapping_sets.of(sssom.read({sssom.ENDING: again.encode()}, "b.sssom.tsv"))) == again
    rows = {frozenset(row.items()) for row in mapping_sets.of(quads).rows}
    assert rows == {frozenset(row.items()) for row in found.rows}


def test_our_own_set_comes_back_triple_for_triple(tmp_path: Path) -> None:
    ckg.write(ckg.load(), tmp_path / "a.sssom.tsv")
    back = oxigraph.canonical(oxigraph.to_ox(ckg.read(tmp_path / "a.sssom.tsv")))
    ours = [quad for quad in shipped.quads() if quad.graph_name == ox.NamedNode(expand("graph:mappings"))]
    assert back == oxigraph.canonical(ours)


def test_a_denied_mapping_is_denied_by_the_reader_of_others_and_is_no_triple(tmp_path: Path) -> None:
    quads = turtle(f"[] a sssom:Mapping ; {ROW} ; {WHY} ; sssom:predicate_modifier sssom:NegatedPredicate .")
    content = sssom.write(quads)[sssom.ENDING].decode()
    (mapping,) = sssom_pydantic.read(io.StringIO(content)).mappings
    assert mapping.predicate_modifier == "Not"
    back = read(content, tmp_path)
    assert not [quad for quad in back if quad.predicate == ox.NamedNode(expand("skos:exactMatch"))]
    assert '# license: "https://w3id.org/sssom/license/unspecified"\n' in content
    assert '#   ns1: "https://example.org/x#"\n' in content
    assert '# mapping_set_id: "https://w3id.org/calcinosis-kg/mapping-set/' in content


def test_rdf_as_sssom_writes_it_is_taken() -> None:
    text = """
        <https://example.org/set> a sssom:MappingSet ; dcterms:title "Theirs" ; owl:versionInfo "3" ;
            dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
        e:row a sssom:Mapping ; owl:annotatedSource e:a ; owl:annotatedProperty skos:closeMatch ;
            owl:annotatedTarget e:b ; sssom:mapping_justification semapv:LexicalMatching ; sssom:confidence "0.8" ;
            sssom:author_label "a|b", "c" ; e:something "else" .
    """
    content = sssom.write(turtle(text))[sssom.ENDING].decode()
    assert '# mapping_set_id: "https://example.org/set"\n# mapping_set_version: "3"\n' in content
    assert "\tconfidence\n" in content
    assert "\ta\\|b|c\t0.8\n" in content
    assert content.splitlines()[-1].startswith("ns1:row\t")


def test_the_mappings_of_a_merge_are_written(tmp_path: Path) -> None:
    (tmp_path / "m.sssom.tsv").write_text(f"{COLUMNS}\n{LINE}\n", encoding="utf-8")
    (tmp_path / "n.tsv").write_text("id\tcategory\tname\nDOID:182\tbiolink:Disease\tcalcinosis\n", encoding="utf-8")
    (tmp_path / "e.tsv").write_text(
        "subject\tpredicate\tobject\nDOID:182\tbiolink:has_phenotype\tHP:0003761\n", encoding="utf-8"
    )
    out = tmp_path / "merged"
    front.merge(
        [f"mine={tmp_path / 'e.tsv'}", f"mine2={tmp_path / 'n.tsv'}"],
        out=out, mappings=[str(tmp_path / "m.sssom.tsv")], shipped=False, formats=["nq"],
    )  # fmt: skip
    quads = [quad for path in sorted(out.rglob("*.nq")) for quad in oxigraph.parse(path)]
    (row,) = mapping_sets.of(views.mappings(quads)).rows
    assert row["subject_id"] == (expand("DOID:182"),)
    assert row["object_id"] == (expand("MONDO:0002123"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"e:m a sssom:Mapping ; {ROW} .", "the mapping https://example.org/x#m has no mapping_justification"),
        (f"e:m a sssom:Mapping ; {ROW} ; {WHY} ; sssom:object_id e:c .", "has several values of object_id"),
        (f'e:m a sssom:Mapping ; {ROW} ; {WHY} ; sssom:predicate_modifier "no" .', "has the modifier 'no'"),
        (f"e:m a sssom:Mapping ; {ROW.replace('e:a', '<https://example.org/>')} ; {WHY} .", "no CURIE can be made of"),
    ],
)
def test_rows_that_sssom_cannot_hold(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        sssom.write(turtle(text))
    assert message in caught.value.problem


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{COLUMNS}\n{LINE}\n{LINE}\tmore\n", ":3: has 5 cells, and there are 4 columns. "),
        (f"# a: b\n{COLUMNS}\n{LINE.replace('DOID', 'NOPE')}\n", ":3: 'NOPE:182' has a prefix that the curie_map does"),
        (f"{COLUMNS}\n{LINE.replace('DOID:182', '')}\n", ":2: subject_id is empty. "),
        (f"{COLUMNS}\tpredicate_modifier\n{LINE}\tno\n", ":2: predicate_modifier is 'no'. "),
        (f"# a: [\n{COLUMNS}\n{LINE}\n", ": the header is no YAML: "),
        (f"# - a\n{COLUMNS}\n{LINE}\n", ":1: the header is no SSSOM metadata. "),
        (f"# curie_map: x\n{COLUMNS}\n{LINE}\n", ":1: the header is no SSSOM metadata. "),
        (f'{COLUMNS}\n"{LINE}\n', ":2: is no tab-separated text: "),
        (
            f"{COLUMNS}\n{LINE.replace('DOID:182', 'DOID:<1>')}\n",
            ":2: 'http://purl.obolibrary.org/obo/DOID_<1>' is no IRI",
        ),
        ("", ":1: lacks the column subject_id. "),
    ],
)
def test_files_that_cannot_be_read_say_where(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(content, tmp_path)
    assert message in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.sssom.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        ckg.read(tmp_path / "a.sssom.tsv")


def test_a_header_is_handed_down_and_prefixes_are_its_own(tmp_path: Path) -> None:
    quads = read(
        "#curie_map:\n#  X: https://example.org/x#\n#mapping_set_id: https://example.org/set\n#mapping_tool: by hand\n"
        f"{COLUMNS}\tmapping_tool\tunknown\n{LINE.replace('DOID:182', 'X:1')}\t\tx\n{LINE}\ta tool\tx\n",
        tmp_path,
    )
    rows = mapping_sets.of(quads).rows
    assert {row["subject_id"][0]: row["mapping_tool"][0] for row in rows} == {
        "https://example.org/x#1": "by hand",
        expand("DOID:182"): "a tool",
    }


def test_a_triple_on_two_grounds_is_two_rows(tmp_path: Path) -> None:
    again = LINE.replace("ManualMappingCuration", "LexicalMatching")
    quads = read(f"{COLUMNS}\tcomment\n{LINE}\n{again}\tx\n{again}\tx\n", tmp_path)
    content = sssom.write(quads)[sssom.ENDING].decode()
    assert [line.split("\t")[3:] for line in content.splitlines()[-2:]] == [
        ["semapv:LexicalMatching", "x"],
        ["semapv:ManualMappingCuration", ""],
    ]
    assert sssom.write(read(content, tmp_path))[sssom.ENDING].decode() == content


LITERALS = {"literals.sssom.tsv"}
"""Its subjects are texts, which no node of RDF can be."""


def test_the_examples_of_sssom_are_read_as_others_read_them() -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of SSSOM stand outside this repository, at ../shared/suites/sssom")
    paths = sorted(EXAMPLES.glob("*.sssom.tsv"))
    assert len(paths) == 28
    for path in paths:
        if path.name in LITERALS:
            with pytest.raises(InputError, match="lacks the column subject_id"):
                ckg.read(path)
            continue
        rows = mapping_sets.of(oxigraph.to_ox(ckg.read(path))).rows
        if path.name != "version.sssom.tsv":  # it has no mapping_set_id, which sssom-pydantic asks for
            assert len(rows) == len(sssom_pydantic.read(path).mappings), path.name
