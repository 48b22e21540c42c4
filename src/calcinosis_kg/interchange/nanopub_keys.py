"""Signatures of nanopublications: checked with the public key that they carry, made with a user's own key.

What is signed is the text whose digest is the trusty URI (`trusty.text_of`), taken without the signature itself. The
standard names two algorithms, each with SHA-256: RSA, and DSA, which some old nanopublications have and which is only
checked here. Nothing is published and nothing fetched.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError, MissingExtraError
from calcinosis_kg.interchange import trusty
from calcinosis_kg.interchange.nanopub_graphs import NPX, Nanopub, split
from calcinosis_kg.namespaces import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRA = "nanopub"
_SIGNATURE = ox.NamedNode(NPX + "hasSignature")
_FACTS = {name: ox.NamedNode(NPX + name) for name in ("hasAlgorithm", "hasPublicKey", "hasSignature")}
_SIGNER = ox.NamedNode(NPX + "signedBy")
_TARGET = ox.NamedNode(NPX + "hasSignatureTarget")
_CREATED = ox.NamedNode(expand("dcterms:created"))
_DERIVED = ox.NamedNode(expand("prov:wasDerivedFrom"))
_TEMPORARY = "http://purl.org/nanopub/temp/draft/"
"""What the signing library takes for the name of a draft; it gives the result a name below https://w3id.org/np/."""

_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)
_ORCID = re.compile(r"https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


def is_signed(nanopub: Nanopub) -> bool:
    """Whether its publication info has a signature or a part of one."""
    return any(quad.predicate in (*_FACTS.values(), _TARGET) for quad in nanopub.part(2))


def faults(nanopub: Nanopub) -> list[str]:
    """Return why the signature of a nanopublication does not hold; nothing if it does, or if there is none.

    Raises:
        MissingExtraError: It is signed, and cryptography is not installed.
    """
    if not is_signed(nanopub):
        return []
    code = trusty.code_in(nanopub.iri)
    if not code:
        return ["it is signed, but has no trusty URI that the signature could hold for"]
    found: dict[str, list[str]] = defaultdict(list)
    for quad in nanopub.part(2):
        for name, predicate in _FACTS.items():
            if quad.predicate == predicate and isinstance(quad.object, ox.Literal):
                found[name].append(quad.object.value)
    targets = [quad.object for quad in nanopub.part(2) if quad.predicate == _TARGET]
    problems = [f"its signature has {len(found[name]) or 'no'} npx:{name}" for name in _FACTS if len(found[name]) != 1]
    if targets != [nanopub.node]:
        problems.append("its signature is for something else")
    if problems:
        return problems
    unsigned = [quad for quad in nanopub.quads if quad.predicate != _SIGNATURE]
    algorithm, key, signature = (found[name][0] for name in _FACTS)
    return _verified(algorithm, key, signature, trusty.text_of(unsigned, code).encode())


def _verified(algorithm: str, key: str, signature: str, signed: bytes) -> list[str]:
    """Return why a signature does not hold."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError("cryptography", EXTRA) from error
    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
        given = base64.b64decode(signature, validate=True)
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        return ["its public key or its signature cannot be read"]
    try:
        if algorithm == "RSA" and isinstance(public, rsa.RSAPublicKey):
            public.verify(given, signed, padding.PKCS1v15(), hashes.SHA256())
        elif algorithm == "DSA" and isinstance(public, dsa.DSAPublicKey):
            public.verify(given, signed, hashes.SHA256())
        else:
            return [f"its algorithm '{algorithm}' is not RSA or DSA, or is not that of its key"]
    except InvalidSignature:
        return ["its signature does not hold for its content"]
    return []


class Signer:
    """Signs nanopublications with one person's key.

    Args:
        key: A private RSA key in PKCS #8: PEM, or its Base64 alone, as nanopublication tools keep it.
        orcid: The address of that person's ORCID record.
        place: Where the key stands, for messages.

    Raises:
        InputError: The key or the ORCID is none.
        MissingExtraError: nanopub-sign is not installed.
    """

    def __init__(self, key: str, orcid: str, place: str) -> None:
        try:
            import nanopub_sign  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtraError("nanopub-sign", EXTRA) from error
        if not _ORCID.fullmatch(orcid):
            raise InputError(f"'{orcid}' is no ORCID", "Write https://orcid.org/ and four groups of four.", orcid)
        armour = _PEM.search(key)
        if armour and armour[1] != "PRIVATE KEY":
            ssh = "ssh-keygen -p -m PKCS8 -N '' -f COPY-OF-KEY"
            other = "openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW-KEY"
            remedy = f"Convert it: {ssh if 'OPENSSH' in armour[1] else other}."
            raise InputError(f"is of the kind '{armour[1]}', not a private key in PKCS #8", remedy, place)
        try:
            self._profile = nanopub_sign.NpProfile("".join((armour[2] if armour else key).split()), orcid)
        except Exception as error:  # the library raises nothing narrower
            # The message of the library is left out: it may quote the key.
            problem = "holds no private RSA key in PKCS #8"
            raise InputError(problem, "Make one: openssl genpkey -algorithm RSA -out KEY.", place) from error
        self._library, self._orcid = nanopub_sign, orcid

    def sign(self, nanopub: Nanopub) -> Nanopub:
        """Return a signed nanopublication of the same content, under a name of its own.

        Raises:
            InputError: It has no date, so that a signature would put the clock into it, or it is signed already.
        """
        if is_signed(nanopub):
            raise InputError("is signed already", "Sign what is not signed yet.", nanopub.iri)
        if not any(quad.subject == nanopub.node and quad.predicate == _CREATED for quad in nanopub.part(2)):
            raise InputError("has no dcterms:created", "Give it a date: without one, signing would.", nanopub.iri)
        draft = ox.serialize(_drafted(nanopub, self._orcid), format=ox.RdfFormat.TRIG) or b""
        try:
            signed = self._library.Nanopub(draft.decode()).sign(self._profile).rdf()
        except Exception as error:  # the library raises nothing narrower
            raise InputError(f"cannot be signed: {error}", "Check it first.", nanopub.iri) from error
        quads = ox.parse(signed, format=ox.RdfFormat.TRIG)
        (found,), _ = split(sorted(quads, key=str))
        return found


def _drafted(nanopub: Nanopub, orcid: str) -> Iterator[ox.Quad]:
    """Yield the quads of a nanopublication under the name of a draft; who signs it, and what it was made from.

    The library names the signer as `dcterms:creator`, and only where nobody else is named.
    """

    def renamed(term: object) -> object:
        if not isinstance(term, ox.NamedNode) or not term.value.startswith(nanopub.iri):
            return term
        return ox.NamedNode(_TEMPORARY + term.value.removeprefix(nanopub.iri).lstrip("#/."))

    for quad in nanopub.quads:
        yield ox.Quad(*(renamed(term) for term in (*quad.triple, quad.graph_name)))  # type: ignore[arg-type]
    pubinfo = renamed(nanopub.named[2][0])
    yield ox.Quad(ox.NamedNode(_TEMPORARY + "sig"), _SIGNER, ox.NamedNode(orcid), pubinfo)  # type: ignore[arg-type]
    if trusty.code_in(nanopub.iri):
        yield ox.Quad(ox.NamedNode(_TEMPORARY), _DERIVED, nanopub.node, pubinfo)  # type: ignore[arg-type]
