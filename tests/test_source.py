"""The hand-edited files as people get them wrong: every mistake is told at once, each with its line and a remedy."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from calcinosis_kg import graph, source
from calcinosis_kg.errors import InputError, SourceError
from calcinosis_kg.terms import Term, TermIndex

ROOT = Path(__file__).parents[1]
DIGEST = "0" * 64

TERMS = TermIndex(
    Term(curie, label, deprecated=label.startswith("obsolete"))
    for curie, label in (
        ("CKG:0000071", "toy page"),
        ("CKG:0009999", "obsolete toy"),
        ("DOID:182", "calcinosis"),
        ("RO:0002200", "has phenotype"),
        ("SYMP:0000099", "pain"),
        ("biolink:Disease", "disease"),
        ("biolink:PhenotypicFeature", "phenotypic feature"),
        ("biolink:has_phenotype", "has phenotype"),
        ("biolink:affects", "affects"),
    )
)

DOCUMENT = f"""\
id: CKG:0000071 ! toy page
sha256: {DIGEST}
bytes: 100
code_points: 100
encoding: utf-8
offset_unit: unicode-code-point
extraction:
  agent: nobody
  method: None at all.
  date: 2026-11-23
sections:
  - toy
"""

ENTITIES = """\
entities:

  - id: DOID:182 ! calcinosis
    category: biolink:Disease
    role: claim

  - id: HP:0012531 ! Pain
    category: biolink:PhenotypicFeature
    role: claim
    symptom: SYMP:0000099 ! pain
"""

CLAIMS = f"""\
section: toy
claims:

  - id: CKG-C001
    span: 0-10
    sha256: {DIGEST}
    subject: DOID:182 ! calcinosis
    predicate: biolink:has_phenotype
    relation: RO:0002200 ! has phenotype
    object: HP:0012531 ! Pain
    hedges:
      - {{cue: may well, type: possibility}}
    kind: symptom
    verdict: supported
    status: accepted
    evidence:
      - direction: supports
        directness: direct
        basis: review
        references: [PMID:31302187]
        summary: A review shows the same.

  - id: CKG-C002
    span: 10-20
    sha256: {DIGEST}
    subject: DOID:182 ! calcinosis
    predicate: biolink:affects
    object: HP:0012531 ! Pain
    negated: true
    negation_cue: not
    kind: symptom
    verdict: contradicted
    status: refuted
    qualifiers: {{detail: toy}}
    note: toy
    evidence:
      - direction: disputes
        directness: direct
        basis: review
        references: [PMID:31302187, CKG-C001]
        summary: A review shows the contrary.
    repeats: CKG-C001

non_claims:

  - id: CKG-N001
    span: 20-30
    sha256: {DIGEST}
    type: duplicate/definition
    repeats: [CKG-C001]
"""

PUBLICATIONS = """\
publications:

  - id: PMID:31302187
    also: [DOI:10.1016/j.jaad.2019.07.006]
    author: Traineau H
    year: 2020
    design: systematic review
    level: 4

  - id: PMID:12271292
    design: retrospective cohort
    level: 3
"""

LITERATURE = """\
topic: toy
claims:

  - id: CKG-L001
    subject: DOID:182 ! calcinosis
    predicate: biolink:has_phenotype
    relation: RO:0002200 ! has phenotype
    object: HP:0012531 ! Pain
    kind: symptom
    qualifiers: {min_percentage: 5}
    evidence:
      - direction: supports
        directness: direct
        basis: study
        references: [PMID:12271292]
        summary: A cohort shows as much.
"""

C, E, D, P, L = "claims/toy.yaml", "entities/toy.yaml", "document.yaml", "publications.yaml", "literature/toy.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "ontology"
    for name, content in ((D, DOCUMENT), (E, ENTITIES), (C, CLAIMS), (P, PUBLICATIONS), (L, LITERATURE)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content, f"{old!r} is not in {path.name}"
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def problems(root: Path) -> list[str]:
    with pytest.raises(SourceError) as caught:
        source.read(root, TERMS)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    for problem in caught.value.problems:
        assert problem.remedy.endswith((".", "?")), f"no remedy: {problem}"
        assert re.match(r"ontology/[\w/.-]+(:\d+)?\Z", problem.place), f"no place: {problem}"
    return [str(problem) for problem in caught.value.problems]


def test_toy_has_no_mistake(folder: Path) -> None:
    curation = source.read(folder, TERMS)
    assert [claim.id for claim in curation.claims] == ["CKG-C001", "CKG-C002"]
    assert curation.claims[0].place == "ontology/claims/toy.yaml:4"
    assert curation.claims[1].negated
    assert curation.entities["HP:0012531"].symptom == "SYMP:0000099"
    assert [line.level for claim in curation.claims for line in claim.evidence] == [4, 4]
    assert [(claim.id, claim.evidence[0].level, claim.place) for claim in curation.literature] == [
        ("CKG-L001", 3, "ontology/literature/toy.yaml:4")
    ]
    # The document and the literature say the same, with the same id for what is said.
    assert curation.literature[0].proposition == curation.claims[0].proposition


def test_a_line_may_have_a_level_of_its_own(folder: Path) -> None:
    edit(
        folder / C,
        "        summary: A review shows the contrary.",
        "        level: 1\n        summary: A review shows the contrary.",
    )
    assert [claim.evidence[0].level for claim in source.read(folder, TERMS).claims] == [4, 1]


def test_the_literature_may_be_missing(folder: Path) -> None:
    shutil.rmtree(folder / "literature")
    edit(folder / P, PUBLICATIONS[PUBLICATIONS.index("\n  - id: PMID:12271292") :], "")
    assert source.read(folder, TERMS).literature == ()


UNKNOWN = "in no import slice and not in calcinosis.ttl. "
NEW_TERM = "Check it; a new term goes into ontology/imports/terms.txt, then run scripts/make_slices.py."
COPY = "Check that the identifier is the one you mean, then copy the label."
ADD = "dd it to a file of ontology/entities/."
MAP = "Use a prefix of ontology/context.jsonld, or add it there."
RETIRED = "  - {id: 'CKG:0009999 ! obsolete toy', category: 'biolink:Disease', role: claim}\n"
CITED = "[PMID:31302187]"
PAIN = "HP:0012531 ! Pain"
# Name of the case; file; what is taken out; what is put in; line of the mistake; the message, or its start.
CASES = [
    # What the schema sees.
    ("unknown-key", C, "    note: toy", "    noet: toy", 35, "unknown key 'noet'. Did you mean 'note'?"),
    ("missing-key", C, "    status: accepted\n", "", 4, "'status' is missing. Add 'status': Choose one of the listed"),
    ("missing-list", D, "sections:\n  - toy\n", "", 1, "'sections' is missing. Add 'sections': List the sections"),
    ("missing-role", E, "    role: claim\n", "", 3, "'role' is missing. Add 'role': Write claim (a claim speaks of"),
    (
        "key-twice",
        C,
        "    kind: symptom",
        "    kind: cause\n    kind: cause",
        14,
        "'kind' stands twice. Keep one of the two.",
    ),
    ("unknown-status", C, "status: accepted", "status: acepted", 15, "'acepted' is not one of: accepted, reported"),
    ("no-curie", C, "DOID:182 ! calcinosis", "calcinosis", 7, "'calcinosis' is badly written. Write a CURIE and its"),
    ("no-predicate", C, "biolink:has_phenotype", "has", 8, "'has' is badly written. Write a predicate of the Biolink"),
    ("hedge-without-cue", C, "cue: may well, ", "", 12, "'cue' is missing. Add 'cue': Write the one to four words"),
    ("cue-without-type", C, ", type: possibility", "", 12, "'type' is missing. Add 'type': Choose one of the listed"),
    (
        "cue-of-five-words",
        C,
        "may well",
        "it may very well be",
        12,
        "'it may very well be' is badly written. Write the",
    ),
    ("no-hedge", C, "\n      - {cue: may well, type: possibility}", " []", 11, "nothing stands here. List {cue: word,"),
    (
        "negated-without-cue",
        C,
        "    negation_cue: not\n",
        "",
        23,
        "'negation_cue' is missing. Add 'negation_cue': Write",
    ),
    (
        "cue-without-negated",
        C,
        "    negated: true\n",
        "",
        23,
        "'negated' is missing. Add 'negated': Write 'negated: true'",
    ),
    (
        "negated-false",
        C,
        "negated: true",
        "negated: false",
        29,
        "'false' does not fit here. Write 'negated: true' with a",
    ),
    (
        "no-references",
        C,
        f"        references: {CITED}\n",
        "",
        17,
        "'references' is missing. Add 'references': Cite at",
    ),
    ("empty-references", C, CITED, "[]", 20, "nothing stands here. Cite at least one reference"),
    (
        "short-summary",
        C,
        "A review shows the same.",
        "Same.",
        21,
        "text of 5 characters is shorter than 10. Say in one",
    ),
    (
        "percent",
        C,
        "{detail: toy}",
        "{max_percentage: 40%}",
        34,
        "'40%' is badly written. Write a number of percent: 40.",
    ),
    (
        "span-in-words",
        C,
        "span: 0-10",
        "span: 0 to 10",
        5,
        "'0 to 10' is badly written. Write start-end in code points",
    ),
    ("digest", C, DIGEST, "0" * 63, 6, f"'{'0' * 60}…' is badly written. Write the SHA-256 of the span's text as 64"),
    # What only the whole of the files shows.
    ("unknown-predicate", C, ":affects", ":afects", 27, f"'biolink:afects' is {UNKNOWN}Did you mean biolink:affects?"),
    (
        "unknown-category",
        E,
        ":Disease",
        ":Diseases",
        4,
        f"'biolink:Diseases' is {UNKNOWN}Did you mean biolink:Disease?",
    ),
    ("unknown-term", E, "DOID:182 ! calcinosis", "DOID:1 ! x", 3, f"'DOID:1' is {UNKNOWN}{NEW_TERM}"),
    ("unknown-relation", C, "RO:0002200 !", "RO:2200 !", 9, f"'RO:2200' is {UNKNOWN}{NEW_TERM}"),
    ("unknown-prefix", C, "DOID:182 !", "DO:182 !", 7, f"unknown prefix 'DO' in 'DO:182'. {MAP}"),
    ("prefix-of-reference", C, CITED, "[PUBMED:1]", 17, f"unknown prefix 'PUBMED' in 'PUBMED:1'. {MAP}"),
    ("prefix-of-entity", E, "id: HP:00", "id: HPO:00", 7, f"unknown prefix 'HPO' in 'HPO:0012531'. {MAP}"),
    ("no-iri", C, CITED, "['PMID:3<2>']", 17, "'PMID:3<2>' makes no valid IRI. Correct the identifier."),
    ("no-address", C, CITED, "['https://[']", 17, "'https://[' makes no valid IRI. Correct the identifier."),
    (
        "unknown-entity",
        C,
        PAIN,
        "HP:0012351 ! x",
        10,
        f"'HP:0012351' is not an entity. Did you mean {PAIN}? Else a{ADD}",
    ),
    ("entity-by-label", C, PAIN, "CL:1 ! Pain", 10, f"'CL:1' is not an entity. Did you mean {PAIN}? Else a{ADD}"),
    ("entity-far-off", C, PAIN, "UBERON:9 ! x", 10, f"'UBERON:9' is not an entity. A{ADD}"),
    ("wrong-label", C, "! calcinosis", "! stones", 7, f"the label of 'DOID:182' is 'calcinosis', not 'stones'. {COPY}"),
    (
        "label-of-relation",
        C,
        "! has phenotype",
        "! has",
        9,
        "the label of 'RO:0002200' is 'has phenotype', not 'has'. ",
    ),
    ("label-of-entity", E, "! calcinosis", "! x", 3, f"the label of 'DOID:182' is 'calcinosis', not 'x'. {COPY}"),
    ("label-of-symptom", E, "! pain", "! ache", 10, f"the label of 'SYMP:0000099' is 'pain', not 'ache'. {COPY}"),
    ("population", C, "{detail: toy}", "{population: 'CL:9 ! x'}", 34, f"'CL:9' is not an entity. A{ADD}"),
    ("deprecated-term", E, "  - id: HP:", f"{RETIRED}  - id: HP:", 7, "'CKG:0009999' is deprecated. Use the term that"),
    ("deprecated-reference", C, CITED, "[CKG:0009999]", 17, "reference 'CKG:0009999' is deprecated. Use the term"),
    ("claim-id-twice", C, "id: CKG-C002", "id: CKG-C001", 23, f"'CKG-C001' stands in ontology/{C}:4 too. Give the new"),
    (
        "entity-twice",
        E,
        f"id: {PAIN}",
        "id: DOID:182 ! x",
        7,
        f"'DOID:182' stands in ontology/{E}:3 too. Keep one of the",
    ),
    ("span-outside", C, "10-20", "10-101", 23, "span 10-101 ends outside the document of 100 code points. Correct"),
    ("start-after-end", C, "10-20", "20-10", 23, "span 20-10 starts at or after its end. The start comes first"),
    ("start-is-end", C, "10-20", "10-10", 23, "span 10-10 starts at or after its end. The start comes first"),
    (
        "refuted-undisputed",
        C,
        ": disputes",
        ": qualifies",
        23,
        "CKG-C002 is refuted but nothing disputes it. Add a line",
    ),
    (
        "artefact-undisputed",
        C,
        ": accepted",
        ": artefact",
        4,
        "CKG-C001 is artefact but nothing disputes it. Add a line",
    ),
    (
        "repeats-nothing",
        C,
        "repeats: CKG-C001",
        "repeats: CKG-C009",
        23,
        "repeats 'CKG-C009', which is no claim. Correct",
    ),
    ("repeats-itself", C, "repeats: CKG-C001", "repeats: CKG-C002", 23, "CKG-C002 repeats itself. Name the claim that"),
    (
        "span-repeats-nothing",
        C,
        "[CKG-C001]",
        "[CKG-C009]",
        46,
        "repeats 'CKG-C009', which is no claim. Correct the id.",
    ),
    (
        "duplicate-of-nothing",
        C,
        "    repeats: [CKG-C001]\n",
        "",
        46,
        "a duplicate repeats no claim. Add 'repeats: [CKG-C…]'",
    ),
    ("cites-nothing", C, "CKG-C001]", "CKG-C009]", 23, "evidence cites 'CKG-C009', which is no claim. Correct the id."),
    # Publications, and what they claim beyond the document.
    ("not-listed", C, CITED, "[PMC:12]", 4, "'PMC:12' is not listed. Add it to ontology/publications.yaml with its"),
    ("study-unlisted", C, CITED, "[HGNC:1]", 4, "a review without a level is cited. List the publication in"),
    ("second-name", C, CITED, "[DOI:10.1016/j.jaad.2019.07.006]", 4, "'DOI:10.1016/j.jaad.2019.07.006' is 'PMID:31302"),
    (
        "uncited",
        P,
        "level: 4\n",
        "level: 4\n\n  - {id: PMC:1, design: toy, level: 5}\n",
        10,
        "'PMC:1' is listed, and no",
    ),
    ("listed-twice", P, "PMID:12271292", "PMID:31302187", 10, "'PMID:31302187' stands in ontology/publications.yaml:3"),
    (
        "no-design",
        P,
        "    design: systematic review\n",
        "",
        3,
        "'design' is missing. Add 'design': Say what kind of study",
    ),
    ("level-9", P, "level: 4", "level: 9", 8, "'9' is not one of: 1, 2, 3, 4, 5. Write the level of its design"),
    (
        "no-publication",
        P,
        "id: PMID:31302187",
        "id: Traineau 2020",
        3,
        "'Traineau 2020' is badly written. Write PMID:313021",
    ),
    ("page-id", L, "CKG-L001", "CKG-C009", 4, "'CKG-C009' is badly written. Write CKG-L and three digits or more"),
    (
        "no-evidence",
        L,
        LITERATURE[LITERATURE.index("    evidence:") :],
        "",
        4,
        "'evidence' is missing. Add 'evidence': List",
    ),
    ("entity-of-literature", L, PAIN, "CL:1 ! Pain", 8, f"'CL:1' is not an entity. Did you mean {PAIN}? Else a{ADD}"),
    ("unknown-section", D, "  - toy", "  - ploy", 4, "section 'toy' is not in document.yaml. Add it there, or"),
    ("no-day", D, "2026-11-23", "2026-11-31", 10, "'2026-11-31' is no day of the calendar. Write a date: 2026-11-23."),
]
FOLLOWED = {
    "deprecated-reference",
    "not-listed",
    "study-unlisted",
    "listed-twice",
    "key-twice",
    "claim-id-twice",
    "entity-twice",
    "unknown-term",
    "prefix-of-entity",
    "unknown-section",
}
"""Cases whose mistake is one for the blocks that rest on it, too."""


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_mistake_is_told_with_its_line(case: tuple[str, str, str, str, int, str], folder: Path) -> None:
    name, file, old, new, line, message = case
    edit(folder / file, old, new)
    found = problems(folder)
    where = C if name == "unknown-section" else file
    assert any(problem.startswith(f"ontology/{where}:{line}: {message}") for problem in found), found
    assert len(found) == 1 or name in FOLLOWED, found


def test_claims_of_the_literature_that_say_the_same(folder: Path) -> None:
    again = LITERATURE[LITERATURE.index("\n  - id:") :]
    (folder / L).write_text(LITERATURE + again + again.replace("L001", "L002"), encoding="utf-8")
    assert [problem.removeprefix(f"ontology/{L}:") for problem in problems(folder)] == [
        f"18: 'CKG-L001' stands in ontology/{L}:4 too. Give the new one the next free number.",
        "18: CKG-L001 says what CKG-L001 says. Put both claims' evidence under one of them.",
        "32: CKG-L002 says what CKG-L001 says. Put both claims' evidence under one of them.",
    ]


def test_every_mistake_of_every_file_in_order(folder: Path) -> None:
    edit(folder / D, "date: 2026-11-23", "date: 2026-02-30")
    edit(folder / E, "! calcinosis", "! calcification")
    edit(folder / C, "biolink:has_phenotype", "biolink:has_fenotype")
    edit(folder / C, "DOID:182 ! calcinosis\n    predicate: biolink:aff", "DOID:183 ! x\n    predicate: biolink:aff")
    edit(folder / C, "span: 20-30", "span: 30-20")
    (folder / "claims" / "again.yaml").write_text(
        CLAIMS.replace("CKG-C00", "CKG-C01").replace("CKG-N00", "CKG-N01").replace("PMID:31302187]", "PMD:1]"),
        encoding="utf-8",
    )
    assert [problem.split(". ")[0] for problem in problems(folder)] == [
        "ontology/claims/again.yaml:17: unknown prefix 'PMD' in 'PMD:1'",
        "ontology/claims/toy.yaml:8: 'biolink:has_fenotype' is in no import slice and not in calcinosis.ttl",
        "ontology/claims/toy.yaml:26: 'DOID:183' is not an entity",
        "ontology/claims/toy.yaml:46: span 30-20 starts at or after its end",
        "ontology/document.yaml:10: '2026-02-30' is no day of the calendar",
        "ontology/entities/toy.yaml:3: the label of 'DOID:182' is 'calcinosis', not 'calcification'",
    ]


def test_a_wrong_file_of_entities_makes_no_false_alarms(folder: Path) -> None:
    edit(folder / E, "    role: claim", "    roll: claim")
    assert [problem.split(". ")[0] for problem in problems(folder)] == [
        "ontology/entities/toy.yaml:3: 'role' is missing",
        "ontology/entities/toy.yaml:5: unknown key 'roll'",
    ]


def test_a_wrong_file_of_claims_makes_no_false_alarms(folder: Path) -> None:
    (folder / "claims" / "more.yaml").write_text(
        f"section: toy\nnon_claims:\n  - {{id: CKG-N002, span: 30-40, sha256: '{DIGEST}', "
        "type: duplicate/definition, repeats: [CKG-C001]}\n",
        encoding="utf-8",
    )
    edit(folder / C, "kind: symptom", "kind: nonsense")
    (found,) = problems(folder)
    assert found.startswith("ontology/claims/toy.yaml:13: 'nonsense' is not one of: definition, subtype, symptom")


@pytest.mark.parametrize("name", [C, E, D, P, L])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": is empty. Write its content, or delete the file."),
        (b"\xff\xfe", ": is not UTF-8 (byte 0). Save the file as UTF-8."),
        (b"a: 'b\n", ":1: is not valid YAML: while scanning a quoted scalar, found unexpected end of stream. Check"),
        (b"a: b\n  c: d\n", ":2: is not valid YAML: mapping values are not allowed in this context. Check"),
    ],
    ids=["empty", "binary", "quote", "indentation"],
)
def test_file_that_is_no_yaml(name: str, content: bytes, message: str, folder: Path) -> None:
    (folder / name).write_bytes(content)
    (found,) = problems(folder)
    assert found.startswith(f"ontology/{name}{message}")


@pytest.mark.parametrize("name", [C, E, D, P, L])
def test_folder_in_the_place_of_a_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert problems(folder) == [f"ontology/{name}: is a folder. Put a YAML file there."]


def test_missing_document(folder: Path) -> None:
    (folder / D).unlink()
    assert problems(folder) == [
        "ontology/document.yaml: cannot be read: no such file or directory. Check the file and its rights."
    ]


@pytest.mark.parametrize("name", ["claims", "entities"])
def test_missing_and_empty_folder(name: str, folder: Path) -> None:
    shutil.rmtree(folder / name)
    remedy = "Give the ontology folder of this project, or a copy of it."
    with pytest.raises(InputError) as caught:
        source.read(folder, TERMS)
    assert str(caught.value) == f"{folder / name}: is not a folder. {remedy}"
    (folder / name).mkdir()
    with pytest.raises(InputError) as caught:
        source.read(folder, TERMS)
    assert str(caught.value) == f"{folder / name}: holds no .yaml file. {remedy}"


def test_file_that_would_be_passed_over(folder: Path) -> None:
    (folder / "claims" / "more.yml").write_text(CLAIMS, encoding="utf-8")
    assert problems(folder) == ["ontology/claims/more.yml: is not read: it ends in .yml. Rename it to .yaml."]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the shipped ontology folder, which tests leave as it was."""
    copy = tmp_path_factory.mktemp("copy") / "ontology"
    shutil.copytree(ROOT / "ontology", copy, ignore=shutil.ignore_patterns("*.trig"))
    yield copy
    shutil.rmtree(copy)


def test_shipped_files_have_no_mistake(shipped: Path) -> None:
    assert len(graph.curation(shipped).claims) >= 305


def test_mistakes_in_shipped_files(shipped: Path) -> None:
    changes = (
        ("claims/medication.yaml", "status: artefact", "status: artifact"),
        ("claims/type.yaml", "predicate: biolink:", "predicate: biolnk:"),
        ("entities/drugs.yaml", "! sodium thiosulfate", "! natrium thiosulfate"),
    )
    before = {name: (shipped / name).read_text(encoding="utf-8") for name, _, _ in changes}
    for change in changes:
        edit(shipped / change[0], *change[1:])
    with pytest.raises(SourceError) as caught:
        graph.curation(shipped)
    for name, content in before.items():
        (shipped / name).write_text(content, encoding="utf-8")
    found = str(caught.value).splitlines()
    for name, old, _ in changes:
        line = before[name][: before[name].index(old)].count("\n") + 1
        assert any(text.startswith(f"ontology/{name}:{line}: ") for text in found), found
    assert found == sorted(found, key=lambda text: (text.split(":")[0], int(text.split(":")[1])))
    graph.curation(shipped)


@pytest.mark.parametrize("name", ["calcinosis.ttl", "vocabulary.ttl", "imports/doid.ttl"])
def test_broken_turtle_is_told_with_its_line(name: str, shipped: Path) -> None:
    path = shipped / name
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "\n<a:b> <a:c> ;\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        graph.curation(shipped)
    path.write_text(before, encoding="utf-8")
    line = before.count("\n") + 2
    assert caught.value.place in (f"{path}:{line}", f"{path}:{line + 1}")
    assert caught.value.remedy


def test_missing_slices_and_folder(tmp_path: Path, shipped: Path) -> None:
    shutil.move(shipped / "imports", tmp_path / "imports")
    with pytest.raises(
        InputError, match=r"imports: there are no import slices. Rebuild them with scripts/make_slices.py"
    ):
        graph.curation(shipped)
    shutil.move(tmp_path / "imports", shipped / "imports")
    remedy = "Give the ontology folder of this project, or a copy of it."
    for place in (tmp_path / "none", shipped / "document.yaml"):
        with pytest.raises(InputError) as caught:
            graph.curation(place)
        assert str(caught.value) == f"{place}: is not a folder. {remedy}"
