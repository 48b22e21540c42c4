"""Files of others, brought over the network into the cache: held against a digest, whole or not at all.

pooch keeps the cache: it checks the digest at each call, downloads to a name of its own, and renames what is right.
Reading from the server is ours, as pooch's own reader waits for ever for one that sends a byte now and then.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

READABLE = 0o644
"""Rights of a file in the cache: everybody who gets into the folder may read it."""

_BLOCK = 2**16
_SLOWEST = 1024
"""Bytes a second, on average; a server that stays below it for longer than the timeout is given up."""
_SHOWN = 12
_LASTING = (429, 500)
"""Of the answers from 400 on, this one and those from 500 on may be another one when asked again."""


@dataclass(frozen=True)
class Download:
    """What is brought, and how to know it again.

    Attributes:
        name: What messages call it.
        url: Where it is.
        sha256: The digest of its bytes, as 64 hexadecimal digits.
        size: How many bytes it has.
    """

    name: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Network:
    """How to deal with servers.

    Attributes:
        timeout: Seconds without an answer or a byte, or below 1 kB/s from the start, after which it is given up.
        waits: Seconds before each further try; none for one try alone.
        report: Told what is being brought, and how many bytes of how many are there.
    """

    timeout: float = 30
    waits: Sequence[float] = (1, 3)
    report: Callable[[str, int, int], None] = field(default=lambda _stage, _done, _total: None)


class _BrokenOffError(Exception):
    """A try that failed in a way that another one may not."""


class _FinalError(Exception):
    """A try that failed in a way that any other one would."""


def cache_folder() -> Path:
    """Return the folder of this user in which caches lie on this system.

    Raises:
        MissingExtraError: pooch is not installed.
    """
    return Path(_pooch().os_cache("calcinosis-kg"))


def bring(wanted: Download, place: Path, network: Network) -> Path:
    """Bring a file to its place, unless what lies there already has the digest; return the place.

    Proxies are those of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), and so are certificates
    (REQUESTS_CA_BUNDLE).

    Raises:
        InputError: It could not be brought, or does not have the digest; the place is as it was.
        MissingExtraError: pooch is not installed.
    """
    pooch = _pooch()
    key = place.name
    store = pooch.create(
        path=place.parent,
        base_url="",
        registry={key: f"sha256:{wanted.sha256}"},
        urls={key: wanted.url},
    )
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        for wait in (*network.waits, None):
            try:
                store.fetch(key, downloader=_Reader(wanted, network))
                break
            except _FinalError as error:
                remedy = "Install the newest calcinosis-kg, or pin another address in a file for --registry."
                raise InputError(f"{wanted.url} {error}", remedy, wanted.name) from error
            except _BrokenOffError as error:
                if wait is None:
                    remedy = "Try again later, or look whether the network and its proxy work."
                    raise InputError(f"{wanted.url} {error}", remedy, wanted.name) from error
            except ValueError as error:
                # pooch's word for a digest that is another one.
                if wait is None:
                    raise _altered(wanted) from error
            time.sleep(wait)
        # pooch leaves it to its owner alone; a cache may be shared.
        place.chmod(READABLE)
    except OSError as error:
        # pooch gives a denial words of its own, and the system's as the cause.
        reason = error.strerror or getattr(error.__cause__, "strerror", None) or "unknown reason"
        problem = f"cannot be written: {reason.lower()}"
        raise InputError(problem, "Choose another cache with --cache.", str(place.parent)) from error
    finally:
        logger.setLevel(level)
    return place


def _altered(wanted: Download) -> InputError:
    problem = f"what {wanted.url} gives is not the pinned release (SHA-256 {wanted.sha256[:_SHOWN]}…); nothing was kept"
    return InputError(problem, "Try again; if that does not help, do not use the file, and tell us.", wanted.name)


class _Reader:
    """Reads from a server into a file, as pooch asks it to."""

    def __init__(self, wanted: Download, network: Network) -> None:
        self._wanted = wanted
        self._network = network

    def __call__(self, url: str, output_file: str, _store: object) -> None:
        """Write what the address gives into the file.

        Raises:
            _BrokenOffError: The server, or the way to it, failed.
            _FinalError: There is no such file, or no such server can be spoken to.
        """
        import requests  # noqa: PLC0415 - optional and slow to import
        from urllib3.exceptions import HTTPError as ReadingError  # noqa: PLC0415 - as above

        final = (
            requests.exceptions.SSLError,
            requests.exceptions.TooManyRedirects,
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.InvalidProxyURL,
        )
        begun = time.monotonic()
        try:
            # The digest is of the bytes as they are kept, so nothing is packed on the way.
            with (
                requests.get(
                    url, stream=True, timeout=self._network.timeout, headers={"Accept-Encoding": "identity"}
                ) as answer,
                Path(output_file).open("wb") as file,
            ):
                self._look(answer)
                self._copy(answer, file, begun)
        except final as error:
            raise _FinalError(_reason(error)) from error
        except (requests.exceptions.RequestException, ReadingError) as error:
            raise _BrokenOffError(_reason(error)) from error

    @staticmethod
    def _look(answer: Any) -> None:  # noqa: ANN401 - requests is optional
        """Raise an error if the server says that it does not give the file."""
        many, broken = _LASTING
        if answer.ok:
            return
        said = f"was answered with {answer.status_code} {answer.reason}".rstrip()
        if answer.status_code == many or answer.status_code >= broken:
            raise _BrokenOffError(said)
        raise _FinalError(said)

    def _copy(self, answer: Any, file: Any, begun: float) -> None:  # noqa: ANN401 - requests is optional
        """Write what comes, as long as it comes quickly enough and is not more than there should be."""
        done = 0
        while block := answer.raw.read1(_BLOCK, decode_content=True):
            file.write(block)
            done += len(block)
            self._network.report(f"fetching {self._wanted.name}, bytes", done, self._wanted.size)
            if done > self._wanted.size:
                raise _BrokenOffError(f"gives more than the {self._wanted.size:,} bytes of the pinned release")
            passed = time.monotonic() - begun
            if passed > self._network.timeout and done < passed * _SLOWEST:
                raise _BrokenOffError(f"gave {done:,} bytes in {passed:.0f} seconds, which is too slow")
        if done < self._wanted.size:
            raise _BrokenOffError(f"broke off after {done:,} of {self._wanted.size:,} bytes")


def _reason(error: Exception) -> str:
    """Say in one clause why there was no answer; what libraries say of it is long and names their insides.

    >>> _reason(TimeoutError())
    'did not answer'
    """
    kinds = {
        "ProxyError": "could not be asked: the proxy cannot be reached, or refuses",
        "SSLError": "could not be asked safely: its certificate is not trusted here",
        "ConnectTimeout": "did not answer in time",
        "ReadTimeout": "did not answer in time",
        "ReadTimeoutError": "stopped sending",
        "ProtocolError": "broke off",
        "ChunkedEncodingError": "broke off",
        "ConnectionError": "cannot be reached",
        "TooManyRedirects": "sends from one address to the next without end",
        "InvalidProxyURL": "could not be asked: the address of the proxy is badly written",
    }
    return next((kinds[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in kinds), "did not answer")


def _pooch() -> Any:  # noqa: ANN401 - pooch has no types
    try:
        import pooch  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("pooch", "fetch") from error
    return pooch
