"""A web page or Markdown to an article: trafilatura finds the text, and what it does badly is mended here."""

from __future__ import annotations

import codecs
import re
from itertools import accumulate
from typing import TYPE_CHECKING

from rhetoric.decoding import BOMS, ReadError, decode
from rhetoric.records import Article
from rhetoric.rows import fields_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

PAGE_DEPTH = 256
"""Pages with deeper nested elements are refused; it is the limit of libxml2."""
PAGE_ELEMENTS = 50_000
"""Pages with more elements are refused; they would take minutes."""
DECLARED_WITHIN = 4_096
"""The encoding is looked for in so many bytes of the page."""
FEWEST_WORDS = 10
"""A page with fewer words in its main text holds no article."""
LINKED_SHARE = 0.5
"""A list with so much of its text in links leads elsewhere."""
TEASERS = 2
"""So many cut-off paragraphs in a row begin the part of a page that leads elsewhere."""
BODY_SHARE = 0.6
"""So much of the text stands before that part."""
REPEATED = 40
"""A paragraph of so many characters stands only once."""
NO_AUTHOR = frozenset({"no author", "unknown", "admin", "administrator", "anonymous", "staff", "none", "editor"})
BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "div", "fw", "ab", "code", "body", "main"})
HTML_BLOCKS = {
    **{"blockquote": "quote", "q": "quote", "ul": "list", "ol": "list", "li": "item", "a": "ref", "br": "lb"},
    **{"h1": "head", "h2": "head", "h3": "head", "h4": "head", "h5": "head", "h6": "head"},
    **{"tr": "row", "td": "cell", "th": "cell", "section": "div", "article": "div"},
}
"""Elements of a page → what trafilatura calls them."""
UNSEEN = frozenset({"script", "style", "figure", "img", "iframe", "video", "audio", "form", "noscript", "svg"})
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
OPENING = ("“", '"', "‘", "'", "«", "„")

_CHARSET = re.compile(rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_FRONT = re.compile(r"---[^\S\n]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)", re.S)
_FRONT_LINE = re.compile(r"([A-Za-z_][\w -]*):[^\S\n]+(.+)")
_SPACE = re.compile(r"\s+")
_NAMED_BELOW = re.compile(r"\s*[—–-]")
_TWEET_END = re.compile(r"\s*(?:https?://\S+\s*|pic\.\S+\s*)*[—–-]\s[^—–]{2,80}\(@\w+\)[^—–]*$")
_TEASER = re.compile(r"(?:\.\.\.|…|\[…\])\s*(?:read more|more|continue reading|»)?$", re.I)


def read_html(html: str | bytes, *, url: str | None = None) -> Article:
    """Return the article on a page: title, date, site, author and main text, without menus and comments.

    Paragraphs are parted by a blank line. Block quotes that carry no quotation marks are given some, and `warnings`
    says so.

    Parameters
    ----------
    html
        The page; bytes are decoded as the page declares, else as UTF-8, Windows-1252 or Latin-1.
    url
        Where the page came from.

    Raises
    ------
    ReadError
        There is no article on the page, or it is nested too deep.

    Examples
    --------
    >>> page = "<html><title>The dam</title><article><p>" + "The dam broke at noon. " * 20 + "</p></article></html>"
    >>> read_html(page).title
    'The dam'
    """
    return article_of(html, name=url or "the page", url=url)


def article_of(html: str | bytes, *, name: str, url: str | None = None, charset: str | None = None) -> Article:
    """Return the article on a page that is called `name` in errors; `charset` is what a header declares."""
    import logging

    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    warnings: tuple[str, ...] = ()
    if isinstance(html, bytes):
        html, warnings = decode(html, name=name, declared=charset or declared_charset(html))
    if not html.strip():
        raise ReadError(f"{name}: the page is empty")
    tree, headings = _tree(html, name)
    found = bare_extraction(
        tree, url=url, include_comments=False, include_links=True, include_formatting=True, with_metadata=True
    )
    paragraphs, quoted = _paragraphs(found.body) if isinstance(found, Document) else ([], 0)
    if not isinstance(found, Document) or len(" ".join(paragraphs).split()) < FEWEST_WORDS:
        raise ReadError(f"{name}: no article was found on the page; copy its text into a file and give that")
    title = _title(found.title, found.sitename, headings)
    if len(paragraphs) > 1 and (paragraphs[0] in headings or paragraphs[0] == title):
        title = paragraphs.pop(0)
    return Article(
        "\n\n".join(paragraphs),
        title=title,
        url=url or found.url or None,
        outlet=found.sitename or None,
        byline=_byline(found.author, found.date),
        published=found.date or None,
        warnings=(*warnings, *quoted_note(quoted)),
    )


def quoted_note(quoted: int) -> tuple[str, ...]:
    """A line that tells how many block quotes were given quotation marks."""
    return (f"Quotation marks were put round {quoted} block quote{'s' * (quoted > 1)}.",) if quoted else ()


def fragment_paragraphs(html: str) -> tuple[list[str], int]:
    """The paragraphs of a piece of HTML, and how many block quotes were given quotation marks."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    if not html.strip():
        return [], 0
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = lxml_html.document_fromstring(f"<div>{html}</div>".encode("utf-8", "replace"), parser=parser)
    for element in list(tree.iter()):
        if element.tag in UNSEEN:
            element.drop_tree()
        else:
            element.tag = HTML_BLOCKS.get(element.tag, element.tag)
    return _paragraphs(tree)


def declared_charset(html: bytes) -> str | None:
    """Return the encoding that the page names, unless a byte-order mark overrules it."""
    if any(html.startswith(mark) for mark, _ in BOMS):
        return None
    named = _CHARSET.search(html[:DECLARED_WITHIN])
    charset = named[1].decode("ascii", "replace") if named else None
    try:
        wide = charset is not None and codecs.lookup(charset).name.startswith(("utf-16", "utf-32"))
    except LookupError:
        return None
    return "utf-8" if wide else charset  # a name that could be read is not in UTF-16


def _tree(html: str, name: str) -> tuple[HtmlElement, list[str]]:
    """Return the parsed page and its first-level headings."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        raise ReadError(f"{name}: the page holds no text") from None
    if any("depth" in entry.message for entry in parser.error_log):
        raise ReadError(f"{name}: the page is nested deeper than {PAGE_DEPTH} elements; copy its text into a file")
    if sum(1 for _ in tree.iter()) > PAGE_ELEMENTS:
        raise ReadError(f"{name}: the page has more than {PAGE_ELEMENTS} elements; copy its text into a file")
    headings = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
    return tree, [heading for heading in headings if heading]


def _paragraphs(body: HtmlElement) -> tuple[list[str], int]:
    """Return the paragraphs of the extracted text, and how many block quotes were given quotation marks."""
    for element in body.iter("list"):
        if _leads_elsewhere(element):
            element.clear(keep_tail=True)
    paragraphs: list[str] = []
    quoted = _gather(body, [], paragraphs)
    first = {paragraph: i for i, paragraph in reversed(list(enumerate(paragraphs)))}
    once = [paragraph for i, paragraph in enumerate(paragraphs) if len(paragraph) < REPEATED or first[paragraph] == i]
    return _without_teasers(once), quoted


def _leads_elsewhere(element: HtmlElement) -> bool:
    """Whether a list is one of links."""
    items = list(element.iter("item"))
    linked = [sum(len("".join(ref.itertext())) for ref in item.iter("ref")) for item in items]
    return len(items) > 1 and all(linked) and sum(linked) > LINKED_SHARE * len("".join(element.itertext()))


def _gather(element: HtmlElement, buffer: list[str], paragraphs: list[str]) -> int:
    """Add the text of `element` in order, a block as paragraphs; return how many quotations were given marks."""
    inline = element.tag == "quote" and element.getparent().tag in ("p", "item", "cell", "hi", "ref", "head")
    block = element.tag in BLOCKS and not inline
    if block:
        _flush(buffer, paragraphs)
    elif element.tag == "lb":
        buffer.append(" " if element.getparent().tag == "head" else "\n")
    elif element.tag == "cell" and element.getprevious() is not None:
        buffer.append(" | ")
    begin, place, quoted = len(paragraphs), len(buffer), 0
    buffer.append(_SPACE.sub(" ", element.text or ""))
    for child in element:
        quoted += _gather(child, buffer, paragraphs)
        buffer.append(_SPACE.sub(" ", child.tail or ""))
    if block:
        _flush(buffer, paragraphs)
    if inline and not "".join(buffer[place:]).lstrip().startswith(OPENING):
        buffer[place:] = ["“", "".join(buffer[place:]).strip(), "”"]
    elif block and element.tag == "quote" and begin < len(paragraphs) and not paragraphs[begin].startswith(OPENING):
        paragraphs[begin:] = quotation(paragraphs[begin:])
        quoted += 1
    return quoted


def _flush(buffer: list[str], paragraphs: list[str]) -> None:
    """End a paragraph; each of its lines is one of its own."""
    paragraphs += [" ".join(line.split()) for line in "".join(buffer).split("\n") if line.strip()]
    buffer.clear()


def quotation(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs of a block quote with quotation marks; the name below it stays outside.

    Each paragraph opens with a mark, the last one closes.
    """
    last = len(paragraphs) - 1
    if last and _NAMED_BELOW.match(paragraphs[-1]):
        return [*quotation(paragraphs[:-1]), paragraphs[-1]]
    tweet = _TWEET_END.search(paragraphs[-1])
    cut = tweet.start() if tweet else len(paragraphs[-1])
    marked = [f"“{paragraph}" for paragraph in paragraphs]
    marked[-1] = f"{marked[-1][: cut + 1]}”{paragraphs[-1][cut:]}"
    return marked


def _without_teasers(paragraphs: list[str]) -> list[str]:
    """Cut the beginnings of other articles that stand below this one."""
    cut_off = [_TEASER.search(paragraph) is not None for paragraph in paragraphs]
    size = sum(map(len, paragraphs))
    for i, before in enumerate(accumulate(map(len, paragraphs), initial=0)):
        if i < len(paragraphs) and cut_off[i] and sum(cut_off[i : i + 3]) >= TEASERS and before > BODY_SHARE * size:
            return paragraphs[:i]
    return paragraphs


def _title(title: str | None, site: str | None, headings: list[str]) -> str | None:
    """Return the title without the name of the site."""
    if len(headings) == 1 and (not title or title.startswith(headings[0])):
        return headings[0]
    if title and site:
        title = re.sub(rf"\s+[|·•—–-]\s+{re.escape(site)}$", "", title)
    return title or None


def _byline(author: str | None, published: str | None) -> str | None:
    """Return the author, unless the page names none; without the month that is at times taken for part of it."""
    if author and published:
        author = re.sub(rf"\s+{MONTHS[int(published[5:7]) - 1]}$", "", author)
    return author if author and author.lower() not in NO_AUTHOR else None


def read_markdown(text: str) -> Article:
    """Return the article that Markdown stands for.

    Headings, links, emphasis and code become plain words, pictures and HTML are left out, list items and block quotes
    become paragraphs, and a block quote gets quotation marks where it has none. Title, author, date, outlet and url
    come from the front matter; the title else from a first heading.
    """
    from markdown_it import MarkdownIt

    front = _FRONT.match(text)
    fields = fields_of(dict(_FRONT_LINE.findall(front[1]))) if front else {}
    paragraphs: list[str] = []
    headings: list[str] = []
    quotes: list[int] = []
    heading = False
    for token in MarkdownIt("commonmark").parse(text[front.end() :] if front else text):
        if token.type == "heading_open":
            heading = token.tag == "h1" and not paragraphs
        elif token.type == "blockquote_open":
            quotes.append(len(paragraphs))
        elif token.type == "blockquote_close":
            begin = quotes.pop()
            if not quotes and paragraphs[begin:] and not paragraphs[begin].startswith(OPENING):
                paragraphs[begin:] = quotation(paragraphs[begin:])
        elif token.type in ("code_block", "fence"):
            paragraphs.append(token.content.strip())
        elif token.type == "inline":
            plain = "".join(_plain(child.type, child.content) for child in token.children or ())
            (headings if heading else paragraphs).append(" ".join(plain.split()))
            heading = False
    title = fields.pop("title", None) or (headings.pop(0) if headings else None)
    body = "\n\n".join(paragraph for paragraph in [*headings, *paragraphs] if paragraph)
    return Article(
        body,
        title=title,
        url=fields.get("url"),
        outlet=fields.get("outlet"),
        byline=fields.get("byline"),
        published=fields.get("published"),
    )


def _plain(kind: str, content: str) -> str:
    """Return what a reader sees of a piece of Markdown."""
    if kind in ("text", "code_inline", "text_special"):
        return content
    return " " if kind in ("softbreak", "hardbreak") else ""
