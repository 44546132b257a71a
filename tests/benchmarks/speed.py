"""Processor seconds of `rhetoric score` on 1,000 news articles, and of VADER's scores alone on the same sentences.

    python tests/benchmarks/speed.py [--articles 1000] [--repeat 2]

The whole process counts, user and system time of all its threads, from its start to its end. Then the same work is done
once more in this process with a clock round each stage, to show where the time goes. The news is not part of the
project: it stands in ../shared/news. VADER comes with `pip install -c constraints.txt -e .[bench]`.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

NEWS = Path(__file__).resolve().parents[3] / "shared" / "news" / "articles.jsonl.gz"
SHOWN = ("id", "title", "outlet", "text")


def write_articles(count: int, into: Path) -> None:
    """Write every n-th article of the news, `count` in all, as `rhetoric score` reads them."""
    with gzip.open(NEWS) as lines:
        total = sum(1 for _ in lines)
    with gzip.open(NEWS) as lines, into.open("wb") as out:
        for line in islice(lines, 0, None, total // count):
            record = orjson.loads(line)
            out.write(orjson.dumps({key: record.get(key) for key in SHOWN}) + b"\n")
            count -= 1
            if not count:
                return


def processor_seconds(command: list[str], output: Path) -> float:
    """User and system time of a whole process."""
    with output.open("wb") as out:
        process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _, status, used = os.wait4(process, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def vader_seconds(sentences: list[str]) -> float:
    """User and system time of VADER's scores, without import and loading."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    score = SentimentIntensityAnalyzer().polarity_scores
    start = time.process_time()
    for sentence in sentences:
        score(sentence)
    return time.process_time() - start


class Stages:
    """Processor seconds of each stage, without those of the stages it calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running = ["the rest"]
        self._since = time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Count the time of the function `name` of a module or class as `stage`."""
        inner: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **options: Any) -> Any:
            self._switch()
            self._running.append(stage)
            try:
                return inner(*args, **options)
            finally:
                self._switch()
                self._running.pop()

        setattr(owner, name, timed)

    def end(self) -> None:
        """Close the account."""
        self._switch()


def stage_seconds(source: Path) -> dict[str, float]:
    """Processor seconds a stage, for one run over `source` in this process."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command does
    stages = Stages()
    began = time.process_time()
    from rhetoric import analysis, features, lexicon, model, scoring
    from rhetoric.render import json

    analyzer = analysis.Analyzer.load()
    loaded = time.process_time() - began
    gc.disable()  # as the command does
    for owner, name, stage in (
        (scoring, "_article", "read JSON"),
        (features, "find_all_words", "words"),
        (features, "find_quotes", "quotations"),
        (features, "split_sentences", "sentences"),
        (lexicon.Lexicons, "hits", "lexicons"),
        (features, "cast_all", "cast of speakers"),
        (features, "find_voices", "voices"),
        (features, "sentence_voices", "voices"),
        (features, "look", "trained voice"),
        (features, "listen", "trained voice"),
        (features, "find_evidence", "evidence"),
        (features.Vocabulary, "encode", "encode"),
        (model, "hits", "hits"),
        (model, "sentence_table", "table of counts"),
        (model, "look", "vectors of sentences"),
        (model.Model, "_words", "word view"),
        (model.Model, "_tone", "tone view"),
        (model, "meta_inputs", "last step"),
        (model.Model, "_tell", "parts"),
        (analysis, "find_target", "targets"),
        (analysis, "find_main_verb", "main verbs"),
        (analysis, "_findings", "findings"),
        (analysis, "_assemble", "sentence records"),
        (analysis, "_weighed", "findings"),
        (analysis, "_beyond", "findings"),
        (json, "summary", "summary"),
        (scoring, "to_json", "write JSON"),
    ):
        stages.watch(owner, name, stage)
    stages.seconds.clear()
    stages.end()
    stages.seconds.clear()
    with source.open("rb") as lines:
        for _ in scoring.score_lines(lines, analyzer):
            pass
    stages.end()
    return {"import and load": loaded, **stages.seconds}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=2, help="runs of each; the fastest counts")
    options = parser.parse_args()
    if not NEWS.is_file():
        sys.exit(f"{NEWS} is missing; it holds the articles to measure on")
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        write_articles(options.articles, source)
        command = [str(Path(sys.executable).parent / "rhetoric"), "score", str(source)]
        ours = min(processor_seconds(command, output) for _ in range(options.repeat))
        sentences = []
        for line in output.open("rb"):
            analysis = orjson.loads(line)
            sentences += [analysis["text"][s["start"] : s["end"]] for s in analysis["sentences"]]
        count = len(sentences)
        words = sum(len(s.split()) for s in sentences)
        print(f"{options.articles} articles, {count} sentences, {words / count:.1f} words each")
        print(f"rhetoric score  {ours:7.2f} s {count / ours:9,.0f} sentences/s {ours / count * 1e6:7.1f} µs a sentence")
        try:
            vader = min(vader_seconds(sentences) for _ in range(options.repeat))
        except ModuleNotFoundError:
            print("VADER is not installed: pip install -c constraints.txt -e .[bench]")
        else:
            print(f"VADER, scores   {vader:7.2f} s {count / vader:9,.0f} sentences/s {vader / count * 1e6:7.1f} µs")
            print(f"ratio           {vader / ours:7.2f} (sentences per processor second, rhetoric to VADER)")
        print("\nstage                  seconds  µs a sentence  share")
        stages = stage_seconds(source)
        total = sum(stages.values())
        for stage, seconds in sorted(stages.items(), key=lambda item: -item[1]):
            print(f"{stage:<22}{seconds:8.2f}{seconds / count * 1e6:15.1f}{seconds / total:7.0%}")


if __name__ == "__main__":
    main()
