"""A feed (RSS or Atom) to articles, one an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rhetoric.decoding import Failure, ReadError, suspect
from rhetoric.pages import fragment_paragraphs, quoted_note
from rhetoric.records import Article

if TYPE_CHECKING:
    from lxml.etree import _Element as Element  # type: ignore[import-untyped]

ENTRIES = ("item", "entry")
TEXTS = ("encoded", "content", "description", "summary")
"""Elements that may hold the text of an entry; the first that does is taken."""
DATES = ("pubDate", "published", "date", "updated")
AUTHORS = ("creator", "author")

SUMMARY = "The feed carries only a summary of this article."

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^[>]*(?:\[.*?\])?\s*>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_feed(start: str) -> bool:
    """Whether a text begins like a feed."""
    return _FEED.match(start) is not None


def read_feed(data: bytes, *, name: str, stem: str, bare: bool = False) -> Iterator[Article | Failure]:
    """Yield the articles of a feed that is called `name` in errors; what has no text is yielded as a Failure.

    The text of an entry is what the feed carries of it, at times only a summary; `warnings` says so. With `bare` an
    entry that has an address and no text is an article with an empty one.

    Raises
    ------
    ReadError
        The feed is not well-formed, or has no entries.
    """
    from lxml import etree  # type: ignore[import-untyped]

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    entries = [e for e in root.iter() if _local(e) in ENTRIES] if root is not None else []
    if not entries:
        raise ReadError(f"{name}: the feed has no entries; give the pages or texts themselves")
    outlet = next((_text(c, "title") for c in root.iter() if _local(c) in ("channel", "feed")), None)
    for number, entry in enumerate(entries, 1):
        place = f"{name}:{number}"
        kind, text, quoted = _body(entry)
        url = _link(entry)
        if not text and not (bare and url):
            yield Failure(place, f"{place}: this entry of the feed has no text; give the page itself")
            continue
        yield Article(
            text,
            id=id_of(url) if url else f"{stem}-{number}",
            title=_text(entry, "title"),
            url=url,
            outlet=outlet,
            byline=next(filter(None, (_author(entry, tag) for tag in AUTHORS)), None),
            published=next(filter(None, (_date(_text(entry, tag)) for tag in DATES)), None),
            warnings=(
                *((SUMMARY,) if kind in ("description", "summary") else ()),
                *quoted_note(quoted),
                *suspect(text),
            ),
        )


def id_of(url: str) -> str:
    """Return host and path of an address as an id."""
    parts = urlsplit(url)
    return re.sub(r"[^\w.-]+", "-", f"{parts.hostname}{parts.path}").strip("-")


def _body(entry: Element) -> tuple[str, str, int]:
    """Return where the text of an entry stands, the text, and how many block quotes were given quotation marks."""
    for tag in TEXTS:
        found = _child(entry, tag)
        if found is not None:
            paragraphs, quoted = fragment_paragraphs(_inner(found))
            if paragraphs:
                return tag, "\n\n".join(paragraphs), quoted
    return "", "", 0


def _inner(element: Element) -> str:
    """Return the HTML that an element holds, escaped or not."""
    from lxml import etree

    inside = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return f"{element.text or ''}{inside}"


def _local(element: Element) -> str:
    """Return the name of an element without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element: Element, tag: str) -> Element | None:
    """Return the first child of that name."""
    return next((child for child in element if _local(child) == tag), None)


def _text(element: Element, tag: str) -> str | None:
    """Return the words in the first child of that name."""
    found = _child(element, tag)
    return " ".join("".join(found.itertext()).split()) or None if found is not None else None


def _author(entry: Element, tag: str) -> str | None:
    """Return the name of the author of an entry."""
    found = _child(entry, tag)
    return (_text(found, "name") or _text(entry, tag)) if found is not None else None


def _link(entry: Element) -> str | None:
    """Return the address of the page of an entry."""
    links = [child for child in entry if _local(child) == "link" and child.get("rel", "alternate") == "alternate"]
    return next((link.get("href") or (link.text or "").strip() or None for link in links), None)


def _date(said: str | None) -> str | None:
    """Return a date as year, month, day where it can be read, else as it stands."""
    if not said or re.match(r"\d{4}-\d\d-\d\d", said):
        return said and said[:10]
    try:
        return parsedate_to_datetime(said).date().isoformat()
    except (ValueError, TypeError):
        return said
