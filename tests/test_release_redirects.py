"""The rules for w3id.org, asked of a real Apache on the loopback: each identifier leads to a file that speaks of it."""

import http.client
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from calcinosis_kg.namespaces import BASE
from calcinosis_kg.releases import redirects
from conftest import VERSION

APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/bin")
MODULES = Path("/usr/lib/apache2/modules")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "application/rdf+xml;q=0.9,application/ld+json;q=0.1,text/turtle;q=1.0"

pytestmark = pytest.mark.skipif(APACHE is None, reason="needs Apache 2.4 (Debian: apt-get install apache2)")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


CONFIGURATION = """\
ServerRoot "{root}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{root}/pid"
ErrorLog "{root}/error.log"
User {user}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig "{root}/mime.types"
AddType text/turtle .ttl
AddType application/trig .trig
DocumentRoot "{root}/www"
<Directory "{root}/www">
  Require all granted
  AllowOverride All
</Directory>
"""


@pytest.fixture(scope="module")
def port(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """An Apache that serves the folder of w3id.org, and a site with the release."""
    root = tmp_path_factory.mktemp("apache")
    www, number = root / "www", free_port()
    (www / "calcinosis-kg").mkdir(parents=True)
    rules = redirects.write(f"http://127.0.0.1:{number}/site")
    (www / "calcinosis-kg" / ".htaccess").write_bytes(rules)
    shutil.copytree(release, www / "site" / "latest")
    shutil.copytree(release, www / "site" / "releases" / VERSION)
    (root / "mime.types").touch()
    for folder in (root, *root.parents):
        if folder.name.startswith("pytest"):
            folder.chmod(0o755)  # as root, Apache answers as another user
    user = "www-data" if Path("/etc/passwd").read_text(encoding="utf-8").count("\nwww-data:") else "nobody"
    text = CONFIGURATION.format(root=root, port=number, modules=MODULES, user=user)
    (root / "httpd.conf").write_text(text, encoding="utf-8")
    server = subprocess.Popen(
        [str(APACHE), "-f", str(root / "httpd.conf"), "-DFOREGROUND"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        for _ in range(100):
            if server.poll() is not None:
                pytest.fail(f"Apache does not start: {server.communicate()[0].decode()}")
            with closing(socket.socket()) as tried:
                if tried.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        if server.stdout:
            server.stdout.close()


def asked(port: int, path: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    """Status, address that it leads to, and content of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read()


def led(port: int, path: str, accept: str = "*/*") -> tuple[int, str]:
    """Status, and what follows the address of the site."""
    status, location, _ = asked(port, f"/calcinosis-kg/{path}", accept)
    return status, location.removeprefix(f"http://127.0.0.1:{port}/site/")


DATA = "latest/data/calcinosis-kg"
CASES = [
    ("CKG_0000001", "text/turtle", 303, "latest/ontology/calcinosis.ttl"),
    ("CKG_0000001", "application/rdf+xml", 303, f"{DATA}.rdf"),
    ("CKG_0000001", "application/ld+json", 303, f"{DATA}.jsonld"),
    ("CKG_0000001", "application/n-triples", 303, f"{DATA}.nt"),
    ("CKG_0000001", "application/n-quads", 303, f"{DATA}.nq"),
    ("CKG_0000001", "application/trig", 303, f"{DATA}.trig"),
    ("CKG_0000001", "*/*", 303, "latest/ontology/calcinosis.ttl"),
    ("CKG_0000001", BROWSER, 303, "CKG_0000001"),
    ("CKG_0000001", RDFLIB, 303, f"{DATA}.jsonld"),
    ("claim/CKG-C258", "*/*", 303, f"{DATA}.trig"),
    ("claim/CKG-C258", "text/turtle", 303, f"{DATA}.trig"),
    ("claim/CKG-C258", BROWSER, 303, "claim/CKG-C258"),
    ("claim/CKG-C258-ev1", "application/n-quads", 303, f"{DATA}.nq"),
    ("graph/accepted", "application/ld+json", 303, f"{DATA}.jsonld"),
    ("vocabulary/Claim", "text/turtle", 303, "latest/ontology/vocabulary.ttl"),
    ("vocabulary/", "*/*", 303, "latest/ontology/vocabulary.ttl"),
    ("vocabulary/refuted", BROWSER, 303, "vocabulary/refuted"),
    ("shape/Claim-subject", "*/*", 303, "latest/shapes/README.md"),
    ("", BROWSER, 303, ""),
    ("", "text/turtle", 303, "latest/metadata/dcat.ttl"),
    ("", "application/trig", 303, f"{DATA}.trig"),
    ("founders", "*/*", 303, "latest/metadata/dcat.ttl"),
    ("calcinosis.ttl", "*/*", 302, "latest/ontology/calcinosis.ttl"),
    ("imports/chebi.ttl", "*/*", 302, "latest/ontology/imports/chebi.ttl"),
    ("context.jsonld", "application/ld+json", 302, "latest/ontology/context.jsonld"),
    (f"releases/{VERSION}/calcinosis.ttl", "*/*", 302, f"releases/{VERSION}/ontology/calcinosis.ttl"),
    (f"releases/{VERSION}/", "*/*", 302, f"releases/{VERSION}/"),
    (f"releases/{VERSION}/data/calcinosis-kg.nq", "*/*", 302, f"releases/{VERSION}/data/calcinosis-kg.nq"),
]


@pytest.mark.parametrize(("path", "accept", "status", "target"), CASES)
def test_where_an_identifier_leads(port: int, path: str, accept: str, status: int, target: str) -> None:
    assert led(port, path, accept) == (status, target)


@pytest.mark.parametrize(
    "path", ["CKG_1", "CKG_00000010", "CKG_0000001/x", "nothing", "claim/", "secret.txt", "imports/a/b"]
)
def test_what_is_no_identifier_leads_nowhere(port: int, path: str) -> None:
    assert led(port, path)[0] in (403, 404)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "." in case[3]], ids=lambda case: f"{case[0]} {case[1][:20]}"
)
def test_the_file_is_there_and_speaks_of_it(port: int, case: tuple[str, str, int, str]) -> None:
    path, accept, _, target = case
    status, _, content = asked(port, f"/site/{target}", accept)
    assert status == 200
    if path and not path.startswith(("shape", "context", "founders", f"releases/{VERSION}/data")):
        name = path.rpartition("/")[2].replace("_", ":").encode()
        iri, curie = (BASE + path).encode(), re.escape(name)
        assert iri in content or re.search(rb"\b" + curie + rb"\b", content), path


def test_every_identifier_of_the_dataset_leads_somewhere(port: int, quads: list[ox.Quad]) -> None:
    kinds: dict[str, str] = {}
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
                path = term.value.removeprefix(BASE)
                kinds.setdefault(re.sub(r"[0-9A-Za-z.-]+$|[0-9]+", "", path), path)
    assert len(kinds) > 8
    assert {path for path in kinds.values() if led(port, path)[0] not in (302, 303)} == set()


def test_an_address_of_a_version_gives_that_version(port: int) -> None:
    _, location, _ = asked(port, f"/calcinosis-kg/releases/{VERSION}/calcinosis.ttl")
    _, _, content = asked(port, location.removeprefix(f"http://127.0.0.1:{port}"))
    assert f'owl:versionInfo "{VERSION}"'.encode() in content


def test_every_target_is_a_file_of_the_release(release: Path) -> None:
    assert [path for path in redirects.targets() if not (release / path).is_file()] == []
