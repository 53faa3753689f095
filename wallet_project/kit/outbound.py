"""The outbound session: pooled, bounded in time and size, never in a transaction, no redirects."""

import ipaddress
import logging
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.filepost import encode_multipart_formdata

from wallet_project.kit import context
from wallet_project.kit.circuits import Circuit, CircuitOpen, circuit_of
from wallet_project.kit.db import forbid_transaction
from wallet_project.kit.metrics import note_outbound

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
MOST_BYTES = 1024 * 1024


class NoAnswer(Exception):
    """
    The other side did not answer.

    `sent` False: the request never left, so nothing happened there. True: unknown, it may have acted.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class Resting(NoAnswer):
    """Nobody was asked: this API has failed too often, and is left alone for so many `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__("circuit open", sent=False)
        self.seconds = seconds


@dataclass(frozen=True)
class Streamed:
    """An answer whose body is still to be read; reading it raises NoAnswer where it breaks off."""

    status: int
    pieces: Iterator[bytes]


class OutboundSession(requests.Session):
    """
    A requests session that third-party clients may be given, too.

    `public_only` for addresses that people typed in: nothing of our own network is connected to, whatever a
    name resolves to at that moment.

    `has_circuits`: an API that keeps failing (no answer, 5xx, 429) is left alone for a while, see
    kit.circuits. Whatever else it answers, it is there.
    """

    def __init__(
        self,
        *,
        pool_size: int = 32,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        most_bytes: int = MOST_BYTES,
        public_only: bool = False,
        has_circuits: bool = False,
    ) -> None:
        super().__init__()
        self.has_circuits = has_circuits
        self.public_only = public_only
        self.timeout = timeout
        self.most_bytes = most_bytes
        self.trust_env = False
        kind = _PublicAdapter if public_only else HTTPAdapter
        adapter = kind(pool_connections=4, pool_maxsize=pool_size, max_retries=0)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """
        As in requests, with the whole body read.

        :raises NoAnswer: with `sent` telling whether the other side may have acted
        :raises Resting: nobody was asked
        """
        forbid_transaction()
        timeout = kwargs["timeout"] = kwargs.get("timeout") or self.timeout
        kwargs["allow_redirects"] = False
        kwargs["stream"] = True
        kwargs["headers"] = _with_request_id(kwargs.get("headers"))
        address = urlsplit(str(url))
        started = time.monotonic()
        facts: dict[str, Any] = {"method": str(method).upper(), "host": address.netloc, "path": address.path}
        circuit = self._enter_circuit(str(method), address)
        try:
            response = super().request(method, url, *args, **kwargs)
            _read_body(response, deadline=started + sum(timeout), most_bytes=self.most_bytes)
        except (requests.RequestException, HTTPError, OSError, _Endless) as error:
            facts["ms"] = round((time.monotonic() - started) * 1000)
            logger.warning("kit.outbound.no_answer", extra={**facts, "error": type(error).__name__})
            self._note(address, "no_answer", started)
            if circuit:
                circuit.failed(type(error).__name__)
            # Not chained: the text of these errors holds the query string, and with it a secret.
            raise NoAnswer(type(error).__name__, sent=not _never_connected(error)) from None
        facts["ms"] = round((time.monotonic() - started) * 1000)
        logger.info("kit.outbound", extra={**facts, "status": response.status_code})
        self._note(address, str(response.status_code), started)
        if circuit and (response.status_code >= 500 or response.status_code == 429):
            circuit.failed(str(response.status_code))
        elif circuit:
            circuit.succeeded()
        return response

    def _enter_circuit(self, method: str, address: SplitResult) -> Circuit | None:
        if not self.has_circuits:
            return None
        circuit = circuit_of(method.upper(), address.netloc, address.path)
        try:
            circuit.enter()
        except CircuitOpen as closed_to_us:
            self._note(address, "resting", time.monotonic())
            raise Resting(closed_to_us.seconds) from None
        return circuit

    def _note(self, address: SplitResult, outcome: str, started: float) -> None:
        # Whatever people typed in is one host to Prometheus: its labels must stay few.
        host = "typed in" if self.public_only else address.netloc
        note_outbound(host=host, outcome=outcome, seconds=time.monotonic() - started)

    @contextmanager
    def streaming(self, url: str, *, headers: dict[str, str], seconds: float) -> Iterator[Streamed]:
        """
        GET a file, to be read piece by piece as it is sent: `most_bytes` in so many `seconds`, at most.

        :raises NoAnswer: with `sent` telling whether the other side may have acted
        """
        forbid_transaction()
        address, deadline = urlsplit(url), time.monotonic() + seconds
        facts: dict[str, Any] = {"method": "GET", "host": address.netloc, "path": address.path}
        given: dict[str, Any] = {"headers": _with_request_id(headers), "timeout": self.timeout}
        try:
            response = super().request("GET", url, allow_redirects=False, stream=True, **given)
        except (requests.RequestException, HTTPError, OSError) as error:
            logger.warning("kit.outbound.no_answer", extra={**facts, "error": type(error).__name__})
            raise NoAnswer(type(error).__name__, sent=not _never_connected(error)) from None
        logger.info("kit.outbound", extra={**facts, "status": response.status_code})
        try:
            pieces = _pieces(response, deadline=deadline, most_bytes=self.most_bytes)
            yield Streamed(response.status_code, pieces)
        finally:
            response.close()


def send(
    session: OutboundSession,
    method: str,
    url: str,
    *,
    headers: dict[str, str],
    body: bytes = b"",
    timeout: tuple[float, float] | None = None,
) -> requests.Response:
    """
    One request, as bytes.

    :raises NoAnswer: with `sent` telling whether the other side may have acted
    :raises Resting: nobody was asked
    """
    return session.request(method, url, data=body or None, headers=headers, timeout=timeout)


def form_of(parts: Mapping[str, Any]) -> tuple[bytes, str]:
    """A multipart form and its content type. Of each part: file name or None, content, perhaps its type."""
    return encode_multipart_formdata(parts)


def _with_request_id(headers: Mapping[str, str] | None) -> dict[str, str]:
    """So that a line of theirs leads to ours."""
    here = context.current().request_id
    return {**({"Request-Id": here} if here else {}), **(headers or {})}


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, and not another one in disguise."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        # Global unicast alone; 6to4 and Teredo carry another address inside.
        if ip not in _GLOBAL_UNICAST or ip.sixtofour or ip.teredo:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class _ConnectsInPublic(HTTPConnection):
    """Resolves the name itself and connects to what it has looked at, so that no second answer can differ."""

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            found = socket.getaddrinfo(name, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(map(is_public, addresses)):
            raise NewConnectionError(self, "not a public address")
        self._dns_host = addresses[0]
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name  # TLS asks for the certificate of the name


class _ConnectsInPublicOverTls(_ConnectsInPublic, HTTPSConnection):
    pass


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _ConnectsInPublic


class _PublicTlsPool(HTTPSConnectionPool):
    ConnectionCls = _ConnectsInPublicOverTls


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}


class _Endless(Exception):
    """The answer is longer, or takes longer, than any honest one."""


def _pieces(response: requests.Response, *, deadline: float, most_bytes: int) -> Iterator[bytes]:
    size = 0
    try:
        while piece := response.raw.read1(65536, decode_content=False):
            size += len(piece)
            if size > most_bytes or time.monotonic() > deadline:
                raise _Endless
            yield piece
    except (HTTPError, OSError, _Endless) as error:
        raise NoAnswer(type(error).__name__, sent=True) from None


def _read_body(response: requests.Response, *, deadline: float, most_bytes: int) -> None:
    # A read timeout only bounds the wait for the next byte; a trickle would hold the thread for hours.
    parts, size = [], 0
    while part := response.raw.read1(65536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > most_bytes or time.monotonic() > deadline:
            response.close()
            raise _Endless
    response.raw.release_conn()
    response._content = b"".join(parts)
    response._content_consumed = True  # type: ignore[attr-defined]  # where requests itself keeps a body


def _never_connected(error: Exception) -> bool:
    """urllib3 names these when not a byte was sent."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
