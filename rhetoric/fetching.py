"""A page by its address, within limits, and never from a private network unless asked."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from rhetoric.decoding import ReadError

URL_BYTES = 10_000_000
URL_SECONDS = 20.0
"""For the whole of it: connecting, redirects and reading; only the name look-up cannot be cut short."""
URL_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
TEXT_TYPES = (
    *("text/html", "application/xhtml+xml", "text/plain", "text/markdown", ""),
    *("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"),
)
HEADERS = {
    "User-Agent": "rhetoric-analyzer (reads one page for its user)",
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, text/plain;q=0.9",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
UNSAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with."""

    data: bytes
    url: str
    """Where it came from after redirects."""
    kind: str
    """The media type, or an empty string."""
    charset: str | None
    etag: str | None = None
    modified: str | None = None
    """What the server calls this version, to be asked for with next time."""
    unchanged: bool = False
    """The server says that nothing changed since the version asked for; there are no data."""


class BusyError(ReadError):
    """A server that asks to be left alone for a while."""


def fetch(url: str, *, allow_private: bool = False, headers: Mapping[str, str] | None = None) -> Fetched:
    """Return what `url` answers with, after redirects.

    Parameters
    ----------
    url
        An http or https address.
    allow_private
        Fetch from private, loopback, link-local and reserved addresses too.
    headers
        Sent beside those of `HEADERS`, or in their place.

    Raises
    ------
    ReadError
        The address is not allowed, does not answer in time, or answers with no text, too much of it or an error.
    """
    deadline = time.monotonic() + URL_SECONDS
    place = url
    for _ in range(URL_REDIRECTS + 1):
        answer = _get(place, deadline, allow_private, HEADERS | dict(headers or {}))
        if isinstance(answer, Fetched):
            return answer
        place = answer
    raise ReadError(f"{url}: more than {URL_REDIRECTS} redirects; give the address of the page itself")


def _get(url: str, deadline: float, allow_private: bool, headers: dict[str, str]) -> Fetched | str:
    """Return one answer, or the address that it redirects to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError as error:
        raise ReadError(f"{url}: this is no address ({error})") from None
    if not port:
        raise ReadError(f"{url}: only http and https addresses are read; save the page and give the file")
    if not host:
        raise ReadError(f"{url}: this address names no host")
    connection = http.client.HTTPConnection(host, port)
    watch: threading.Timer | None = None
    try:
        plain = _connect(url, host, port, deadline, allow_private)
        twin = plain.dup()
        watch = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [twin])
        watch.daemon = True
        watch.start()
        secure = parts.scheme == "https"
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        connection.request("GET", _path(parts), headers=headers | {"Host": _host(parts)})
        answer = _answer(url, connection.getresponse())
        if time.monotonic() >= deadline:
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if time.monotonic() >= deadline:
            said = f"no whole answer within {URL_SECONDS:g} seconds; save the page and give the file"
        else:
            said = f"cannot be fetched ({_one_line(error)}); check the address or save the page"
        raise ReadError(f"{url}: {said}") from None
    finally:
        if watch:
            watch.cancel()
            twin.close()
        connection.close()


def _path(parts: SplitResult) -> str:
    """Return what to ask the server for."""
    query = "?" + quote(parts.query, safe=UNSAFE) if parts.query else ""
    return quote(parts.path or "/", safe=UNSAFE) + query


def _host(parts: SplitResult) -> str:
    """Return the host and port as the server knows them."""
    host = parts.netloc.rpartition("@")[2]
    return host if host.isascii() else host.encode("idna").decode()


def _answer(url: str, response: http.client.HTTPResponse) -> Fetched | str:
    """Read a response within the limit of size."""
    location = response.getheader("Location")
    if response.status in REDIRECTS and location:
        return urljoin(url, location)
    etag, modified = response.getheader("ETag"), response.getheader("Last-Modified")
    if response.status == http.client.NOT_MODIFIED:
        return Fetched(b"", url, "", None, etag, modified, unchanged=True)
    if response.status in (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE):
        raise BusyError(f"{url}: the server is busy ({response.status} {response.reason}); try again later")
    if response.status != http.client.OK:
        raise ReadError(f"{url}: the server answers {response.status} {response.reason}; check the address")
    kind = response.headers.get_content_type() if response.getheader("Content-Type") else ""
    if kind not in TEXT_TYPES:
        raise ReadError(f"{url}: this is {kind}, no page; give the address of a page or save the text")
    data = response.read(URL_BYTES + 1)
    if response.length and len(data) <= URL_BYTES:
        raise http.client.IncompleteRead(data, response.length)
    if response.getheader("Content-Encoding", "").lower() in ("gzip", "x-gzip", "deflate"):
        data = _unpacked(url, data)
    if len(data) > URL_BYTES:
        raise ReadError(
            f"{url}: the page is larger than {URL_BYTES / 1e6:g} MB; save the text that matters and give the file"
        )
    return Fetched(data, url, kind, response.headers.get_content_charset(), etag, modified)


def _unpacked(url: str, data: bytes) -> bytes:
    """Return unpacked data, one byte more than the limit at most."""
    try:
        return zlib.decompressobj(47).decompress(data, URL_BYTES + 1)
    except zlib.error:
        raise ReadError(f"{url}: the answer is packed in a way that cannot be read; save the page") from None


def _connect(url: str, host: str, port: int, deadline: float, allow_private: bool) -> socket.socket:
    """Return a connection to an address that was checked; the name is looked up once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and (private := [a for a in addresses if not _is_public(a)]):
        raise ReadError(
            f"{url}: {host} is the private or reserved address {private[0]};"
            " --allow-private (allow_private=True) fetches it, if you mean it"
        )
    error: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), max(deadline - time.monotonic(), 0.01))
        except OSError as refused:
            error = refused
    raise error or OSError("no address")


def _is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner and not inner.is_global:
            return False
        if ip.ipv4_mapped:
            return not ip.ipv4_mapped.is_multicast
    return ip.is_global and not ip.is_multicast


def _cut(connection: socket.socket) -> None:
    """End a connection whose time is up; whoever reads from it gets an error or an end."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return


def _one_line(error: BaseException) -> str:
    """Return what went wrong in a few words."""
    return " ".join(str(error).split())[:120] or type(error).__name__
