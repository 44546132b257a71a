"""Shows how a news text persuades: charged labels, speculative predictions, unhedged assertions, and in whose voice."""

from __future__ import annotations

from pathlib import Path

from rhetoric.analysis import Analyzer, shared
from rhetoric.records import Analysis, Article, Finding, Headline, Sentence, Voice

__all__ = ["Analysis", "Analyzer", "Article", "Finding", "Headline", "Sentence", "Voice", "analyze"]


def analyze(source: str | Path | Article) -> Analysis:
    """What the program says about one article."""
    return shared()(source if isinstance(source, Article) else Article(str(source)))
