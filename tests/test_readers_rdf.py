"""RDF: what becomes an edge, a node, a mapping, what is carried, and what is never fetched or expanded."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from calcinosis_kg import shipped
from calcinosis_kg.merging import readers, readers_doctype, records
from calcinosis_kg.merging.readers_streams import NOTE
from calcinosis_kg.namespaces import GRAPH
from calcinosis_kg.resources import folder

Found = dict[str, list[dict[str, Any]]]

PREFIXES = """
@prefix x: <http://x/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix oboInOwl: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix biolink: <https://w3id.org/biolink/vocab/> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix ckgv: <https://w3id.org/calcinosis-kg/vocabulary/> .
@prefix graph: <https://w3id.org/calcinosis-kg/graph/> .
@prefix cito: <http://purl.org/spar/cito/> .
"""


def read(path: Path, content: str | bytes, *, prefixed: bool = True, **options: Any) -> Found:  # noqa: ANN401 - as `read`
    text = (PREFIXES + content).encode() if isinstance(content, str) and prefixed else content
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return found_in(path, **options)


def found_in(path: Path, **options: Any) -> Found:  # noqa: ANN401 - whatever `read` takes
    found: Found = {kind: [] for kind in records.SCHEMAS}
    for batch in readers.read(path, **options):
        assert batch.table.schema == records.SCHEMAS[batch.kind]
        found[batch.kind] += batch.table.to_pylist()
    return found


def triples(found: Found) -> list[tuple[str, ...]]:
    return [tuple(row[end].rpartition("/")[2] for end in ("subject", "predicate", "object")) for row in found["edges"]]


def test_what_a_triple_becomes(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.ttl",
        """
        <http://x/ontology> a owl:Ontology ; owl:imports <http://x/other> .
        x:tells a owl:AnnotationProperty .
        x:1 a owl:Class , x:Thing ; rdfs:label "eins"@de , "one" ; owl:deprecated true ; obo:IAO_0100001 x:2 ;
            oboInOwl:consider "X:3" ; rdfs:comment "carried" ; x:tells x:3 ; x:knows x:2 ; rdfs:subClassOf x:2 ,
            [ a owl:Restriction ; owl:onProperty x:p ; owl:someValuesFrom x:3 ] ;
            skos:exactMatch x:4 ; oboInOwl:hasDbXref "Y:1" , "words only" .
        """,
    )
    assert triples(found) == [("1", "knows", "2"), ("1", "rdf-schema#subClassOf", "2")]
    assert [(row["predicate_id"].rpartition("#")[2], row["object_id"]) for row in found["mappings"]] == [
        ("exactMatch", "http://x/4"), ("hasDbXref", "Y:1"),
    ]  # fmt: skip
    nodes = [row for row in found["nodes"] if row["id"] == "http://x/1"]
    assert [(row["name"], row["rest"]) for row in nodes] == [("eins", '{"language":"de"}'), ("one", "")]
    assert nodes[0]["category"] == "http://www.w3.org/2002/07/owl#Class|http://x/Thing"
    assert (nodes[1]["deprecated"], nodes[1]["replaced_by"], nodes[1]["consider"]) == (True, "http://x/2", "X:3")
    carried = [row["quad"] for row in found["carried"]]
    assert len(carried) == 10
    assert len(list(ox.parse("\n".join(carried).encode(), format=ox.RdfFormat.N_QUADS))) == 10
    assert not found["quarantine"]


def test_no_quad_of_the_shipped_dataset_is_lost() -> None:
    """Each quad of the shipped dataset ends in one record, or, where it is part of a claim or a node, in that."""
    found = found_in(folder("ontology") / shipped.NAME)
    claims = [row for row in found["edges"] if row["record_id"]]
    plain = [row for row in found["edges"] if not row["record_id"]]
    quads = shipped.quads()
    assert len(claims) == len([q for q in quads if q.predicate.value.endswith("claimStatus")])
    assert not found["quarantine"]
    graphs = {ox.NamedNode(GRAPH + status) for status in ("accepted", "reported", "contested")}
    shortcuts = [q for q in quads if q.graph_name in graphs]
    covered = sum(len(json.loads(row["rest"]).get("plain_triple_in", [])) > 0 for row in claims)
    assert covered > 200
    # What is no claim's shortcut is a record of its own, with the standing of its graph.
    left = [
        row
        for row in plain
        if json.loads(row["rest"] or "{}").get("graph", "").endswith(("accepted", "reported", "contested"))
    ]
    said = {(row["subject"], row["predicate"], row["object"]) for row in claims + left}
    by_predicate = {
        (row["subject"], way, row["object"])
        for row in claims
        for way in json.loads(row["rest"]).get("rdf:predicate", [])
    }
    for quad in shortcuts:
        triple = (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr] # no triple terms here
        short = (triple[0], triple[1].replace("https://w3id.org/biolink/vocab/", "biolink:"), triple[2])
        assert triple in said or short in by_predicate
    assert {row["standing"] for row in left} <= {"", "reported", "contested"}
    assert all(row["standing"] == "reported" for row in left if json.loads(row["rest"])["graph"].endswith("reported"))


def test_refuted_and_artefact_claims_arrive_with_their_standing() -> None:
    found = found_in(folder("ontology") / shipped.NAME)
    of = {row["record_id"]: row for row in found["edges"] if row["record_id"]}
    warfarin = of["CKG-C217"]
    assert (warfarin["standing"], warfarin["negated"]) == ("refuted", False)
    assert "PMID:31302187" in warfarin["publications"]
    directions = {part["cites"][0]: part["direction"] for part in json.loads(warfarin["rest"])["evidence"]}
    assert directions["PMID:31302187"] == "disputes"
    bad = [row for row in of.values() if row["standing"] in ("refuted", "artefact")]
    assert len(bad) > 10
    stated = {(row["subject"], row["predicate"], row["object"]) for row in found["edges"] if not row["standing"]}
    for row in bad:
        assert "plain_triple_in" not in json.loads(row["rest"])
        carried = f"<{row['subject']}> <{row['predicate']}> <{row['object']}> "
        assert not any(one["quad"].startswith(carried) for one in found["carried"])
    assert (warfarin["subject"], warfarin["predicate"], warfarin["object"]) not in stated


CLAIM = """
x:c1 a ckgv:Claim ; rdf:subject x:1 ; rdf:predicate biolink:treats ; ckgv:relation x:heals ; rdf:object x:2 ;
    biolink:negated {negated} ; ckgv:claimStatus {status} ; ckgv:modality ckgv:hedged ; biolink:has_evidence x:e1 ;
    biolink:object_direction_qualifier "decreased" .
x:e1 a ckgv:EvidenceLine , obo:ECO_0000033 ; ckgv:direction ckgv:disputes ; cito:citesAsEvidence <http://x/paper> .
"""


def test_a_claim_is_one_edge(tmp_path: Path) -> None:
    found = read(tmp_path / "a.ttl", CLAIM.format(negated="true", status="ckgv:refuted"))
    (edge,) = found["edges"]
    assert (edge["subject"], edge["predicate"], edge["object"]) == ("http://x/1", "http://x/heals", "http://x/2")
    assert (edge["negated"], edge["standing"], edge["publications"]) == (True, "refuted", "http://x/paper")
    assert edge["evidence_codes"] == "ECO:0000033"
    assert json.loads(edge["qualifiers"]) == {"modality": "hedged", "object_direction_qualifier": "decreased"}
    assert json.loads(edge["rest"])["rdf:predicate"] == ["biolink:treats"]
    assert len(found["carried"]) == 4


@pytest.mark.parametrize(
    ("negated", "status", "graph", "edges"),
    [
        ("false", "ckgv:accepted", "graph:accepted", 1),
        ("false", "ckgv:reported", "graph:reported", 1),
        ("false", "ckgv:reported", "graph:accepted", 2),
        ("false", "ckgv:refuted", "graph:accepted", 2),
        ("true", "ckgv:accepted", "graph:accepted", 2),
        ("false", "ckgv:accepted", "x:other", 2),
    ],
)
def test_a_plain_triple_is_no_second_edge_where_it_is_its_claims_shortcut(
    negated: str, status: str, graph: str, edges: int, tmp_path: Path
) -> None:
    text = CLAIM.format(negated=negated, status=status) + f"{graph} {{ x:1 x:heals x:2 . }}"
    assert len(read(tmp_path / "a.trig", text)["edges"]) == edges


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("rdf:object x:2", "rdf:object x:2 , x:3", "has more than one object"),
        ("rdf:object x:2 ;", "", "has no object"),
        ("rdf:object x:2", 'rdf:object "x"', "has a object that is no IRI"),
        ("negated true", "negated true , false", "has a biolink:negated that is neither true nor false"),
        ("negated true", 'negated "perhaps"', "has a biolink:negated that is neither true nor false"),
        ("ckgv:claimStatus ckgv:refuted ;", "", "has no status"),
        ("ckgv:refuted", "ckgv:refuted , ckgv:accepted", "has more than one status"),
    ],
)
def test_a_claim_that_is_not_whole_is_no_statement(old: str, new: str, reason: str, tmp_path: Path) -> None:
    text = CLAIM.format(negated="true", status="ckgv:refuted")
    assert old in text
    found = read(tmp_path / "a.ttl", text.replace(old, new))
    assert not found["edges"]
    assert reason in found["quarantine"][0]["reason"]


def test_biolink_associations_and_reified_triples_are_claims_too(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.ttl",
        """
        x:a1 a biolink:Association ; biolink:subject x:1 ; biolink:predicate biolink:treats ; biolink:object x:2 ;
            biolink:negated "true" ; biolink:publications <http://x/p> ; biolink:primary_knowledge_source x:k .
        [] a rdf:Statement ; rdf:subject x:3 ; rdf:predicate x:knows ; rdf:object x:4 .
        x:3 x:knows x:4 .
        """,
    )
    first, second = found["edges"]
    assert (first["negated"], first["publications"], first["knowledge_source"]) == (True, "http://x/p", "http://x/k")
    assert json.loads(second["rest"])["plain_triple_in"] == [""]


def test_sssom_mappings_in_rdf(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.ttl",
        """
        x:m a sssom:Mapping ; sssom:subject_id x:1 ; sssom:predicate_id skos:exactMatch ; sssom:object_id x:2 ;
            sssom:predicate_modifier sssom:NegatedPredicate ; sssom:mapping_justification x:j ; rdfs:comment "why" .
        """,
    )
    (row,) = found["mappings"]
    assert (row["subject_id"], row["object_id"], row["predicate_modifier"]) == ("http://x/1", "http://x/2", "Not")
    assert '"why"' in row["rest"]


def test_lines_of_triples_are_exact_and_a_bad_one_costs_itself_alone(tmp_path: Path) -> None:
    good = "<http://x/{}> <http://x/knows> <http://x/2> ."
    lines = [
        good.format(1),
        "",
        "# a comment",
        "<http://x/3> broken",
        good.format(4),
        '<http://x/5> <http://x/p> "caf\xe9" .',
    ]
    path = tmp_path / "a.nt"
    path.write_bytes("\r\n".join(lines).encode("latin-1"))
    found = found_in(path)
    assert [row["line"] for row in found["edges"]] == [1, 5]
    assert [row["line"] for row in found["quarantine"] if not row["reason"].startswith(NOTE)] == [4, 6]
    clean = read(tmp_path / "b.nt", "\n".join(good.format(number) for number in range(5)) + "\n", prefixed=False)
    assert [row["line"] for row in clean["edges"]] == [1, 2, 3, 4, 5]


def test_a_claim_beside_what_cannot_be_parsed_is_not_taken_for_plain(tmp_path: Path) -> None:
    """The line that cannot be read may have been the one that says NOT."""
    subject = "<http://x/c>"
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#{}>"
    ends = [f"{subject} {rdf.format(end)} <http://x/{end}> ." for end in ("subject", "predicate", "object")]
    broken = f'{subject} <https://w3id.org/biolink/vocab/negated> "true .'
    for place in range(4):
        text = "\n".join([*ends[:place], broken, *ends[place:]]) + "\n"
        found = read(tmp_path / "a.nt", text, prefixed=False)
        assert not found["edges"], place
        assert found["quarantine"][0]["line"] == place + 1
    claim = "x:c rdf:subject x:1 ; rdf:predicate x:2 ; rdf:object x:3 ; x:bad bad:1 ."
    turtle = f"{claim}\nx:1 x:2 x:4 ."
    found = read(tmp_path / "a.ttl", turtle)
    assert triples(found) == [("1", "2", "4")]
    assert len(found["quarantine"]) == 2


def test_a_claim_of_a_file_that_breaks_off_is_not_taken_for_plain(tmp_path: Path) -> None:
    """What is missing may have said NOT."""
    text = """<http://x/c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <http://x/1> .
<http://x/c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <http://x/2> .
<http://x/c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <http://x/3> .
<http://x/d> <http://x/p> <http://x/4> .
"""
    whole = gzip.compress(
        text.encode() + b"".join(f"<http://x/{n}> <http://x/p> <http://x/5> .\n".encode() for n in range(900))
    )
    path = tmp_path / "a.nt.gz"
    path.write_bytes(whole)
    assert len(found_in(path)["edges"]) == 902
    path.write_bytes(whole[:-20])
    found = found_in(path)
    assert found["edges"]
    assert not [row for row in found["edges"] if row["object"] == "http://x/3"]
    assert "so that its polarity may be lost" in " ".join(row["reason"] for row in found["quarantine"])
    for name, begin, end in (
        ("b.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">', "<x:broken"),
        ("b.jsonld", '{"@context": {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}, "@graph": [', "nonsense"),
    ):
        claims = {
            "b.rdf": '<rdf:Statement rdf:about="http://x/c"><rdf:subject rdf:resource="http://x/1"/><rdf:predicate '
            'rdf:resource="http://x/2"/><rdf:object rdf:resource="http://x/3"/></rdf:Statement>',
            "b.jsonld": '{"@id": "http://x/c", "rdf:subject": {"@id": "http://x/1"}, '
            '"rdf:predicate": {"@id": "http://x/2"}, "rdf:object": {"@id": "http://x/3"}},',
        }
        found = read(
            tmp_path / name,
            begin + claims[name] + claims[name].replace("http://x/c", "http://x/d") + end,
            prefixed=False,
        )
        assert not found["edges"]
        assert found["quarantine"]


def test_a_byte_order_mark_is_noted_in_any_format(tmp_path: Path) -> None:
    for name, text in (
        ("a.ttl", "<http://x/1> a <http://x/2> ; <http://x/p> <http://x/3> ."),
        ("a.nt", "<http://x/1> <http://x/p> <http://x/3> .\n"),
        ("a.jsonld", '{"@id": "http://x/1", "http://x/p": {"@id": "http://x/3"}}'),
        ("a.json", '{"graphs": [{"edges": [{"sub": "http://x/1", "pred": "http://x/p", "obj": "http://x/3"}]}]}'),
        ("b.json", '{"edges": [{"subject": "x:1", "predicate": "x:p", "object": "x:3"}], "nodes": []}'),
        ("a.obo", "format-version: 1.2\n\n[Term]\nid: x:1\nis_a: x:3\n"),
        ("a.rdf", XML.format(KNOWS.format("http://x/"))),
    ):
        found = read(tmp_path / name, b"\xef\xbb\xbf" + text.encode())
        assert len(found["edges"]) == 1, name
        assert [row["reason"] for row in found["quarantine"]] == [
            f"{NOTE}starts with a byte order mark, which was left out"
        ], name


def test_blank_nodes_are_scoped_by_source_and_always_the_same(tmp_path: Path) -> None:
    text = "x:1 x:has [ x:p [] ] , _:b0 . _:b0 x:q x:2 ."
    one, again = (read(tmp_path / "a.ttl", text)["carried"] for _ in range(2))
    other = read(tmp_path / "b.ttl", text)["carried"]
    assert one == again
    quads = [
        list(ox.parse("\n".join(row["quad"] for row in rows), format=ox.RdfFormat.N_QUADS)) for rows in (one, other)
    ]
    names = [{t.value for q in part for t in (q.subject, q.object) if isinstance(t, ox.BlankNode)} for part in quads]
    assert [len(part) for part in names] == [3, 3]
    assert not names[0] & names[1]
    graphs = [ox.Dataset(part) for part in quads]
    for graph in graphs:
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert graphs[0] == graphs[1]


# --- what is never fetched or expanded ---------------------------------------------------

XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/"><rdf:Description rdf:about="http://x/1">{}</rdf:Description></rdf:RDF>'
KNOWS = '<x:knows rdf:resource="{}2"/>'
BOMB = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("doctype", "reason"),
    [
        (f"<!DOCTYPE r [{BOMB}]>", "declares an entity that holds entities, or is long"),
        ('<!DOCTYPE r [<!ENTITY z "]">' + BOMB + "]>", "declares an entity that holds entities, or is long"),
        ("<!-- <!DOCTYPE r []> --><!DOCTYPE r [" + BOMB + "]>", "declares an entity that holds entities, or is long"),
        (f'<!DOCTYPE r [<!ENTITY a "{"a" * 300}">]>', "declares an entity that holds entities, or is long"),
        ('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>', "declares something external"),
        ('<!DOCTYPE r [<!ENTITY % a "x">%a;]>', "declares something external"),
        ('<!DOCTYPE r SYSTEM "http://x/r.dtd">', "declares something external"),
        ('<!DOCTYPE r PUBLIC "x" "http://x/r.dtd" []>', "declares something external"),
        ("<!DOCTYPE r [<!ODD>]>", "has a document type that is not understood"),
        ("<!DOCTYPE r [" + " " * (readers_doctype.START + 10) + "]>", "has a document type that is not understood"),
    ],
)
def test_a_harmful_document_type_is_refused_before_it_is_parsed(doctype: str, reason: str, tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.rdf", '<?xml version="1.0"?>' + doctype + XML.format(KNOWS.format("http://x/")), prefixed=False
    )
    assert not found["edges"]
    assert found["quarantine"][0]["reason"].startswith(reason)


@pytest.mark.parametrize(
    "start", ["", '<?xml version="1.0"?>\n<!-- x -->\n', '<!DOCTYPE r [\n<!ENTITY n "http://x/">\n<!ELEMENT r ANY>\n]>']
)
def test_harmless_document_types_are_read(start: str, tmp_path: Path) -> None:
    name = "&n;" if "ENTITY" in start else "http://x/"
    found = read(tmp_path / "a.rdf", start + XML.format(KNOWS.format(name)), prefixed=False)
    assert triples(found) == [("1", "knows", "2")]
    assert not found["quarantine"]


@pytest.mark.parametrize(
    "context",
    [
        '"https://example.org/c.jsonld"',
        '[{}, "https://example.org/c.jsonld"]',
        '{"@import": "https://example.org/c.jsonld"}',
    ],
)
def test_a_remote_context_is_never_fetched(context: str, tmp_path: Path) -> None:
    found = read(tmp_path / "a.jsonld", f'{{"@context": {context}, "@id": "http://x/1", "knows": "x"}}', prefixed=False)
    assert found["quarantine"][0]["reason"].startswith("refers to a remote JSON-LD context; it is never fetched. Put")


def test_json_ld_with_its_own_context_is_read_and_one_that_says_nothing_is_told(tmp_path: Path) -> None:
    text = (
        '{"@context": {"knows": {"@id": "http://x/knows", "@type": "@id"}}, "@id": "http://x/1", "knows": "http://x/2"}'
    )
    assert triples(read(tmp_path / "a.jsonld", text, prefixed=False)) == [("1", "knows", "2")]
    found = read(tmp_path / "b.jsonld", '{"@context": {"knows": "http://x/knows"}}', prefixed=False)
    assert found["quarantine"][0]["reason"] == f"{NOTE}as JSON-LD it states nothing"


def test_a_broken_rdf_xml_file_keeps_what_came_before(tmp_path: Path) -> None:
    text = XML.format(KNOWS.format("http://x/") + "<x:knows")
    found = read(tmp_path / "a.rdf", text, prefixed=False)
    assert triples(found) == [("1", "knows", "2")]
    assert "what follows was not read" in found["quarantine"][0]["reason"]
