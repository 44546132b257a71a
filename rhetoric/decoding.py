"""Bytes to text: which encoding it was, and what looks wrong with the result."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast


class ReadError(ValueError):
    """An input that cannot be read. The message is one line that names the input and says what to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input of several that could not be read."""

    source: str
    message: str
    """One line that names the input and says what to do."""


FILE_BYTES = 20_000_000
"""The largest text or page, and the largest row of a table; a table may be larger."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 comes before UTF-16, whose mark it begins with."""
BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"{\\rtf": "a rich-text document",
    b"PAR1": "a Parquet table",
    b"SQLite format 3": "a database",
}
PACKED = frozenset({".gz", ".zst"})
"""Endings of files that are unpacked as they are read."""
HEAD = 65_536
"""So many bytes decide whether a file is binary and which encoding a table has."""
CONTROL_SHARE = 0.01
"""A file with a larger share of control characters is binary."""

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF8_WORD = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WRONG = re.compile(
    "\ufffd"
    # an apostrophe, a quotation mark or a dash in UTF-8, read as Windows-1252 or Latin-1
    "|\xe2(?:\u20ac|\x80)[\u2122\u0153\u02dc\u201c\u201d\u009d\u0161\xa6\xa2\x98\x99\x9c\x93\x94]"
    "|\xc3[\xa0-\xbf\u20ac\u201a\u201e\u2026\u2020\u2021\u02c6\u2030\u2039\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u2122]"
    "|\xc2[\xa0-\xbf](?!\\w)"
    "|\xef\xbb\xbf"
    "|[\x80-\x9f]"
)


def kind_of(path: Path) -> str:
    """Return the ending that tells what a file is, in small letters, packed or not."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in PACKED else suffix


def stem_of(path: Path) -> str:
    """Return the name of a file without the endings that tell what it is."""
    return name_of(Path(path.stem).stem if path.suffix.lower() in PACKED else path.stem)


def name_of(path: str | Path) -> str:
    """Return a path as text that can be written: what is not UTF-8 in it becomes a question mark."""
    return str(path).encode("utf-8", "replace").decode()


class _Watched(RawIOBase):
    """A file that tells how many bytes of it were read."""

    def __init__(self, path: Path, watch: Callable[[int], None]) -> None:
        self._file, self._watch = path.open("rb", buffering=0), watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer) or 0
        self._watch(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(path: Path, watch: Callable[[int], None] | None = None) -> BinaryIO:
    """Return a file open for reading its bytes, unpacked where its ending says that it is packed.

    `watch` is called with the number of bytes, packed ones, each time that some are read.

    Raises
    ------
    ReadError
        The file is packed with Zstandard, which the basic install does not read.
    """
    raw = cast("BinaryIO", BufferedReader(_Watched(path, watch))) if watch else path.open("rb")
    suffix = path.suffix.lower()
    if suffix == ".gz":
        unpacked: Any = gzip.GzipFile(fileobj=raw)
        unpacked.myfileobj = raw  # so that closing the one closes the other, as gzip.open does
        return cast("BinaryIO", unpacked)
    if suffix == ".zst":
        try:
            import pyarrow
        except ImportError:
            raise ReadError(f"{path}: reading .zst needs pyarrow; pip install 'rhetoric-analyzer[batch]'") from None
        return cast("BinaryIO", BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, "r"), "zstd")))
    return raw


UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading an opened file may raise: also what is packed and broken."""


def decode(data: bytes, *, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of `data`, and a line for each thing the reader should know about how it was decoded.

    Every character is kept, line ends too; only a byte-order mark is no part of the text.

    Parameters
    ----------
    data
        The bytes of a file or a page.
    name
        What to call the input in an error.
    declared
        The encoding that a header or the page itself names; it is followed where the bytes allow it.

    Raises
    ------
    ReadError
        The bytes are no text.
    """
    encoding = encoding_of(data, name=name, declared=declared)
    text = data.decode(encoding, "replace")
    return text, (*(() if declared else named(encoding)), *suspect(text))


def named(encoding: str) -> tuple[str, ...]:
    """Return a line that tells an encoding that was guessed."""
    guessed = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}.get(encoding)
    return (f"No encoding is declared and the bytes are no UTF-8; read as {guessed}.",) if guessed else ()


def encoding_of(data: bytes, *, name: str, declared: str | None = None) -> str:
    """Return the encoding of `data`: by its mark, by what is declared, UTF-8, else Windows-1252 or Latin-1."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    kind = next((kind for magic, kind in BINARY.items() if data.startswith(magic)), None)
    if kind:
        raise ReadError(f"{name}: this is {kind}, not text; save it as plain text or HTML first")
    head = data[:HEAD]
    if wide := _wide(head):
        return wide
    if len(_CONTROL.findall(head)) > len(head) * CONTROL_SHARE:
        raise ReadError(f"{name}: this is binary, not text; give a text file, a saved page or a table")
    for candidate in (_known(declared), "utf-8"):
        if candidate and _decodes(data, candidate):
            return candidate
    whole = len(_UTF8_WORD.findall(data))
    if whole > sum(byte >= 0x80 for byte in _UTF8_WORD.sub(b"", data)):
        return "utf-8"
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def suspect(text: str) -> tuple[str, ...]:
    """Return a line that names what in `text` looks wrongly decoded; nothing is changed."""
    wrong = list(_WRONG.finditer(text))
    if not wrong:
        return ()
    first = wrong[0]
    shown = (
        "�" if first[0] == "\ufffd" else first[0].encode("unicode_escape").decode() if first[0] < "\xa0" else first[0]
    )
    times = "once" if len(wrong) == 1 else f"{len(wrong)} times"
    return (f"The text looks wrongly decoded: “{shown}” or the like stands in it {times}, first at {first.start()}.",)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of Western text is zero."""
    half = len(head) // 2
    if half < 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def _known(declared: str | None) -> str | None:
    """Return the declared encoding as Python calls it; browsers read Latin-1 and ASCII as Windows-1252."""
    try:
        found = codecs.lookup((declared or "").strip()).name
    except LookupError:
        return None
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether `data` is valid in `encoding`."""
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def reason(error: BaseException) -> str:
    """Return what went wrong in a few words."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split())[:160] or type(error).__name__
