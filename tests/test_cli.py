"""The command line as people use it in a hurry: exit codes, one clear message, earlier files untouched."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from calcinosis_kg import queries, shipped
from calcinosis_kg.errors import CalcinosisKGError
from calcinosis_kg.views import VIEWS

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "calcinosis_kg")
VERBS = ("query", "queries", "export", "build", "verify", "validate", "conflicts", "infer", "why", "chain", "fetch")
Done = subprocess.CompletedProcess[str]


def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
    """Run the command line as a user's shell does; a traceback fails any test."""
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


def refused(*arguments: str | Path, cwd: Path | None = None) -> str:
    """Run what is wrong: exit code 2, nothing on standard output; give the message."""
    done = run(*arguments, cwd=cwd)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.strip()


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the ontology folder that may be built; nobody edits it."""
    copy = tmp_path_factory.mktemp("copy") / "ontology"
    shutil.copytree(ROOT / "ontology", copy, ignore=shutil.ignore_patterns("*.trig"))
    mappings = copy / "mappings.sssom.tsv"
    if not mappings.exists():
        mappings.write_text("subject_id\tpredicate_id\tobject_id\tmapping_justification\n", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def built(ontology: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a build wrote."""
    out = tmp_path_factory.mktemp("built")
    done = run("build", "--ontology", ontology, "--out", out)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{out / shipped.NAME}: ")
    return out


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback address: its address, and the requests that it got."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the base class calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}/", asked
        found.shutdown()
        thread.join()


def question(folder: Path, text: str | bytes, name: str = "mine.rq") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# What everybody types first.


@pytest.mark.parametrize("verb", [(), *((verb,) for verb in VERBS)], ids=lambda verb: verb[0] if verb else "no-verb")
def test_help_has_an_example(verb: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        done = run(*verb, option)
        assert (done.returncode, done.stderr) == (0, "")
        example = done.stdout.split("Example", 1)[1]
        assert f"calcinosis-kg {verb[0] if verb else 'query'}" in example


def test_help_names_every_verb_and_is_no_medical_advice() -> None:
    text = run("--help").stdout
    assert all(f"\n  {verb} " in text for verb in VERBS)
    assert "Not medical advice" in text


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"calcinosis-kg, version {version('calcinosis-kg')}\n")


def test_installed_command_is_the_same() -> None:
    script = Path(sys.executable).with_name("calcinosis-kg")
    if not script.exists():
        pytest.skip("calcinosis-kg is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == run("--version").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("querry", "No such command 'querry'"),
        ("--verbos", "No such option '--verbos'"),
        ("query", "Missing argument 'NAME'"),
        ("query drugs drugs", "Got unexpected extra argument (drugs)"),
        ("query drugs --parameter a=b", "No such option '--parameter'"),
        ("query drugs --format pdf", "'pdf' is not one of"),
        ("query drugs --param drug", "'drug' is not NAME=VALUE. Write, for example, --param drug=CHEBI:10033."),
        ("query drugs --param =CHEBI:10033", "'=CHEBI:10033' is not NAME=VALUE. Write, for example,"),
        ("query drugs --param drug=", "'drug=' is not NAME=VALUE. Write, for example,"),
        ("query drugs --param a=b --param a=c", "'a' is given twice. Give it one value, or ask once for each."),
        ("export", "Missing argument 'OUT'"),
        ("build", "Missing option '--out'"),
        ("verify", "Missing argument 'PATH'"),
    ],
)
def test_wrong_usage_says_what_and_where_to_look(arguments: str, message: str) -> None:
    text = refused(*arguments.split())
    assert message in text
    assert "--help' for help." in text


def test_option_without_its_value() -> None:
    assert refused("query", "drugs", "--param") == "Error: Option '--param' requires an argument."


def test_no_verb_shows_help() -> None:
    done = run()
    assert "Usage: " in done.stdout + done.stderr


# Questions.


def test_answer_on_one_stream_and_remarks_on_the_other() -> None:
    done = run("query", "drugs-reducing-deposits", "--param", "status=refuted", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "drug,label,status\nCHEBI:10033,warfarin,refuted\n")
    done = run("query", "ancestry")
    assert done.stdout.splitlines()[0].split() == ["population", "label", "disease"]
    assert done.stderr.startswith("(1 row; graph: claims)\n")


def test_queries_are_listed() -> None:
    done = run("queries", "--verbose")
    assert done.returncode == 0
    assert all(f"\n{query.name} " in f"\n{done.stdout}" for query in queries.catalogue())
    assert "--param drug=…" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "drgs"], "there is no query 'drgs'. Did you mean 'drugs'? 'calcinosis-kg queries' lists them all"),
        (["query", "zzzz"], "there is no query 'zzzz'. 'calcinosis-kg queries' lists them all; a file ends in .rq."),
        (["query", ""], "there is no query ''. 'calcinosis-kg queries' lists them all; a file ends in .rq."),
        (["query", "no.rq"], "no.rq: cannot be read: no such file or directory. Check the path, or run"),
        (["query", "drugs", "--param", "drug=x"], "drugs: has no parameter 'drug'. Its parameters: none."),
        (["query", "drugs", "--graph", "acepted"], "unknown graph 'acepted'. Use one of: accepted, reported,"),
        (["query", "drugs", "--data", "no.ttl"], "no.ttl: cannot be read: no such file or directory. Check the path."),
        (["query", "drugs", "--data", "no.xlsx"], "no.xlsx: unknown ending '.xlsx'. Use one of .ttl, .nt, .nq, .trig"),
        (["query", "drugs", "--data", "no"], "no: unknown ending ''. Use one of .ttl, .nt, .nq, .trig"),
    ],
)
def test_wrong_question(arguments: list[str], message: str, tmp_path: Path) -> None:
    assert refused(*arguments, cwd=tmp_path).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "mine.rq: holds no query. Write a SELECT query there.", id="empty"),
        pytest.param("#+ summary: x\n# y\n", "mine.rq: holds no query. Write a SELECT query there.", id="comments"),
        pytest.param(b"SELECT \xff", "mine.rq: is not UTF-8. Save the query as UTF-8.", id="binary"),
        pytest.param("SELECT * WHERE {\n ?s ?p ?o\n", "mine.rq:3: is not valid SPARQL: ", id="unclosed"),
        pytest.param("SELECT *\nWHER {\n ?s ?p ?o }", "mine.rq:2: is not valid SPARQL: ", id="keyword"),
        pytest.param("#+ summary: x\r\nSELECT *\r\n{ ?s nope:x ?o }", "mine.rq:3: unknown prefix 'nope'", id="prefix"),
        pytest.param(
            "SELECT * { ?s ?p ?_drug }", "mine.rq: needs the parameter 'drug'. Add --param drug=", id="parameter"
        ),
        pytest.param("#+ graph: acepted\nSELECT * {}", "unknown graph 'acepted'. Use one of: accepted,", id="graph"),
    ],
)
def test_wrong_query_file(text: str | bytes, message: str, tmp_path: Path) -> None:
    question(tmp_path, text)
    found = refused("query", "mine.rq", cwd=tmp_path)
    assert found.startswith(message)
    assert len(found.splitlines()) == 1


def test_query_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.rq").mkdir()
    assert refused("query", "mine.rq", cwd=tmp_path).startswith(
        "mine.rq: cannot be read: is a directory. Check the path"
    )


@pytest.mark.parametrize("text", ["\ufeffSELECT ?s { ?s a owl:Ontology } LIMIT 1", "#+ graph: tbox\r\nASK\r\n{ }\r\n"])
def test_byte_order_mark_and_line_ends_are_no_matter(text: str, tmp_path: Path) -> None:
    question(tmp_path, text)
    assert run("query", "mine.rq", cwd=tmp_path).returncode == 0


def test_brackets_without_number_do_not_end_the_process(tmp_path: Path) -> None:
    question(tmp_path, "SELECT * WHERE " + "{" * 10_000 + "}" * 10_000)
    assert run("query", "mine.rq", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "value",
    [
        "CHEBI:1> } #",
        "CHEBI:1>}#",
        "CHEBI:{1}",
        'CHEBI:1" . ?s ?p ?o }',
        "http://example.org/> } #",
        "http://[",
        "CHEBI:1\n",
        "'''",
        "NOPE:1",
        "CHEBI:1\udcff",
    ],
)
def test_parameter_never_becomes_sparql(value: str) -> None:
    query = queries.find("challenged-drug-claims")
    with pytest.raises(CalcinosisKGError) as caught:
        queries.fill(query, {"drug": value})
    assert caught.value.remedy
    typed = queries.parse(
        "mine.rq", "#+ param x: text\n#+ param y: text\nSELECT ?s { VALUES ?_y { UNDEF } ?s ?p ?_x, ?_y }"
    )
    for filled in ({"x": f"VALUES ?_y {{ {value} }}"}, {"x": f"?_y {value}"}):
        try:
            text = queries.fill(typed, {**filled, "y": '" } SELECT * { ?a ?b "'})
        except CalcinosisKGError:
            assert "\udcff" in value
            continue
        assert not list(cast("ox.QuerySolutions", ox.Store().query(text)))


def test_parameter_that_is_no_term_is_refused() -> None:
    found = refused("query", "challenged-drug-claims", "--param", "drug=CHEBI:1>}#")
    assert found.startswith("challenged-drug-claims: parameter 'drug': 'CHEBI:1>}#' makes no valid term. Write a CURIE")


# Data of one's own.


def test_own_data_is_asked(tmp_path: Path) -> None:
    (tmp_path / "mine.TTL").write_text("@prefix a: <http://a.example/> . a:s a:p 1 .", encoding="utf-8")
    question(tmp_path, "SELECT ?o { ?s ?p ?o }")
    done = run("query", "mine.rq", "--data", "mine.TTL", "--format", "csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "o\n1\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", b"\n<a:b> <c:d>", "a.ttl:2: "),
        ("a.nt", b"\xff\xfe", "a.nt:1: "),
        ("a.rdf", b"<rdf", "a.rdf:1: "),
        ("a.jsonld", b"[", "a.jsonld:1: "),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:9/", "@id": "a:b", "p": "x"}', "a.jsonld:1: "),
    ],
)
def test_broken_data(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    found = refused("query", "drugs", "--data", name, cwd=tmp_path)
    assert found.startswith(message)
    assert found.endswith("Mend the file.")


def test_data_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    found = refused("query", "drugs", "--data", "a.ttl", cwd=tmp_path)
    assert found == "a.ttl: cannot be read: is a directory. Check the path."


# No query leaves this machine.

REACHING = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <URL> } SERVICE ?x { ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * {SERVICE:b{?s ?p ?o}}",
    "PREFIX e: <URL> SELECT * { SERVICE # x\n e:b # y\n { ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { SERVICE#x\ne:b# y z\n{ ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { SERVICE\tSILENT#x\r\n e:b\\#c{ ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { ?s ?p ?o .SERVICE e:{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<URL>{?a ?b ?c} }",
    "SELECT * { ?s ?p ?o # x\rSERVICE <URL> {?a ?b ?c}\r}",
    r"PREFIX e: <http://e.example/> SELECT * { ?s ?p e:a\# . SERVICE <URL> {?a ?b ?c} }",
    r"PREFIX e: <http://e.example/> SELECT * { ?s ?p e:a\' . SERVICE <URL> {?a ?b ?c} . ?x ?y 'z' }",
    "SELECT * { ?s ?p <http://e.example/\u00a0'> . SERVICE <URL> {?a ?b ?c} . ?x ?y 'z' }",
    "SELECT * { FILTER(?a<?b#c>'''\n) SERVICE <URL> {?a ?b ?c} #'''\n}",
    "ASKFROM<URL>{?s ?p ?o}",
    "PREFIX : <URL> ASK FROM:f{?s ?p ?o}",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "LOAD <URL>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
)


@pytest.mark.parametrize("text", REACHING)
def test_no_query_reaches_the_network(text: str, server: tuple[str, list[str]]) -> None:
    url, asked = server
    query = queries.parse("mine.rq", text.replace("URL", url))
    found = ""
    try:
        queries.ask([], query, "all", {})
    except CalcinosisKGError as error:
        found = str(error)
    assert asked == [], found
    assert not ("SERVICE" in text.upper() and found == ""), "it was asked, and only luck kept it here"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
            "mine.rq: SERVICE is not allowed: it would send data over the network.",
        ),
        ("SELECT * FROM <URL> { ?s ?p ?o }", "mine.rq: FROM is not allowed: it would read files or the network."),
        (
            "SELECT * FROM <file:///etc/hostname> {}",
            "mine.rq: FROM is not allowed: it would read files or the network.",
        ),
        ("LOAD <URL>", "mine.rq: LOAD is not allowed: it would read files or the network."),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "mine.rq: INSERT is not allowed: a query reads, it does not write."),
    ],
)
def test_query_that_reaches_out_is_refused(
    text: str, message: str, server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = server
    question(tmp_path, text.replace("URL", url))
    found = refused("query", "mine.rq", cwd=tmp_path)
    assert found.startswith(message)
    assert len(found.split(". ")) == 2, "a problem and a remedy"
    assert asked == []


def test_context_of_json_ld_is_not_fetched(server: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = server
    (tmp_path / "a.jsonld").write_text(f'{{"@context": "{url}", "@id": "a:b", "p": "x"}}', encoding="utf-8")
    assert refused("query", "drugs", "--data", "a.jsonld", cwd=tmp_path).startswith("a.jsonld:1: ")
    assert asked == []


# Exports.


def untouched(folder: Path, name: str, content: bytes) -> None:
    """Check that the earlier file is as it was, and that nothing was left beside it."""
    assert (folder / name).read_bytes() == content
    assert [path.name for path in folder.iterdir()] == [name]


def test_export_replaces_a_file_whole(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"old")
    done = run("export", "a.ttl", "--graph", "tbox", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("a.ttl: Turtle, ")
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttl"]
    assert len(list(ox.parse(path=str(tmp_path / "a.ttl"), format=ox.RdfFormat.TURTLE))) > 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "--graph all",
            "Turtle cannot say that a plain triple is only contested or reported. Use trig, nq or jsonld, or",
        ),
        ("--graph reported", "Turtle cannot say that a plain triple is only reported. Use trig, nq or jsonld, or"),
        ("--graph acepted", "unknown graph 'acepted'. Use one of: accepted, reported, contested,"),
        ("--format turtle", "unknown format 'turtle'. Use one of: ttl, trig, jsonld, nt, nq, rdf."),
    ],
)
def test_refused_export_leaves_the_earlier_file(arguments: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"old")
    assert message in refused("export", "a.ttl", *arguments.split(), cwd=tmp_path)
    untouched(tmp_path, "a.ttl", b"old")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.docx", "a.docx: unknown format 'docx'. Use one of: ttl, trig, jsonld, nt, nq, rdf."),
        ("a", "a: no format is given and the name has no ending. Use one of: ttl, trig, jsonld, nt, nq, rdf."),
        ("folder.ttl", "folder.ttl: cannot be written: is a folder. Choose another place, or change its rights."),
        ("file/a.ttl", "file/a.ttl: cannot be written: not a directory. Choose another place, or change its rights."),
        (
            "no/a.ttl",
            "no/a.ttl: cannot be written: no such file or directory. Choose another place, or change its rights.",
        ),
        ("", ".: no format is given and the name has no ending. Use one of: ttl, trig, jsonld, nt, nq, rdf."),
    ],
)
def test_place_that_cannot_be_written(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    assert refused("export", name, "--graph", "tbox", cwd=tmp_path) == message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.ttl"]
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.ttl")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "a.ttl").read_bytes()), daemon=True)
    reader.start()
    assert run("export", "a.ttl", "--graph", "tbox", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.ttl").is_fifo()
    reader.join(timeout=10)
    assert b"owl:Ontology" in read[0]
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttl"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ttl").write_bytes(b"old")
    (tmp_path / "link.ttl").symlink_to("real.ttl")
    assert run("export", "link.ttl", "--graph", "tbox", cwd=tmp_path).returncode == 0
    assert (tmp_path / "link.ttl").is_symlink()
    assert len((tmp_path / "real.ttl").read_bytes()) > 1000


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever is root may write anywhere")
def test_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "permission denied" in refused("export", "a.ttl", cwd=tmp_path)
    finally:
        tmp_path.chmod(0o700)


# Builds.


def test_check_says_whether_the_build_is_up_to_date(ontology: Path, built: Path, tmp_path: Path) -> None:
    same = run("build", "--ontology", ontology, "--out", built, "--check")
    assert (same.returncode, same.stdout) == (0, f"{built / shipped.NAME}: up to date\n")
    content = (built / shipped.NAME).read_bytes() + b"#"
    (tmp_path / shipped.NAME).write_bytes(content)
    differs = run("build", "--ontology", ontology, "--out", tmp_path, "--check")
    expected = f"{tmp_path / shipped.NAME}: differs from the sources. Build it again.\n"
    assert (differs.returncode, differs.stdout) == (1, expected)
    untouched(tmp_path, shipped.NAME, content)


def test_mistakes_leave_the_earlier_build(ontology: Path, tmp_path: Path) -> None:
    copy, out = tmp_path / "ontology", tmp_path / "out"
    shutil.copytree(ontology, copy)
    out.mkdir()
    (out / shipped.NAME).write_bytes(b"old")
    for name, old, new in (
        ("claims/type.yaml", "predicate: biolink:", "predicate: biolnk:"),
        ("claims/onset.yaml", "status: ", "status: un"),
        ("entities/drugs.yaml", "category: ", "kategory: "),
    ):
        content = (copy / name).read_text(encoding="utf-8")
        (copy / name).write_text(content.replace(old, new, 1), encoding="utf-8")
    found = refused("build", "--ontology", copy, "--out", out).splitlines()
    assert found[0] == "reading terms, entities and claims …"
    places = [line.split(": ")[0] for line in found[1:]]
    assert [place.split(":")[0] for place in places] == [
        "ontology/claims/onset.yaml",
        "ontology/claims/type.yaml",
        "ontology/entities/drugs.yaml",
        "ontology/entities/drugs.yaml",
    ]
    untouched(out, shipped.NAME, b"old")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("mappings.sssom.tsv", b"", "ontology/mappings.sssom.tsv:1: lacks the column subject_id. Add it"),
        ("mappings.sssom.tsv", None, "ontology/mappings.sssom.tsv: cannot be read: no such file or directory. Check"),
        ("bridge.ttl", b"@prefix", "bridge.ttl:1: "),
        ("calcinosis.ttl", None, "calcinosis.ttl: cannot be read: no such file or directory. Check the path."),
        ("claims", None, "claims: is not a folder. Give the ontology folder of this project, or a copy of it."),
    ],
    ids=["empty-mappings", "no-mappings", "broken-bridge", "no-ontology", "no-claims"],
)
def test_file_that_a_build_needs(
    name: str, content: bytes | None, message: str, ontology: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "ontology"
    shutil.copytree(ontology, copy)
    if (copy / name).is_dir():
        shutil.rmtree(copy / name)
    elif content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    assert message in refused("build", "--ontology", copy, "--out", tmp_path / "out").splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_wrong_folders_of_a_build(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    remedy = "Give the ontology folder of this project, or a copy of it."
    for place in ("file", "no"):
        found = refused("build", "--ontology", place, "--out", "out", cwd=tmp_path).splitlines()
        assert found[-1] == f"{place}: is not a folder. {remedy}"
    assert refused("build", "--out", "file", cwd=tmp_path) == "file: is not a folder. Give the folder to write to."
    untouched(tmp_path, "file", b"old")


# The proof.


def test_document_is_proved(document: Path) -> None:
    done = run("verify", document)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("document  the recorded one (SHA-256 equal)\n")
    assert "\n100 % of " in done.stdout


def test_changed_document_is_a_finding(document: Path, tmp_path: Path) -> None:
    text = document.read_text(encoding="utf-8")
    (tmp_path / "changed.txt").write_text("x " + text[:-1], encoding="utf-8")
    done = run("verify", "changed.txt", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("document  CHANGED: its SHA-256 differs\n")
    assert "ontology/claims/" in done.stdout
    assert " moved to 2-" in done.stdout
    assert ". Write 'span: 2-" in done.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.txt: is empty. Give the path of the source document."),
        (b" \n\n", "a.txt: is empty. Give the path of the source document."),
        (b"caf\xe9", "a.txt: is not UTF-8 text (byte 3). Give the document as UTF-8 text."),
        (bytes(range(256)), "a.txt: is not UTF-8 text (byte 128). Give the document as UTF-8 text."),
        (None, "a.txt: cannot be read: no such file or directory. Give the path of the source document."),
    ],
    ids=["empty", "blank", "latin-1", "binary", "missing"],
)
def test_document_that_cannot_be_read(content: bytes | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "a.txt").write_bytes(content)
    assert refused("verify", "a.txt", cwd=tmp_path) == message


def test_document_that_is_a_folder(tmp_path: Path) -> None:
    found = refused("verify", tmp_path)
    assert found == f"{tmp_path}: cannot be read: is a directory. Give the path of the source document."


def test_another_text_is_a_finding_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("something else", encoding="utf-8")
    done = run("verify", "a.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert " 0 unchanged, 0 moved, " in done.stdout
    assert "\n0 % of 13 characters covered, 13 uncovered" in done.stdout


# Stopping.


def stop(process: subprocess.Popen[str], *, seconds: float) -> list[str]:
    """Press Ctrl-C; give what was said on standard error."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=seconds)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    return [line for line in errors.splitlines() if line]


def start(*command: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


STOPPED = "Stopped. Files that were there before are unchanged."
SLOW = """
import sys, time
from calcinosis_kg import cli, verification
def verify(curation, content, step):
    for done in range(600):
        print(done, flush=True)
        time.sleep(0.1)
verification.verify = verify
sys.argv = ["calcinosis-kg", "verify", "a.txt"]
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_a_proof(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("some text", encoding="utf-8")
    with start(sys.executable, "-c", SLOW, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        assert stop(process, seconds=10) == [STOPPED]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_a_build(ontology: Path, tmp_path: Path) -> None:
    (tmp_path / shipped.NAME).write_bytes(b"old")
    with start(*COMMAND, "build", "--ontology", ontology, "--out", tmp_path) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "reading terms, entities and claims …\n"
        assert stop(process, seconds=10)[-1] == STOPPED
    untouched(tmp_path, shipped.NAME, b"old")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_a_query_that_would_take_years(tmp_path: Path) -> None:
    question(tmp_path, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with start(*COMMAND, "query", "mine.rq", cwd=tmp_path) as process:
        time.sleep(1.5)
        assert process.poll() is None
        assert stop(process, seconds=5) == [STOPPED]


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is told in another way there")
@pytest.mark.parametrize("arguments", [("queries", "--verbose"), ("query", "drugs"), ("--help",)], ids=lambda a: a[0])
def test_whoever_stops_reading_is_no_error(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True) as process:
        os.close(writer)
        _, errors = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGPIPE)
    assert "Traceback" not in errors
    assert "Exception" not in errors


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no device that is always full")
def test_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "queries"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    message = "standard output: cannot be read or written: no space left on device. Choose another place."
    assert done.stderr.splitlines()[-1] == message


def test_every_graph_that_help_names_can_be_asked(tmp_path: Path) -> None:
    question(tmp_path, "ASK {}")
    text = run("query", "--help").stdout
    assert all(name in text for name in VIEWS)
    assert run("query", "mine.rq", *(f"--graph={name}" for name in VIEWS), cwd=tmp_path).returncode == 0
