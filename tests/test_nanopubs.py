"""Nanopublications: what they say, that they come back, that tampering shows, and that anybody's are judged rightly."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import nanopub_sign
import pyoxigraph as ox
import pytest
from hypothesis import given, settings

import calcinosis_kg as ckg
from calcinosis_kg import shipped, views
from calcinosis_kg.errors import FormatError, InputError, MissingExtraError
from calcinosis_kg.interchange import contents, nanopub_files, nanopub_keys, nanopubs, restored, trusty
from calcinosis_kg.interchange.associations import Association, Contents, Entity
from calcinosis_kg.interchange.nanopub_graphs import NPX, Nanopub, split
from calcinosis_kg.namespaces import BASE, GRAPH, expand
from calcinosis_kg.sheets import iri
from given_contents import CONTENTS

ROOT = Path(__file__).parents[1]
SUITE = ROOT.parent / "shared" / "suites" / "nanopub"
ACCEPTED = ox.NamedNode(GRAPH + "accepted")
ORCID = "https://orcid.org/0000-0002-1825-0097"
ASSERTED = 'ex:chalk ex:hardens ex:tissue ; ex:since "2026-11-23"^^xsd:date , "a\\\\b\\nc"@EN .'
SOUND = """
@prefix this: <http://example.org/np1> .
@prefix sub: <http://example.org/np1#> .
@prefix ex: <http://example.org/> .
@prefix np: <http://www.nanopub.org/nschema#> .
@prefix npx: <http://purl.org/nanopub/x/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

sub:Head {
  this: a np:Nanopublication ; np:hasAssertion sub:assertion ;
    np:hasProvenance sub:provenance ; np:hasPublicationInfo sub:pubinfo .
}
sub:assertion { ASSERTED }
sub:provenance { sub:assertion prov:wasDerivedFrom ex:book . }
sub:pubinfo { this: dct:created "2026-11-23T00:00:00Z"^^xsd:dateTime . }
""".replace("ASSERTED", ASSERTED)


@cache
def quads(view: str = "all") -> list[ox.Quad]:
    return views.select(shipped.quads(), [view])


@cache
def shipped_nanopubs() -> dict[str, Nanopub]:
    """Claim to its nanopublication."""
    found = list(nanopubs.make(quads()))
    claims = contents.of(quads()).associations
    return {claim.id: nanopub for claim, nanopub in zip(claims, found, strict=True)}


@cache
def key() -> str:
    """A private key that is thrown away after the tests."""
    return str(nanopub_sign.KeyPair().private)


def one(text: str) -> Nanopub:
    (found,), free = split(ox.parse(text, format=ox.RdfFormat.TRIG))
    assert not free
    return found


def as_trusty(text: str = SOUND) -> str:
    """A nanopublication under its trusty URI, as text."""
    draft = nanopubs.NANOPUBS + "RA" + 43 * "_"
    text = text.replace("http://example.org/np1#", draft + "/").replace("http://example.org/np1", draft)
    return nanopubs.document(nanopubs.named(list(ox.parse(text, format=ox.RdfFormat.TRIG)), draft))


def signed(text: str = SOUND) -> str:
    return nanopubs.document(nanopub_keys.Signer(key(), ORCID, "key").sign(one(text)))


def faults(text: str, path: Path) -> list[str]:
    path.write_text(text, encoding="utf-8", newline="")
    return [fault for verdict in nanopub_files.check(path) for fault in verdict.faults]


# What ours say


def kept(found: Contents) -> Contents:
    """What nanopublications keep: claims whole; of entities name, kind, and whether they are artefacts.

    Entities that only a scope names are left out, as they are by `contents.of`.
    """
    bare = (Entity(one.id, one.label, one.categories, artefact=one.artefact) for one in found.entities)
    return Contents(tuple(bare), found.associations)


@settings(max_examples=50, deadline=None)
@given(CONTENTS)
def test_law_claims_come_back(found: Contents) -> None:
    files = nanopubs.write(list(restored.quads(found)))
    assert kept(contents.of(nanopubs.read(files, "a"))) == kept(found)


def test_the_shipped_claims_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.nanopubs.trig"
    ckg.write(ckg.load(), path, view=["refuted", "artefact"])
    given_ = views.select(shipped.quads(), ["refuted", "artefact"])
    back = contents.of(nanopubs.read({"": path.read_bytes()}, "a"))
    assert kept(back) == kept(contents.of(given_))
    assert len(ckg.read(path).graph(GRAPH + "claims")) > 500


@settings(max_examples=50, deadline=None)
@given(CONTENTS)
def test_law_only_whole_accepted_claims_are_plain_triples(found: Contents) -> None:
    """Even a dataset that had a plain triple for every claim would give one for those alone that may have it."""
    given_ = list(restored.quads(found))
    given_ += [ox.Quad(*triple_of(claim), ACCEPTED) for claim in found.associations]
    may = {
        triple_of(claim)
        for claim in found.associations
        if claim.status == "accepted" and not (claim.negated or claim.hedges or claim.qualifiers)
    }
    said = {quad.triple for nanopub in nanopubs.make(given_) for quad in nanopub.quads}
    every = {triple_of(claim) for claim in found.associations}
    assert {(triple.subject, triple.predicate, triple.object) for triple in said} & every == may


def triple_of(claim: Association) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
    return iri(claim.subject), iri(claim.relation or claim.predicate), iri(claim.object)


def test_each_shipped_claim_is_one_valid_nanopublication() -> None:
    found = shipped_nanopubs()
    assert len(found) == 390
    assert len({nanopub.iri for nanopub in found.values()}) == 390
    plain = [claim for claim, nanopub in found.items() if any(quad.triple in triples() for quad in nanopub.part(0))]
    assert len(plain) == 32
    statuses = {claim.id: claim for claim in contents.of(quads()).associations}
    assert all(statuses[name].status == "accepted" and not statuses[name].negated for name in plain)


@cache
def triples() -> frozenset[ox.Triple]:
    graphs = {ox.NamedNode(GRAPH + name) for name in ("accepted", "reported", "contested")}
    return frozenset(quad.triple for quad in quads() if quad.graph_name in graphs)


@pytest.mark.parametrize(
    ("name", "status", "negated", "modality"),
    [
        ("CKG-C258", "refuted", "false", "hedged"),
        ("CKG-C269", "contested", "true", "asserted"),
        ("CKG-C046", "contested", "false", "hedged"),
        ("CKG-C288", "artefact", "false", "asserted"),
        ("CKG-C017", "reported", "true", "hedged"),
        ("CKG-L009", "accepted", "true", ""),
    ],
)
def test_a_claim_is_followed(name: str, status: str, negated: str, modality: str) -> None:
    """Polarity, status and hedge stand in the assertion, evidence in the provenance, and no plain triple anywhere."""
    nanopub = shipped_nanopubs()[name]
    claim = next(claim for claim in contents.of(quads()).associations if claim.id == name)
    assertion = {(quad.predicate, quad.object) for quad in nanopub.part(0) if quad.subject == iri(name)}
    assert (iri("ckgv:claimStatus"), iri(f"ckgv:{status}")) in assertion
    boolean = ox.Literal(negated, datatype=ox.NamedNode(expand("xsd:boolean")))
    assert (iri("biolink:negated"), boolean) in assertion
    assert not modality or (iri("ckgv:modality"), iri(f"ckgv:{modality}")) in assertion
    assert (iri("rdf:subject"), iri(claim.subject)) in assertion
    assert not any(quad.subject == iri(claim.subject) for quad in nanopub.part(0) + nanopub.part(1))
    provenance = {(quad.predicate, quad.object) for quad in nanopub.part(1)}
    for line in claim.evidence:
        assert (iri("biolink:has_evidence"), iri(line.id)) in provenance
        assert all((iri("cito:citesAsEvidence"), iri(reference)) in provenance for reference in line.references)
    if claim.source == "document":
        assert (iri("spdx:checksumValue"), ox.Literal(claim.spans[0].sha256)) in provenance
        assert (iri("ckgv:offsetUnit"), ox.Literal("unicode-code-point")) in provenance
    pubinfo = {(quad.subject, quad.predicate, quad.object) for quad in nanopub.part(2)}
    licence = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
    assert (nanopub.node, iri("dcterms:license"), licence) in pubinfo
    assert (iri(name), iri("ckgv:claimStatus"), iri(f"ckgv:{status}")) in pubinfo


def test_the_view_decides_on_plain_triples() -> None:
    given_ = views.select(shipped.quads(), ["claims"])
    said = {quad.triple for nanopub in nanopubs.make(given_) for quad in nanopub.part(0)}
    assert not said & triples()


def test_a_view_without_claims_gives_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"a\.nanopubs\.trig: there is no claim"):
        ckg.write(ckg.load(), tmp_path / "a.nanopubs.trig", view="tbox")
    assert not list(tmp_path.iterdir())


def test_another_reader_finds_them_valid() -> None:
    for name in ("CKG-C258", "CKG-C269", "CKG-C288", "CKG-L009", "CKG-C003"):
        text = nanopubs.document(shipped_nanopubs()[name])
        assert nanopub_sign.Nanopub(text).check().info()["uri"]["value"] == shipped_nanopubs()[name].iri


def test_reading_refuses_what_is_not_sound(tmp_path: Path) -> None:
    text = nanopubs.document(shipped_nanopubs()["CKG-C258"])
    path = tmp_path / "a.nanopubs.trig"
    path.write_text(text.replace("ckgv:refuted", "ckgv:accepted"), encoding="utf-8")
    with pytest.raises(InputError, match="its content does not fit its name"):
        ckg.read(path)
    path.write_text(text + "\n<http://example.org/g> { <http://example.org/a> a <http://example.org/b> . }")
    with pytest.raises(InputError, match="belongs to no nanopublication"):
        ckg.read(path)
    path.write_text("")
    with pytest.raises(InputError, match="there is no nanopublication in it"):
        ckg.read(path)
    path.write_text("no trig")
    with pytest.raises(InputError, match=r"a\.nanopubs\.trig:1: "):
        ckg.read(path)


def test_two_versions_of_a_claim_are_not_mixed(tmp_path: Path) -> None:
    claim = next(claim for claim in contents.of(quads()).associations if claim.id == "CKG-C258")
    texts = []
    for status in ("refuted", "accepted"):
        made = nanopubs.write(list(restored.quads(Contents((), (replace(claim, status=status),)))))
        texts.append(made[nanopubs.ENDING].decode())
    (tmp_path / "a.nanopubs.trig").write_text("\n".join(texts), encoding="utf-8")
    with pytest.raises(InputError, match="CKG-C258 stands in two nanopublications"):
        ckg.read(tmp_path / "a.nanopubs.trig")


# Anybody's

MUTATIONS = {
    "its assertion is empty": (ASSERTED, ""),
    "its provenance is empty": ("sub:assertion prov:wasDerivedFrom ex:book .", ""),
    "its publication info is empty": ('this: dct:created "2026-11-23T00:00:00Z"^^xsd:dateTime .', ""),
    "its provenance does not speak of its assertion": ("{ sub:assertion prov", "{ ex:other prov"),
    "its publication info does not speak of it": ("{ this: dct", "{ ex:other dct"),
    "its Head names no assertion, not one": ("np:hasAssertion", "ex:hasAssertion"),
    "its Head names 2 provenances, not one": ("np:hasProvenance", "np:hasProvenance sub:more ; np:hasProvenance"),
    "two of its parts have the same IRI": ("np:hasProvenance sub:provenance", "np:hasProvenance sub:assertion"),
    "2 graphs declare it, where one is the Head": ("sub:pubinfo {", "sub:pubinfo { this: a np:Nanopublication ."),
    "its Head is not in a named graph": ("sub:Head {", "{"),
    "the IRI of its graph http://example.org/far does not begin with its own": ("sub:assertion", "ex:far"),
    "the graph http://example.org/np1#more is none of its four": (
        "sub:Head {",
        "sub:more { ex:a ex:b ex:c } sub:Head {",
    ),
    "it is a blank node": ("this:", "_:x"),
    "is no value of its datatype": ('"2026-11-23"', '"2026-02-31"'),
    "the graph <http://example.org/more> belongs to no nanopublication in it": (
        "sub:Head {",
        "ex:more { ex:a ex:b ex:c } sub:Head {",
    ),
    "there is no nanopublication in it": ("a np:Nanopublication", "a ex:Nanopublication"),
}


@pytest.mark.parametrize("reason", MUTATIONS)
def test_each_reason_is_given(reason: str, tmp_path: Path) -> None:
    old, new = MUTATIONS[reason]
    head, body = SOUND.split("\n\n", 1)
    assert old in body
    assert faults(SOUND, tmp_path / "a.trig") == []
    changed = f"{head}\n\n{body.replace(old, new)}"
    assert any(reason in fault for fault in faults(changed, tmp_path / "a.trig"))


@pytest.mark.parametrize(
    ("value", "datatype", "fits"),
    [
        ("1", "boolean", True), ("yes", "boolean", False), ("+07", "integer", True), ("7.0", "integer", False),
        ("0", "positiveInteger", False), ("128", "byte", False), ("9" * 40, "integer", True), ("1e3", "decimal", False),
        (".5", "decimal", True), ("-INF", "double", True), ("3,5", "double", False), ("24:61:00", "time", False),
        ("2024-02-29", "date", True), ("2023-02-29", "date", False), ("--13", "gMonth", False),
        ("P1Y", "duration", True), ("9" * 5000, "nonNegativeInteger", True), ("anything", "string", True),
    ],
)  # fmt: skip
def test_values_fit_their_datatypes(value: str, datatype: str, *, fits: bool) -> None:
    from calcinosis_kg.interchange.nanopub_rules import fits as found  # noqa: PLC0415 - it has the parameter's name

    assert found(value, expand(f"xsd:{datatype}")) is fits


def test_strays_belong_to_the_nearest(tmp_path: Path) -> None:
    """`np10` is not below `np1`, though its name begins like that."""
    ten = SOUND.replace("/np1", "/np10").replace("sub:Head {", "sub:more { ex:a ex:b ex:c } sub:Head {")
    path = tmp_path / "a.trig"
    path.write_text(SOUND + ten, encoding="utf-8")
    assert {verdict.name: len(verdict.faults) for verdict in nanopub_files.check(path)} == {
        "http://example.org/np1": 0,
        "http://example.org/np10": 1,
    }


def test_a_remote_context_is_not_fetched(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"@context": "http://127.0.0.1:9/context", "@id": "http://example.org/a", "b": "c"}')
    with pytest.raises(InputError, match=r"a\.jsonld:1: "):
        list(nanopub_files.check(path))


def test_a_trusty_uri_is_checked_and_its_values_are_only_noted(tmp_path: Path) -> None:
    text = as_trusty(SOUND.replace('"2026-11-23"^^', '"2026-02-31"^^'))
    path = tmp_path / "a.trig"
    assert faults(text, path) == []
    (verdict,) = nanopub_files.check(path)
    assert (verdict.kind, verdict.valid, len(verdict.notes)) == ("trusty", True, 1)
    (fault,) = faults(text.replace("tissue", "Tissue"), path)
    assert fault.startswith("its content does not fit its name: the name ends in RA")
    assert faults(as_trusty().replace("ex:book", "[]").replace("<http://example.org/book>", "[]"), path) != []


def test_order_prefixes_and_repeats_do_not_change_a_code() -> None:
    code = trusty.code_in(one(as_trusty()).iri)
    again = [*one(as_trusty()).quads, *reversed(one(as_trusty()).quads)]
    assert trusty.code_of(again, code) == code
    with pytest.raises(InputError, match="cannot name"):
        trusty.code_of([ox.Quad(ox.BlankNode(), iri("rdf:type"), iri("owl:Class"))], code)


def test_strings_are_ordered_by_utf_16() -> None:
    """As the reference implementation compares them: U+1F9B4 before U+FF5E, though its number is the greater."""
    node = ox.NamedNode("http://example.org/draft")
    text = trusty.text_of([ox.Quad(node, node, ox.Literal(value), node) for value in ("\uff5e", "\U0001f9b4")], "draft")
    assert text.index("\U0001f9b4") < text.index("\uff5e")


def test_trix_nquads_and_jsonld_are_read(tmp_path: Path) -> None:
    text = as_trusty(SOUND.replace('"2026-11-23"^^xsd:date', '"007"^^xsd:integer , <http://example.org/x?a=1&b=2>'))
    found = one(text).quads
    serial = {".nq": ox.RdfFormat.N_QUADS, ".jsonld": ox.RdfFormat.JSON_LD}
    for ending, form in serial.items():
        path = tmp_path / f"a{ending}"
        path.write_bytes(ox.serialize(found, format=form) or b"")
        assert [verdict.faults for verdict in nanopub_files.check(path)] == [()]
    for ending in (".xml", ".trix"):
        (tmp_path / f"a{ending}").write_text(trix(found), encoding="utf-8")
        assert [verdict.faults for verdict in nanopub_files.check(tmp_path / f"a{ending}")] == [()]


def trix(found: list[ox.Quad]) -> str:
    from xml.sax.saxutils import escape, quoteattr  # noqa: PLC0415 - for this alone

    def term(node: object) -> str:
        if isinstance(node, ox.NamedNode):
            return f"<uri>{escape(node.value)}</uri>"
        assert isinstance(node, ox.Literal)
        if node.language:
            return f"<plainLiteral xml:lang={quoteattr(node.language)}>{escape(node.value)}</plainLiteral>"
        return f"<typedLiteral datatype={quoteattr(node.datatype.value)}>{escape(node.value)}</typedLiteral>"

    rows = [
        f"<graph>{term(quad.graph_name)}<triple>{''.join(map(term, quad.triple))}</triple></graph>" for quad in found
    ]
    return f"<TriX xmlns='http://www.w3.org/2004/03/trix/trix-1/'>{''.join(rows)}</TriX>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!DOCTYPE TriX [<!ENTITY a 'b'>]><TriX/>", "has a document type"),
        ("<TriX", "is no TriX: "),
        (
            "<TriX xmlns='http://www.w3.org/2004/03/trix/trix-1/'><graph><odd/></graph></TriX>",
            "it has an element <odd>",
        ),
        ("<TriX xmlns='http://www.w3.org/2004/03/trix/trix-1/'><graph><triple/></graph></TriX>", "a triple is none"),
        ("<TriX xmlns='http://www.w3.org/2004/03/trix/trix-1/'><graph><uri>no iri</uri></graph></TriX>", "is no TriX"),
    ],
)
def test_bad_trix_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        list(nanopub_files.check(path))


# Signatures


def test_a_signature_holds_and_is_found_by_another_reader(tmp_path: Path) -> None:
    text = signed()
    assert faults(text, tmp_path / "a.trig") == []
    assert text == signed()
    assert ORCID in text.replace("orcid:", "https://orcid.org/")
    assert text.count("2026-11-23T00:00:00Z") == 1, "no clock"
    assert "https://w3id.org/np/RA" in nanopub_sign.Nanopub(text).check().info()["uri"]["value"]


def test_signing_ours_keeps_what_they_say(tmp_path: Path) -> None:
    unsigned = shipped_nanopubs()["CKG-C258"]
    text = signed(nanopubs.document(unsigned))
    path = tmp_path / "a.nanopubs.trig"
    path.write_text(text, encoding="utf-8")
    assert faults(text, tmp_path / "a.trig") == []
    assert nanopub_sign.Nanopub(text).check().info()["uri"]["value"] == one(text).iri
    back = contents.of(nanopubs.read({"": path.read_bytes()}, "a")).associations
    assert back == contents.of(unsigned.quads).associations
    assert unsigned.iri in text, "what it was made from"
    signer = ox.Triple(ox.NamedNode(one(text).iri + "/sig"), ox.NamedNode(NPX + "signedBy"), ox.NamedNode(ORCID))
    assert signer in {quad.triple for quad in one(text).part(2)}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("hardens", "softens", "its content does not fit its name"),
        ('npx:hasAlgorithm "RSA" ;', "", "its content does not fit its name"),
    ],
)
def test_tampering_shows(old: str, new: str, reason: str, tmp_path: Path) -> None:
    text = signed()
    assert old in text
    assert reason in faults(text.replace(old, new), tmp_path / "a.trig")[0]


def forged(change: list[tuple[str, str]]) -> str:
    """A signed nanopublication that was changed and given a name that fits again."""
    text = signed()
    for old, new in change:
        assert old in text
        text = text.replace(old, new)
    found = list(ox.parse(text, format=ox.RdfFormat.TRIG))
    code = trusty.code_in(split(found)[0][0].iri)
    return text.replace(code, trusty.code_of(found, code))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ([("hardens", "softens")], "its signature does not hold for its content"),
        ([('"RSA"', '"DSA"')], "its algorithm 'DSA' is not RSA or DSA, or is not that of its key"),
        ([('npx:hasAlgorithm "RSA"', 'npx:hasAlgorithm "RSA" , "DSA"')], "its signature has 2 npx:hasAlgorithm"),
        ([("npx:hasSignature ", "<http://example.org/was> ")], "its signature has no npx:hasSignature"),
        ([("npx:hasSignatureTarget this:", "npx:hasSignatureTarget np:")], "its signature is for something else"),
        ([('npx:hasPublicKey "MII', 'npx:hasPublicKey "!!!')], "its public key or its signature cannot be read"),
        ([('npx:hasPublicKey "MII', 'npx:hasPublicKey "AAA')], "its public key or its signature cannot be read"),
    ],
)
def test_forgery_shows(change: list[tuple[str, str]], reason: str, tmp_path: Path) -> None:
    assert forged([]) == signed()
    assert faults(forged(change), tmp_path / "a.trig") == [reason]


def test_a_signature_without_a_trusty_uri_is_none(tmp_path: Path) -> None:
    text = signed()
    code = trusty.code_in(one(text).iri)
    (fault,) = faults(text.replace(code, "draft"), tmp_path / "a.trig")
    assert fault.startswith("it is signed, but has no trusty URI")


@pytest.mark.parametrize(
    ("given_key", "orcid", "message"),
    [
        ("rubbish", ORCID, "key: holds no private RSA key in PKCS #8"),
        ("", ORCID, "key: holds no private RSA key in PKCS #8"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----",
            ORCID,
            "'RSA PRIVATE KEY', not .* openssl",
        ),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3\n-----END OPENSSH PRIVATE KEY-----", ORCID, "Convert it: ssh-keygen"),
        (None, "0000-0002-1825-0097", "is no ORCID"),
    ],
)
def test_keys_and_orcids_are_looked_at(given_key: str | None, orcid: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        nanopub_keys.Signer(key() if given_key is None else given_key, orcid, "key")
    assert not given_key or given_key not in str(caught.value)


def test_a_key_in_pem_signs_the_same() -> None:
    lines = "\n".join(key()[place : place + 64] for place in range(0, len(key()), 64))
    pem = f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"
    assert nanopubs.document(nanopub_keys.Signer(pem, ORCID, "key").sign(one(SOUND))) == signed()


def test_what_has_no_date_or_a_signature_is_not_signed() -> None:
    with pytest.raises(InputError, match="has no dcterms:created"):
        signed(SOUND.replace("dct:created", "dct:issued"))
    with pytest.raises(InputError, match="is signed already"):
        signed(signed())


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = signed()
    monkeypatch.setitem(sys.modules, "nanopub_sign", None)
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(MissingExtraError, match=r"nanopub-sign is not installed.*calcinosis-kg\[nanopub\]"):
        signed()
    with pytest.raises(MissingExtraError, match=r"cryptography is not installed.*calcinosis-kg\[nanopub\]"):
        faults(text, tmp_path / "a.trig")
    assert faults(as_trusty(), tmp_path / "a.trig") == [], "without a signature nothing more is needed"


# The published test suite

needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="the nanopublication test suite is not beside the checkout")


def suite(kind: str) -> list[Path]:
    return sorted(path for path in (SUITE / kind).rglob("*.*") if path.is_file())


@needs_suite
@pytest.mark.parametrize("path", suite("valid"), ids=lambda path: path.name)
def test_the_suite_s_valid_cases_are_valid(path: Path) -> None:
    assert [verdict.faults for verdict in nanopub_files.check(path) if not verdict.valid] == []


@needs_suite
@pytest.mark.parametrize("path", suite("invalid"), ids=lambda path: path.name)
def test_the_suite_s_invalid_cases_are_not(path: Path) -> None:
    assert any(verdict.faults for verdict in nanopub_files.check(path))


# The command line


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "calcinosis_kg", "nanopubs", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_the_verb_checks_and_signs(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(key())
    (tmp_path / "a.trig").write_text(as_trusty(), encoding="utf-8")
    made = run("sign", "a.trig", "b.trig", "--key", "key", "--orcid", ORCID, cwd=tmp_path)
    assert (made.returncode, made.stdout) == (0, "")
    good = run("check", "a.trig", "b.trig", "--all", cwd=tmp_path)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "2 valid, 0 not valid")
    assert "valid (trusty)" in good.stdout
    assert "valid (signed)" in good.stdout
    (tmp_path / "c.trig").write_text((tmp_path / "b.trig").read_text(encoding="utf-8").replace("hardens", "softens"))
    bad = run("check", "c.trig", "--format", "json", cwd=tmp_path)
    assert bad.returncode == 1
    verdict = json.loads(bad.stdout)
    assert (verdict["valid"], verdict["file"]) == (False, "c.trig")
    before = (tmp_path / "b.trig").read_bytes()
    refused = run("sign", "c.trig", "b.trig", "--key", "key", "--orcid", ORCID, cwd=tmp_path)
    assert refused.returncode == 2
    assert "is not sound" in refused.stderr
    assert (tmp_path / "b.trig").read_bytes() == before
    for arguments in (("check", "none.trig"), ("check", "key"), ("check",), ("sign", "a.trig", "b.trig")):
        assert run(*arguments, cwd=tmp_path).returncode == 2


def test_names_are_ours() -> None:
    assert all(nanopub.iri.startswith(BASE + "nanopub/RA") for nanopub in shipped_nanopubs().values())
