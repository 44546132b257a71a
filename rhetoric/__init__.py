"""Shows how a news text persuades: charged labels, speculative predictions, unhedged assertions, and in whose voice.

>>> import rhetoric
>>> analysis = rhetoric.analyze("The regime's thugs will inevitably bring ruin, experts say.")
>>> [finding.text for finding in analysis.findings if finding.signal == "charged"]
["regime's thugs"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rhetoric.analysis import Analyzer, analyze
    from rhetoric.comparison import Comparison, compare
    from rhetoric.corpus import Corpus, analyze_many
    from rhetoric.decoding import Failure, ReadError
    from rhetoric.explanation import Explanation
    from rhetoric.frames import FrameError, score_frame
    from rhetoric.gathering import CorpusError
    from rhetoric.lexicon_files import LexiconError
    from rhetoric.model import ModelError
    from rhetoric.reading import read, read_html, read_many
    from rhetoric.records import Analysis, Article, Finding, Headline, MadeBy, Sentence, Voice
    from rhetoric.reference import Reference, ReferenceFileError
    from rhetoric.state import StoreError
    from rhetoric.store import Store, open_store
    from rhetoric.vectorizer import RhetoricVectorizer

__version__ = "0.1.0"

_HOME = {
    "Analysis": "records", "Analyzer": "analysis", "Article": "records", "Failure": "decoding", "Finding":
    "records", "FrameError": "frames", "Headline": "records", "LexiconError": "lexicon_files", "MadeBy": "records",
    "ModelError": "model", "ReadError": "decoding", "Sentence": "records", "Store": "store", "StoreError": "state",
    "Voice": "records", "analyze": "analysis", "open_store": "store", "read": "reading", "read_html": "reading",
    "read_many": "reading", "score_frame": "frames", "Comparison": "comparison", "Corpus": "corpus",
    "CorpusError": "gathering", "Explanation": "explanation", "Reference": "reference",
    "ReferenceFileError": "reference", "RhetoricVectorizer": "vectorizer", "analyze_many": "corpus",
    "compare": "comparison",
}  # fmt: skip

__all__ = [
    "Analysis",
    "Analyzer",
    "Article",
    "Comparison",
    "Corpus",
    "CorpusError",
    "Explanation",
    "Failure",
    "Finding",
    "FrameError",
    "Headline",
    "LexiconError",
    "MadeBy",
    "ModelError",
    "ReadError",
    "Reference",
    "ReferenceFileError",
    "RhetoricVectorizer",
    "Sentence",
    "Store",
    "StoreError",
    "Voice",
    "analyze",
    "analyze_many",
    "compare",
    "open_store",
    "read",
    "read_html",
    "read_many",
    "score_frame",
]


def __getattr__(name: str) -> Any:
    """A public name, its module imported when it is first asked for (so that `rhetoric --help` is instant)."""
    if name not in _HOME:
        raise AttributeError(f"module 'rhetoric' has no attribute {name!r}")
    value = getattr(import_module(f"rhetoric.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
