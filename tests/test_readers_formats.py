"""Each format that is no RDF: what its rows become, and what becomes of rows that are wrong. All rows are invented."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calcinosis_kg.errors import InputError, SourceError
from calcinosis_kg.merging import readers, records
from calcinosis_kg.merging.readers_streams import NOTE

Found = dict[str, list[dict[str, Any]]]
PLACE = set(records.PLACE)


def read(path: Path, content: str | bytes, **options: Any) -> Found:  # noqa: ANN401 - whatever `read` takes
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return found_in(path, **options)


def found_in(path: Path, **options: Any) -> Found:  # noqa: ANN401 - whatever `read` takes
    found: Found = {kind: [] for kind in records.SCHEMAS}
    for batch in readers.read(path, **options):
        assert batch.table.schema == records.SCHEMAS[batch.kind]
        found[batch.kind] += batch.table.to_pylist()
    found["edges"].sort(key=lambda row: row["line"])
    return found


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Return the cells of a record that say something, its place left out."""
    return {name: value for name, value in row.items() if value not in ("", False) and name not in PLACE}


def faults(found: Found) -> list[tuple[int, str]]:
    return [(row["line"], row["reason"].partition(". ")[0]) for row in found["quarantine"]]


# --- recognition -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.tsv", b"PK\x03\x04zip", "is a zip archive"),
        ("a.obo", b"\xff\xfea\0", "is not UTF-8 but UTF-16"),
        ("a.ttl", b"<!doctype html><html><body/></html>", "is HTML"),
        ("a.json", b'[{"name": "x"}]', "is JSON of no known form"),
        ("a.owl", b'<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "is OWL/XML"),
        ("a.txt", b"just words\n", "cannot be recognised; it starts with 'just words'"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: bytes, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / name, content)
    assert caught.value.problem == problem
    assert caught.value.place == str(tmp_path / name)


def test_one_bad_byte_at_the_start_costs_a_row_and_not_the_file(tmp_path: Path) -> None:
    found = read(tmp_path / "a.obo", b"for\xffmat-version: 1.2\n\n[Term]\nid: X:1\nis_a: X:2\n")
    assert len(found["edges"]) == 1
    assert sorted(line for line, _ in faults(found)) == [1]
    found = read(tmp_path / "a.jsonl", b'{"\xff\n{"subject": "X:1", "predicate": "x:p", "object": "X:2"}\n')
    assert len(found["edges"]) == 1
    odd = read(tmp_path / "a.ttl", b"just words\n")
    assert "does not start like Turtle or TriG" in odd["quarantine"][0]["reason"]
    assert len(odd["quarantine"]) > 1


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        found_in(tmp_path / "none.tsv")
    with pytest.raises(InputError, match="is a folder"):
        found_in(tmp_path)


def test_a_file_that_is_not_what_its_name_says_is_read_and_told(tmp_path: Path) -> None:
    found = read(tmp_path / "a.ttl", "subject\tpredicate\tobject\nX:1\tx:knows\tX:2\n")
    assert len(found["edges"]) == 1
    assert faults(found) == [(1, f"{NOTE}is named .ttl, and is table; it was read as that")]
    other = read(tmp_path / "a.tsv", "<http://x/1> <http://x/knows> <http://x/2> .\n")
    assert len(other["edges"]) == 1
    assert "N-Triples" in other["quarantine"][0]["reason"]


def test_the_name_of_a_source_can_be_given(tmp_path: Path) -> None:
    row = read(tmp_path / "a.x.tsv", "subject\tpredicate\tobject\nX:1\tx:knows\tX:2\n", source="mine")["edges"][0]
    assert (row["source"], row["file"]) == ("mine", "a.x.tsv")
    assert found_in(tmp_path / "a.x.tsv")["edges"][0]["source"] == "a"


# --- KGX ---------------------------------------------------------------------------------


def test_qualifiers_are_part_of_what_is_said_and_frequency_is_evidence(tmp_path: Path) -> None:
    head = (
        "subject\tpredicate\tobject\tonset_qualifier\tfrequency_qualifier\tqualified_predicate\thas_evidence\tstanding"
    )
    row = "X:1\tx:has\tX:2\tX:young\t1/3\tx:causes\tE:1\trefuted"
    found = read(tmp_path / "a.tsv", f"{head}\n{row}\n")
    assert said(found["edges"][0]) == {
        "subject": "X:1", "predicate": "x:has", "object": "X:2", "frequency": "1/3", "evidence_codes": "E:1",
        "qualifiers": '{"onset_qualifier":"X:young","qualified_predicate":"x:causes"}', "standing": "refuted",
    }  # fmt: skip


def test_counts_say_how_often_where_no_frequency_does(tmp_path: Path) -> None:
    head = "subject\tpredicate\tobject\tfrequency_qualifier\thas_count\thas_total\thas_percentage\n"
    rows = [("HP:1", "1", "3", "33.3"), ("", "1", "3", "33.3"), ("", "1", "", "33.3"), ("", "", "", "")]
    text = head + "".join("X:1\tx:has\tX:2\t" + "\t".join(row) + "\n" for row in rows)
    found = read(tmp_path / "a.tsv", text)["edges"]
    assert [row["frequency"] for row in found] == ["HP:1", "1/3", "33.3%", ""]
    assert json.loads(found[0]["rest"]) == {"has_count": "1", "has_total": "3", "has_percentage": "33.3"}


def test_nodes_keep_all_their_columns(tmp_path: Path) -> None:
    text = "id\tcategory\tname\tdeprecated\txref\nX:1\tx:Thing\tone\ttrue\tY:1|Y:2\nX:2\tx:Thing\ttwo\t\t\n"
    first, second = read(tmp_path / "a_nodes.tsv", text)["nodes"]
    assert said(first) == {
        "id": "X:1",
        "category": "x:Thing",
        "name": "one",
        "deprecated": True,
        "rest": '{"xref":"Y:1|Y:2"}',
    }
    assert said(second) == {"id": "X:2", "category": "x:Thing", "name": "two"}


def test_json_lines_give_the_records_of_the_same_tsv(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": "e1", "subject": "X:1", "predicate": "x:has", "object": "X:2", "negated": True,
            "publications": ["P:2", "P:1"],
        },
        {"id": "e2", "subject": "X:1", "predicate": "x:has", "object": "X:3", "score": 0.5, "publications": []},
    ]  # fmt: skip
    tsv = "id\tsubject\tpredicate\tobject\tnegated\tpublications\tscore\n"
    tsv += "e1\tX:1\tx:has\tX:2\ttrue\tP:2|P:1\t\ne2\tX:1\tx:has\tX:3\t\t\t0.5\n"
    table = [said(row) for row in read(tmp_path / "a.tsv", tsv)["edges"]]
    lines = read(tmp_path / "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [said(row) for row in lines["edges"]] == table
    assert [row["line"] for row in lines["edges"]] == [1, 2]
    whole = read(tmp_path / "a.json", json.dumps({"nodes": [{"id": "X:1", "name": "one"}], "edges": rows}, indent=1))
    assert [said(row) for row in whole["edges"]] == table
    assert whole["nodes"][0]["name"] == "one"
    pl.read_csv(tmp_path / "a.tsv", separator="\t", infer_schema=False).write_parquet(tmp_path / "a.parquet")
    assert [said(row) for row in found_in(tmp_path / "a.parquet")["edges"]] == table


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"subject": "X:1", "predicate": "x:has"}', "object is empty"),
        ('{"subject": "X:1", "subject": "X:2"}', "is no good JSON (a key stands twice in one object)"),
        ('{"subject": "X:1", "score": NaN}', "is no good JSON (NaN is no JSON)"),
        ('{"subject": ', "is no JSON (Expecting value, column 13)"),
        ('"subject"', "is no JSON object"),
        ("[" * 100_000, "is no good JSON"),
        ("", "is blank"),
        ('{"name": "x"}', "id is empty"),
    ],
)
def test_bad_lines_of_json_cost_themselves_alone(bad: str, reason: str, tmp_path: Path) -> None:
    good = '{"subject": "X:1", "predicate": "x:has", "object": "X:2"}'
    found = read(tmp_path / "a.jsonl", f"{good}\n{bad}\n{good}\n")
    assert [row["line"] for row in found["edges"]] == [1, 3]
    ((line, why),) = faults(found)
    assert (line, why[: len(reason)]) == (2, reason)


def test_a_broken_parquet_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no whole Parquet file"):
        read(tmp_path / "a.parquet", b"PAR1 and then nothing")


# --- SSSOM -------------------------------------------------------------------------------

SSSOM = """#curie_map:
#  X: http://x/
#license: "https://creativecommons.org/publicdomain/zero/1.0/"
#mapping_set_id: http://x/set
subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence\tauthor_id
X:1\tone\tskos:exactMatch\tNot\tY:1\tsemapv:ManualMappingCuration\t0.9\tO:1
X:2\ttwo\tskos:exactMatch\t\tY:2\tsemapv:ManualMappingCuration\t2\t
X:3\tthree\tskos:exactMatch\tinverse\tY:2\tsemapv:ManualMappingCuration\t\t
\tliteral\tskos:exactMatch\t\tY:2\tsemapv:ManualMappingCuration\t\t
X:4\tfour\tskos:exactMatch\t\tsssom:NoTermFound\tsemapv:ManualMappingCuration\t\t
"""


def test_mapping_rows(tmp_path: Path) -> None:
    found = read(tmp_path / "a.sssom.tsv", SSSOM)
    first, last = found["mappings"]
    assert said(first) == {
        "subject_id": "X:1", "predicate_id": "skos:exactMatch", "object_id": "Y:1", "predicate_modifier": "Not",
        "mapping_justification": "semapv:ManualMappingCuration", "confidence": "0.9", "subject_label": "one",
        "rest": '{"author_id":"O:1","license":"https://creativecommons.org/publicdomain/zero/1.0/","mapping_set_id":"http://x/set"}',
    }  # fmt: skip
    assert (first["line"], last["line"], last["object_id"]) == (6, 10, "sssom:NoTermFound")
    assert faults(found) == [
        (7, "confidence is '2'"), (8, "predicate_modifier is 'inverse'"), (9, "subject_id is empty"),
    ]  # fmt: skip


def test_a_mapping_set_without_rows_or_without_header_is_fine(tmp_path: Path) -> None:
    assert not read(tmp_path / "a.sssom.tsv", SSSOM[: SSSOM.index("X:1")])["mappings"]
    assert faults(read(tmp_path / "b.sssom.tsv", "# license: http://x/\n")) == [(1, f"{NOTE}has no header and no rows")]


def test_a_mapping_set_may_have_its_metadata_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.sssom.yml").write_text("mapping_set_id: http://x/beside\n", encoding="utf-8")
    found = read(tmp_path / "a.sssom.tsv", SSSOM[SSSOM.index("subject_id") :])
    assert "http://x/beside" in found["mappings"][0]["rest"]


# --- HPO annotations ---------------------------------------------------------------------

HPOA = """#description: invented
database_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration
TEST:1\tone\t\tTERM:1\tPMID:2;PMID:1\tPCS\tTERM:9\t3/7\tMALE\tTERM:8\tP\tX:a[2020-01-01]
TEST:1\tone\tNOT\tTERM:2\tPMID:1\tTAS\t\t12%\t\t\tP\tX:a[2020-01-01]
TEST:1\tone\t\tTERM:3\tPMID:1\tTAS\t\tTERM:7\t\t\tI\tX:b
TEST:1\tone\t\tTERM:4\tPMID:1\tTAS\t\t\t\t\tC\tX:b
TEST:1\tone\t\tTERM:5\tPMID:1\tTAS\t\t\t\t\tQ\tX:b
TEST:1\tone\tmaybe\tTERM:6\tPMID:1\tTAS\t\t\t\t\tP\tX:b
"""


def test_annotations_of_diseases(tmp_path: Path) -> None:
    found = read(tmp_path / "phenotype.hpoa", HPOA)
    assert [said(row) for row in found["edges"]] == [
        {
            "subject": "TEST:1", "predicate": "biolink:has_phenotype", "object": "TERM:1",
            "publications": "PMID:1|PMID:2", "evidence_codes": "PCS", "frequency": "3/7", "curator": "X:a[2020-01-01]",
            "qualifiers": '{"clinical_modifier_qualifier":"TERM:8","onset_qualifier":"TERM:9","sex_qualifier":"MALE"}',
        },
        {
            "subject": "TEST:1", "predicate": "biolink:has_phenotype", "object": "TERM:2", "negated": True,
            "publications": "PMID:1", "evidence_codes": "TAS", "frequency": "12%", "curator": "X:a[2020-01-01]",
        },
        {
            "subject": "TEST:1", "predicate": "biolink:has_mode_of_inheritance", "object": "TERM:3",
            "publications": "PMID:1", "evidence_codes": "TAS", "frequency": "TERM:7", "curator": "X:b",
        },
        {
            "subject": "TEST:1", "predicate": "biolink:related_to", "object": "TERM:4", "publications": "PMID:1",
            "evidence_codes": "TAS", "curator": "X:b", "qualifiers": '{"hpoa_aspect":"C"}',
        },
    ]  # fmt: skip
    assert [row["line"] for row in found["edges"]] == [3, 4, 5, 6]
    assert [said(row) for row in found["nodes"]] == [{"id": "TEST:1", "name": "one"}]
    assert faults(found) == [(7, "aspect is 'Q'"), (8, "qualifier is 'maybe'")]


def test_older_annotations_have_another_header(tmp_path: Path) -> None:
    head = "#DatabaseID\tDiseaseName\tQualifier\tHPO_ID\tReference\tEvidence\tOnset\tFrequency\tSex"
    head += "\tModifier\tAspect\tBiocuration"
    found = read(tmp_path / "phenotype.hpoa", "\n".join(["#old", head, *HPOA.splitlines()[2:]]) + "\n")
    assert [row["line"] for row in found["edges"]] == [3, 4, 5, 6]
    assert found["edges"][1]["negated"] is True


@pytest.mark.parametrize(
    "head",
    [
        "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id",
        "#Format: entrez-gene-id\tentrez-gene-symbol\tHPO-Term-ID\tHPO-Term-Name\tFrequency-Raw\tdisease-ID for link",
    ],
)
def test_annotations_of_genes_hold_in_the_context_of_a_disease(head: str, tmp_path: Path) -> None:
    text = f"{head}\n7\tABC\tTERM:1\tterm one\t-\tTEST:1\n7\tABC\tTERM:1\tterm one\t2/3\tTEST:2\n"
    text += "ABC\t7\tTERM:1\tx\t-\tTEST:1\n"
    found = read(tmp_path / "genes_to_phenotype.txt", text)
    assert [said(row) for row in found["edges"]] == [
        {
            "subject": "NCBIGene:7", "predicate": "biolink:has_phenotype", "object": "TERM:1",
            "qualifiers": '{"disease_context_qualifier":"TEST:1"}',
        },
        {
            "subject": "NCBIGene:7", "predicate": "biolink:has_phenotype", "object": "TERM:1", "frequency": "2/3",
            "qualifiers": '{"disease_context_qualifier":"TEST:2"}',
        },
    ]  # fmt: skip
    assert [said(row) for row in found["nodes"]] == [
        {"id": "TERM:1", "name": "term one"}, {"id": "NCBIGene:7", "name": "ABC"},
    ]  # fmt: skip
    assert [line for line, _ in faults(found)] == [4]


# --- Hetionet ----------------------------------------------------------------------------


def test_hetionet(tmp_path: Path) -> None:
    text = "source\tmetaedge\ttarget\nGene::1\tGpBP\tBiological Process::GO:1\n"
    text += "Gene::\tGpBP\tGene::2\nGene::1\tx\tGene::2\n"
    found = read(tmp_path / "a.sif", text)
    assert [said(row) for row in found["edges"]] == [
        {
            "subject": "NCBIGene:1", "predicate": "hetionet:GpBP", "object": "GO:1",
            "rest": '{"hetionet_source":"Gene::1","hetionet_target":"Biological Process::GO:1"}',
        }
    ]  # fmt: skip
    assert faults(found) == [(3, "source is 'Gene::'"), (4, "metaedge is 'x'")]
    nodes = read(tmp_path / "nodes.tsv", "id\tname\tkind\nCompound::DB1\tdrug\tCompound\n")["nodes"]
    assert said(nodes[0])["id"] == "DRUGBANK:DB1"
    table = read(tmp_path / "metaedges.tsv", "metaedge\tabbreviation\tedges\nCompound - treats - Disease\tCtD\t755\n")
    assert said(table["nodes"][0]) == {
        "id": "hetionet:CtD", "name": "Compound - treats - Disease", "rest": '{"edges":"755"}',
    }  # fmt: skip


# --- tables with a column mapping --------------------------------------------------------

PLAN = """kind: edges
columns: {subject: drug, object: disease, negated: verdict, publications: papers}
prefixes: {subject: DRUG}
constants: {predicate: "x:treats"}
values:
  negated: {"NOT": "true", "DM": "false"}
qualifiers: {dose_qualifier: dose}
"""


def test_a_table_is_read_as_its_mapping_says(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    table = "drug,disease,verdict,papers,dose,remark\n"
    table += '1,X:1,DM,P:1,low,"good, really"\n2,X:1,NOT,,,\n3,X:1,SYM,,,\n,X:1,DM,,,\n'
    found = read(tmp_path / "a.csv", table, mapping_file=plan)
    assert [said(row) for row in found["edges"]] == [
        {
            "subject": "DRUG:1", "predicate": "x:treats", "object": "X:1", "publications": "P:1",
            "qualifiers": '{"dose_qualifier":"low"}', "rest": '{"drug":"1","remark":"good, really","verdict":"DM"}',
        },
        {
            "subject": "DRUG:2", "predicate": "x:treats", "object": "X:1", "negated": True,
            "rest": '{"drug":"2","verdict":"NOT"}',
        },
    ]  # fmt: skip
    assert faults(found) == [(4, "verdict is 'SYM'"), (5, "subject is empty")]
    assert [row["text"] for row in found["quarantine"]] == ["3,X:1,SYM,,,", ",X:1,DM,,,"]


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("kind: edges", "kind: wedges", "plan.yaml:1", "is not one of"),
        ("subject: drug,", "subjekt: drug,", "plan.yaml:2", "edges have no column 'subjekt'"),
        ("object: disease, ", "", "plan.yaml:2", "'object' is missing"),
        ("prefixes: {subject: DRUG}", "prefixes: {curator: X}", "plan.yaml:3", "'curator' is given no column"),
        (
            '{predicate: "x:treats"}',
            '{predicate: "x:treats", subject: "X:1"}',
            "plan.yaml:4",
            "'subject' is given twice",
        ),
    ],
)
def test_mistakes_in_a_mapping_have_file_and_line(old: str, new: str, place: str, problem: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "a.csv", "drug,disease,verdict,papers,dose\n", mapping_file=plan)
    assert any(str(one).startswith(place) and problem in one.problem for one in caught.value.problems)


def test_a_mapping_must_fit_its_table(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv:1: the table has no column 'papers'"):
        read(tmp_path / "a.csv", "drug,disease,verdict,dose\n", mapping_file=plan)
    with pytest.raises(InputError, match="takes no column mapping"):
        read(tmp_path / "a.obo", "format-version: 1.2\n", mapping_file=plan)


# --- OBO ---------------------------------------------------------------------------------

OBO = """format-version: 1.4
ontology: x

[Term]
id: X:1
name: one, of two ! or more
def: "Invented." [X:me]
is_a: X:2 {source="P:1"} ! two
is_a: two
relationship: part_of X:3 ! three
relationship: RO:1 X:3 {cardinality="0"}
relationship: unknown_to X:3
intersection_of: X:2
xref: Y:1 {source="MONDO:equivalentTo"}
xref: words only
property_value: skos:exactMatch Z:1
alt_id: X:9

[Term]
id: X:4
name: four
is_obsolete: true
replaced_by: X:1
consider: X:2
consider: X:3
garbage

[Term]
name: nameless

[Typedef]
id: part_of
name: part of
xref: BFO:0000050
is_a: overlaps
"""


def test_obo(tmp_path: Path) -> None:
    found = read(tmp_path / "x.obo", OBO)
    edges = {row["line"]: said(row) for row in found["edges"]}
    assert edges == {
        8: {"subject": "X:1", "predicate": "rdfs:subClassOf", "object": "X:2", "rest": '{"source":"P:1"}'},
        10: {"subject": "X:1", "predicate": "BFO:0000050", "object": "X:3"},
        11: {"subject": "X:1", "predicate": "RO:1", "object": "X:3", "qualifiers": '{"cardinality":"0"}'},
        12: {"subject": "X:1", "predicate": "http://purl.obolibrary.org/obo/x#unknown_to", "object": "X:3"},
        35: {
            "subject": "BFO:0000050", "predicate": "rdfs:subPropertyOf",
            "object": "http://purl.obolibrary.org/obo/x#overlaps",
        },
    }  # fmt: skip
    assert [said(row) for row in found["mappings"]] == [
        {
            "subject_id": "X:1", "predicate_id": "oboInOwl:hasDbXref", "object_id": "Y:1",
            "mapping_justification": "semapv:UnspecifiedMatching", "rest": '{"source":"MONDO:equivalentTo"}',
        },
        {
            "subject_id": "X:1", "predicate_id": "skos:exactMatch", "object_id": "Z:1",
            "mapping_justification": "semapv:UnspecifiedMatching",
        },
    ]  # fmt: skip
    nodes = {row["id"]: said(row) for row in found["nodes"]}
    assert nodes["X:1"]["name"] == "one, of two ! or more"
    assert json.loads(nodes["X:1"]["rest"])["intersection_of"] == ["X:2"]
    assert nodes["X:4"] == {
        "id": "X:4", "category": "owl:Class", "name": "four", "deprecated": True,
        "replaced_by": "X:1", "consider": "X:2|X:3",
    }  # fmt: skip
    assert (nodes["X:9"]["deprecated"], nodes["X:9"]["replaced_by"]) == (True, "X:1")
    assert set(nodes) == {"X:1", "X:4", "X:9", "BFO:0000050", "http://purl.obolibrary.org/obo/x.owl"}
    assert sorted(faults(found)) == [
        (9, "'two' is no CURIE"), (15, "'words' is no CURIE"), (26, "is no 'tag: value'"),
        (29, "a stanza [Term] has no id that is a CURIE"),
    ]  # fmt: skip


def test_an_ontology_in_obo_may_be_named_by_its_address(tmp_path: Path) -> None:
    address = "https://example.org/x.owl"
    found = read(tmp_path / "x.obo", OBO.replace("ontology: x", f"ontology: {address}"))
    assert [row["id"] for row in found["nodes"] if row["category"] == "owl:Ontology"] == [address]
    assert f"{address}#unknown_to" in {row["predicate"] for row in found["edges"]}


def test_obo_survives_bad_bytes_and_line_ends(tmp_path: Path) -> None:
    text = "format-version: 1.4\r\n\r\n[Term]\r\nid: X:1\r\nname: caf\xe9\r\nis_a: X:2\r\nis_a: X\0:3\r\n"
    found = read(tmp_path / "x.obo", text.encode("latin-1"))
    assert [row["line"] for row in found["edges"]] == [6]
    assert [line for line, _ in faults(found)] == [5, 7, 1]
    assert found["quarantine"][0]["text"] == "name: caf\\xe9"


def test_obo_graphs(tmp_path: Path) -> None:
    iri = "http://purl.obolibrary.org/obo/"
    document = {
        "graphs": [
            {
                "id": f"{iri}x.owl",
                "nodes": [
                    {
                        "id": f"{iri}X_1", "lbl": "one", "type": "CLASS",
                        "meta": {
                            "xrefs": [{"val": "Y:1"}, {"val": "no curie"}], "deprecated": True,
                            "basicPropertyValues": [
                                {"pred": f"{iri}IAO_0100001", "val": "X:2"},
                                {"pred": "http://www.w3.org/2004/02/skos/core#exactMatch", "val": "Z:1"},
                                {"pred": "http://x/other", "val": "kept"},
                            ],
                        },
                    },
                    {"lbl": "nameless"},
                ],
                "edges": [
                    {"sub": f"{iri}X_1", "pred": "is_a", "obj": f"{iri}X_2"},
                    {"sub": f"{iri}P_1", "pred": "inverseOf", "obj": f"{iri}P_2"},
                    {"sub": f"{iri}X_1", "pred": "odd", "obj": f"{iri}X_2"},
                ],
                "logicalDefinitionAxioms": [{"definedClassId": f"{iri}X_1"}],
            }
        ]
    }  # fmt: skip
    found = read(tmp_path / "x.json", json.dumps(document, indent=1))
    assert [said(row) for row in found["edges"]] == [
        {"subject": f"{iri}X_1", "predicate": "rdfs:subClassOf", "object": f"{iri}X_2"}
    ]
    assert [row["object_id"] for row in found["mappings"]] == ["Y:1", "Z:1"]
    assert [row["quad"] for row in found["carried"]] == [
        f"<{iri}P_1> <http://www.w3.org/2002/07/owl#inverseOf> <{iri}P_2> ."
    ]
    one, graph = found["nodes"]
    assert (one["replaced_by"], one["deprecated"], '"kept"' in one["rest"]) == ("X:2", True, True)
    assert "logicalDefinitionAxioms" in graph["rest"]
    assert [line for line, _ in faults(found)] == [1, 2, 5]


def test_a_broken_document_is_told(tmp_path: Path) -> None:
    found = read(tmp_path / "x.json", '{"graphs": [{"nodes": [')
    assert faults(found)[0][1].startswith("is no JSON")
