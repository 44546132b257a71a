"""The command line: thin over the library. Standard output carries data, standard error everything else."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from rhetoric.batch_cli import batch, store, trends
from rhetoric.console import EXIT_CODES
from rhetoric.console import say as _say

if TYPE_CHECKING:
    from rhetoric.analysis import Analyzer
    from rhetoric.asking import Question
    from rhetoric.lexicon import Lexicons
    from rhetoric.records import Analysis
    from rhetoric.tables import Policy

LINES = 128
"""Lines of input that `score` reads at a time."""
WIDTH = 100
"""Columns where the terminal does not tell; wider ones are not filled."""
NO_BREAK = "\xa0"

_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
lexicon_option = click.option(
    "--lexicon",
    "lexicon_folder",
    type=_folder,
    help="Folder of TOML files that add to the shipped lexicons or override them.",
)
voice_option = click.option(
    "--voice",
    type=click.Choice(["all", "author", "author+reported"]),
    default="all",
    show_default=True,
    help="Whose words are counted; what is left out is told.",
)
model_option = click.option("--model", type=_folder, help="Folder of a trained model in place of the shipped one.")
reference_option = click.option(
    "--reference",
    "reference_file",
    type=_file,
    help="File of `rhetoric reference build` that says what is usual, in place of the shipped one.",
)
articles_option = click.option(
    "--articles",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="JSONL file (.gz too), or folder of them, with the full articles that labels without text point to.",
)


class Commands(click.Group):
    """The command group, where every way to end becomes an exit code; a command returns its own, or None for 0."""

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run a command and exit."""
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
            sys.stdout.flush()
            sys.exit(code or 0)
        except click.ClickException as error:
            error.show()
        except (KeyboardInterrupt, click.Abort):
            _say("interrupted")
            sys.exit(130)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(0)
        except OSError as error:
            _say(f"Error: {error.filename or 'standard output'}: {error.strerror}")
            try:
                sys.stdout.flush()
            except OSError:  # Python would try again when it ends, and exit with 120
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        except Exception as error:
            if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):  # it struck inside compiled code
                _say("interrupted")
                sys.exit(130)
            if isinstance(error, ValueError) and type(error).__module__.startswith("rhetoric."):
                _say(f"Error: {error}")
            else:
                import traceback

                traceback.print_exc()
                _say("Error: this is a fault of the program; please report it with the lines above")
        sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; where the reader of its output has gone, that is the end and no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(0) from None  # click itself would exit with 1


@click.group(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)
@click.version_option(package_name="rhetoric-analyzer", prog_name="rhetoric")
def commands() -> None:
    """Show how a news text persuades.

    Charged labels, speculative predictions, unhedged assertions, and in whose voice each stands: the author's, or a
    quoted or reported speaker's. Evidence, not verdicts; nothing is sent anywhere.

    \b
    rhetoric report article.html            a page to read, in reports/
    rhetoric explain "It is doomed."        one sentence, in the terminal
    rhetoric score in.jsonl -o out.jsonl    many articles, one analysis a line
    rhetoric batch news/ --store my_store   what is new in a collection, every night
    """
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False


commands.add_command(batch)
commands.add_command(store)
commands.add_command(trends)


@commands.command(epilog=EXIT_CODES)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    "where",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reports"),
    show_default=True,
    help="Folder the reports go to.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=["html"],
    show_default=True,
    help="html, md, json, csv; several with commas, or given again.",
)
@click.option(
    "--excerpts", is_flag=True, help="Page with the marked sentences only, to share when the text is not yours."
)
@click.option("--text-column", help="Column of tables that holds the text, where it cannot be guessed.")
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private networks too.")
@voice_option
@reference_option
@lexicon_option
@model_option
def report(
    inputs: tuple[str, ...],
    where: Path,
    formats: tuple[str, ...],
    excerpts: bool,
    text_column: str | None,
    allow_private: bool,
    voice: Policy,
    reference_file: Path | None,
    lexicon_folder: Path | None,
    model: Path | None,
) -> int:
    """Write reports for people: a page an article, and an index.

    INPUT is a file (text, Markdown, saved page), an address, a folder or pattern, a table (JSONL, CSV; Parquet with the
    extra), a feed, or - for standard input. Run again, it makes again only what changed.

    \b
    rhetoric report article.txt
    rhetoric report articles/ -o pages --format html,csv
    """
    from rhetoric.decoding import Failure
    from rhetoric.reading import input_files, read_many
    from rhetoric.reference import load
    from rhetoric.reports import write_reports

    wanted = _formats(",".join(formats))
    if excerpts and "html" not in wanted:
        raise click.UsageError("--excerpts makes a page; add html to --format")
    articles = read_many(inputs, text_column=text_column, allow_private=allow_private)
    kept = input_files(inputs)
    failed = made = 0
    told = set[str]()
    usual = load(reference_file)
    analyzer = _analyzer(lexicon_folder, model)
    for done in write_reports(
        articles, analyzer, where, formats=wanted, excerpts=excerpts, voice=voice, inputs=kept, reference=usual
    ):
        if isinstance(done, Failure):
            failed += 1
            _say(f"Error: {done.message}")
            continue
        made += 1
        for warning in done.warnings:
            of_table = warning.startswith("Columns: ")
            if not (of_table and warning in told):
                _say(f"Warning: {warning}" if of_table else f"Warning: {done.article}: {warning}")
            told.add(warning)
        files = ", ".join([str(done.files[0]), *(path.name for path in done.files[1:])])
        for line in _in_short(done.figures, files, done.article, done.new, voice):
            click.echo(line)
    if made > 1 and "html" in wanted:
        click.echo(f"\n{made} articles: {where / 'index.html'}")
    if not made and not failed:
        _say("Error: there is no article in what was given")
    return 2 if not made else 3 if failed else 0


def _formats(given: str) -> list[str]:
    """The formats named, each once."""
    from rhetoric.render import FORMATS

    names = [name.strip().lower() for name in given.split(",") if name.strip()]
    for name in names or [given]:
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is no format; choose from {', '.join(FORMATS)}", param_hint="--format")
    return list(dict.fromkeys(names))


def _in_short(figures: dict[str, Any], files: str, name: str, new: bool, policy: Policy) -> Iterator[str]:
    """One article's figures in a few lines."""
    from rhetoric.records import SCORED
    from rhetoric.render.prose import NAMES, count, left_out, per_1000_words

    size = f"{count(figures['sentences'], 'sentence')}, {count(figures['words'], 'word')}"
    yield f"{name}: {size} -> {files}{'' if new else ' (unchanged)'}"
    for signal in SCORED:
        of = figures["by_signal"][signal]
        counts = figures["counted"][signal]
        whose = (
            f"({of['author']['sentences']} author, {of['others']['sentences']} others)"
            if policy == "all"
            else f"({counts['left_out']['sentences']} of others left out)"
        )
        rate = f"{per_1000_words(figures, counts):5.1f} findings per 1,000 words"
        yield f"  {NAMES[signal]:<20}{count(counts['sentences'], 'sentence'):>14} {whose:<24}{rate}"
    if told := left_out(figures["counted"], policy):
        yield f"  {told}"


@commands.command(epilog=EXIT_CODES)
@click.argument("source", metavar="IN.jsonl", type=click.File("rb"))
@click.option("-o", "--output", type=click.File("wb"), default="-", help="Where analyses go; - is standard output.")
@lexicon_option
@model_option
def score(source: BinaryIO, output: BinaryIO, lexicon_folder: Path | None, model: Path | None) -> int:
    """Score many articles: JSON lines in, JSON lines out.

    One article a line in, one analysis a line out, in the same order. A line in holds "id" and "text", and may hold
    "title", "url", "outlet", "byline", "published". A line that cannot be used yields {"id", "error"} on its line, and
    exit code 3 at the end. Blank lines are passed over. The language is not checked. IN.jsonl may be - for standard
    input.

    \b
    rhetoric score articles.jsonl -o analyses.jsonl
    """
    gc.disable()  # analyses hold no cycles, so a collection would look through every record and find nothing
    from rhetoric.scoring import score_lines

    name = getattr(source, "name", "<stdin>")
    if _is_same_file(name, getattr(output, "name", "<stdout>")):
        raise click.UsageError(f"{name}: this is both input and output; give another file to -o")
    analyzer = _analyzer(lexicon_folder, model)
    failed = done = 0
    while batch := list(islice(source, LINES)):
        for line, right in score_lines(batch, analyzer):
            output.write(line)
            failed += not right
            done += right
    if not failed + done:
        raise click.ClickException(
            f"{name.replace('<stdin>', 'standard input')}: there is no line in it; give one JSON object a line"
        )
    output.flush()
    if failed:
        from rhetoric.render.prose import count

        hint = "" if done else "; score reads JSON, one article a line; for plain text take `rhetoric report -`"
        _say(
            f"Warning: {failed} of {count(failed + done, 'line')} could not be scored; each says why in its place{hint}"
        )
    return 3 if failed else 0


def _is_same_file(one: str, other: str) -> bool:
    """Whether two names stand for one file."""
    return Path(one).is_file() and Path(other).is_file() and Path(one).samefile(other)


@commands.command(epilog=EXIT_CODES)
@click.argument("sentence")
@voice_option
@lexicon_option
@model_option
def explain(sentence: str, voice: Policy, lexicon_folder: Path | None, model: Path | None) -> None:
    """Show what a sentence scores, and why.

    Its three scores, what they are made of, and the words that carry them.

    \b
    rhetoric explain "Everyone knows that the puppet regime is doomed."
    """
    from rhetoric.records import Article

    if not sentence.strip():
        raise click.UsageError("the sentence is empty; give some words in quotation marks")
    from rhetoric.analysis import names_file
    from rhetoric.features import overheard
    from rhetoric.languages import FOREIGN, is_english

    if names_file(sentence) and Path(sentence).is_file():
        _say(f"Warning: {sentence} names a file, and its name is explained; `rhetoric report {sentence}` reads it")
    if not is_english(sentence):
        _say(f"Warning: {FOREIGN}")
    analyzer = _analyzer(lexicon_folder, model)
    ear = analyzer.model.ear
    heard = overheard(sentence, analyzer.lexicons, ear) if ear else {}
    for line in _explained(analyzer(Article(sentence)), voice, heard):
        click.echo(line)


def _explained(
    analysis: Analysis, policy: Policy, heard: dict[int, tuple[str, list[tuple[str, float]]]]
) -> Iterator[str]:
    """Lines that explain each sentence of an analysis; findings that do not count are only named.

    `heard` tells where the ear gave a sentence its voice, against the rules.
    """
    from rhetoric.explanation import explain, finding_line, score_line, voice_line
    from rhetoric.records import SCORED
    from rhetoric.tables import POLICIES

    for k, sentence in enumerate(analysis.sentences):
        explained = explain(analysis, k)
        yield click.style(explained.text, bold=True)
        yield voice_line(sentence)
        if k in heard:
            ruled, weighed = heard[k]
            told = ", ".join(f"{what} {x:+.2f}".replace(" ", NO_BREAK) for what, x in weighed[:6])
            yield from _wrapped(f"by the rules {ruled}; the trained ear decided, and weighed most: {told}", indent=7)
        for signal in SCORED:
            bar = "█" * round(getattr(sentence, signal) * 20)
            yield score_line(sentence, signal, f" {bar:<20}")
            parts = [f"{what} {x:+.2f}" for what, x in sentence.because[signal] if abs(x) >= 0.05 or what == "base"]
            parts = [part.replace(" ", NO_BREAK) for part in parts]
            yield from _wrapped("log-odds: " + ", ".join(parts), indent=11)
        for f in explained.findings:
            yield finding_line(f, click.style(f"“{f.text}”", underline=True), counts=f.voice in POLICIES[policy])
        yield ""
    yield from _wrapped(
        "Scores are probabilities, 0 to 1, that an annotator following the codebook would mark the sentence; higher is"
        " more. The annotators were language models. Charged words may be accurate, plain words may be false."
    )


def _wrapped(text: str, *, indent: int = 0) -> list[str]:
    """Lines as wide as the terminal."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    space = " " * indent
    lines = textwrap.wrap(text, max(width, 2 * indent + 20), initial_indent=space, subsequent_indent=space)
    return [line.replace(NO_BREAK, " ") for line in lines]


@commands.command(epilog=EXIT_CODES)
@click.argument("labels", nargs=-1, required=True, type=_file)
@click.option(
    "-o",
    "--output",
    "where",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder the model goes to.",
)
@articles_option
@click.option(
    "--news",
    type=_file,
    help="JSONL of plain news (.gz too) to learn vocabulary and word vectors from, the labelled articles left out;"
    " without it those of the shipped model are kept.",
)
@click.option(
    "--base", "adapts", is_flag=True, help="Adapt the shipped model to LABELS of your own in place of learning anew."
)
@lexicon_option
def train(
    labels: tuple[Path, ...],
    where: Path,
    articles: tuple[Path, ...],
    news: Path | None,
    adapts: bool,
    lexicon_folder: Path | None,
) -> None:
    """Train the model on labelled articles and write it with a card.

    LABELS is JSONL, one article a line with its sentences' grades. The same labels give the same bytes.

    \b
    rhetoric train labels.jsonl -o my_model/
    rhetoric train my_labels.jsonl --base -o my_model/
    rhetoric report article.txt --model my_model/
    """
    if adapts and news:
        raise click.UsageError("--base keeps the shipped vectors, --news learns others; give one of them")
    if adapts:
        _adapt(labels, where, articles, lexicon_folder)
        return
    from rhetoric.card import write_card
    from rhetoric.training import TEACHING, learn_base, load_base, write_model
    from rhetoric.training import train as fit

    lexicons = _lexicons(lexicon_folder)
    windows = _windows(labels, articles)
    if news:
        measured = {str(w["id"]).split(":")[-1] for w in windows if w.get("picked") not in TEACHING}
        base = learn_base(news, lexicons, without=measured)
        _say(f"{base.vocabulary.size:,} words and their vectors learnt from {news}")
    else:
        base = load_base()
    arrays, found = fit(windows, lexicons, base)
    write_model(arrays, base.vocabulary, where)
    write_card(found, where / "MODEL_CARD.md", lexicons, news=news)
    click.echo(where)


def _adapt(labels: tuple[Path, ...], where: Path, articles: tuple[Path, ...], lexicon_folder: Path | None) -> None:
    """Adapt the shipped model, and tell what that brings."""
    from rhetoric.adapting import adapt, write_adapted

    arrays, changes = adapt(_windows(labels, articles), _lexicons(lexicon_folder))
    write_adapted(arrays, changes, where)
    for c in changes:
        what = "too few labels" if c.before is None else "adapting makes it no better"
        _say(
            f"{c.signal}: {'adapted' if c.adapted else f'kept as it was, {what}'} ({c.marked} of {c.sentences} marked)"
        )
    click.echo(where)


@commands.command(epilog=EXIT_CODES)
@click.argument("source", metavar="FILE")
@click.option(
    "-o",
    "--output",
    "where",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("labels.jsonl"),
    show_default=True,
    help="File the labels go to; what is in it stays, and is not asked again.",
)
@click.option("--in-order", is_flag=True, help="As the sentences stand, in place of the most uncertain first.")
@click.option("--text-column", help="Column of a table that holds the text, where it cannot be guessed.")
@lexicon_option
@model_option
def label(
    source: str, where: Path, in_order: bool, text_column: str | None, lexicon_folder: Path | None, model: Path | None
) -> None:
    """Label sentences by hand, in the terminal.

    Shows one sentence after another of FILE (text, page, table, folder), the ones first that the model is least sure
    of, and asks for three grades. Each answer is saved at once: stop when you like and go on later. The scores are not
    shown, so that they do not lead you.

    \b
    rhetoric label article.txt -o my_labels.jsonl
    rhetoric train my_labels.jsonl --base -o my_model/
    """
    from rhetoric.asking import HELP, load, questions
    from rhetoric.decoding import Failure
    from rhetoric.reading import read_many
    from rhetoric.render.prose import count

    analyzer = _analyzer(lexicon_folder, model)
    windows = load(where)
    articles = []
    for article in read_many([source], text_column=text_column):
        if isinstance(article, Failure):
            raise click.ClickException(article.message)
        articles.append(article)
    analyses = list(analyzer.analyze_all(articles))
    to_ask = questions(analyses, windows, in_order=in_order)
    _say(f"{count(len(to_ask), 'sentence')} to label. {HELP if to_ask else ''}")
    answered = _ask_all(analyses, to_ask, windows, where)
    _say(f"{count(answered, 'sentence')} labelled, {len(to_ask) - answered} left")
    if where.exists():
        click.echo(where)


def _ask_all(analyses: list[Analysis], to_ask: list[Question], windows: list[dict[str, Any]], where: Path) -> int:
    """Ask for one sentence after another until they or the answers end; how many were labelled."""
    from rhetoric.asking import HELP, asked, find_marked, put, read_answer, save, take_back
    from rhetoric.labels import LabelError

    at, done = 0, list[int]()
    while at < len(to_ask):
        question = to_ask[at]
        analysis = analyses[question.article]
        text = analysis.article.text
        _show(analysis, question, f"{at + 1} of {len(to_ask)}")
        voice = analysis.sentences[question.sentence].voice
        answer = _ask(f"charged, prediction, unhedged; {voice}")
        if answer is None or answer == "q":
            break
        if answer == "?":
            _say(HELP)
        elif answer == "s":
            at += 1
        elif answer == "b" and at:
            at -= 1
            if at in done:
                done.remove(at)
                take_back(windows, analyses[to_ask[at].article], to_ask[at])
                save(where, windows)
        elif given := read_answer(answer, voice):
            for signal, key in asked(given):
                while (words := _ask(f"words of {signal}, ; between")) is not None:
                    try:
                        given[key] = find_marked(text, question.start, question.end, words)
                        break
                    except LabelError as error:
                        _say(str(error))
            put(windows, analysis, question, given)
            save(where, windows)
            done.append(at)
            at += 1
        else:
            _say("Three grades from 0 to 3, such as 200, or 200q with a voice; ? for help")
    return len(done)


def _show(analysis: Analysis, question: Question, place: str) -> None:
    """A sentence between the one before and the one after."""
    text, sentences, k = analysis.article.text, analysis.sentences, question.sentence
    before, own, after = (
        " ".join(" ".join(text[s.start : s.end] for s in part).split())
        for part in (sentences[max(k - 1, 0) : k], sentences[k : k + 1], sentences[k + 1 : k + 2])
    )
    _say(click.style(f"\n{place}, {analysis.article.id}", dim=True))
    for line in _wrapped(before, indent=2):
        _say(click.style(line, dim=True))
    for line in _wrapped(own, indent=2):
        _say(click.style(f">{line[1:]}", bold=True))
    for line in _wrapped(after, indent=2):
        _say(click.style(line, dim=True))


def _ask(what: str) -> str | None:
    """A line from standard input; None where there is no more."""
    click.echo(f"{what}> ", err=True, nl=False)
    line = sys.stdin.readline()
    if not line:
        _say("")
        return None
    return line.strip()


@commands.command(epilog=EXIT_CODES)
@click.argument("labels", nargs=-1, required=True, type=_file)
@articles_option
@click.option("--disagreements", is_flag=True, help="List the sentences where word lists and scores disagree instead.")
@click.option("--agreement", is_flag=True, help="How far the annotators of several LABELS agree instead; a file each.")
@click.option("--polnear", is_flag=True, help="How well voices agree with the attributions that LABELS mark instead.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the bounds of each interval.")
@voice_option
@lexicon_option
@model_option
def evaluate(
    labels: tuple[Path, ...],
    articles: tuple[Path, ...],
    disagreements: bool,
    agreement: bool,
    polnear: bool,
    as_json: bool,
    voice: Policy,
    lexicon_folder: Path | None,
    model: Path | None,
) -> None:
    """Measure the scores against labelled articles.

    Beside them stands what the lexicons alone reach. LABELS is JSONL, one article a line with its sentences' grades.

    \b
    rhetoric evaluate labels.jsonl
    rhetoric evaluate --agreement first_annotator.jsonl second_annotator.jsonl
    rhetoric evaluate --polnear attributions.jsonl
    """
    from dataclasses import asdict

    from rhetoric.agreement import agree
    from rhetoric.agreement import to_text as to_table
    from rhetoric.evaluation import evaluate as measure
    from rhetoric.evaluation import find_disagreements, judge, to_dict, to_text
    from rhetoric.labels import read_labels
    from rhetoric.render.prose import count
    from rhetoric.tables import POLICIES

    if agreement + disagreements + polnear > 1:
        raise click.UsageError("--agreement, --disagreements and --polnear are tables of their own; ask for one")
    if agreement:
        found = agree([read_labels([path]) for path in labels])
        click.echo(_as_json([asdict(row) for row in found]) if as_json else to_table(found))
        return
    analyzer = _analyzer(lexicon_folder, model)
    if polnear:
        _evaluate_attributions(labels, analyzer, as_json=as_json)
        return
    judged = judge(_windows(labels, articles, voice), analyzer, voices=POLICIES[voice])
    if disagreements:
        apart = find_disagreements(judged)
        _say(f"{count(len(apart), 'disagreement')} in {count(len(judged.places), 'sentence')}")
        for one in apart if not as_json else ():
            click.echo(f"{one.id} {one.offset}: {one.what}\n  {one.text}")
        if as_json:
            click.echo(_as_json([asdict(one) for one in apart]))
    else:
        figures = measure(judged)
        click.echo(
            _as_json(to_dict(judged, figures) | {"made_by": asdict(analyzer.made_by)})
            if as_json
            else to_text(judged, figures)
        )


def _evaluate_attributions(paths: tuple[Path, ...], analyzer: Any, *, as_json: bool) -> None:
    """Print how well voices agree with the attributions that `paths` mark."""
    from dataclasses import asdict

    from rhetoric.polnear import measure_attributions, read_attributions, to_dict, to_text

    marked = read_attributions(paths)
    figures = measure_attributions(marked, analyzer)
    if as_json:
        click.echo(_as_json(to_dict(marked, figures) | {"made_by": asdict(analyzer.made_by)}))
    else:
        click.echo(to_text(marked, figures))


def _as_json(data: Any) -> str:
    """Plain data as indented JSON."""
    import orjson

    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def _windows(labels: tuple[Path, ...], articles: tuple[Path, ...], policy: Policy = "all") -> list[dict[str, Any]]:
    """Labelled windows; what is left out, or does not count, is told."""
    from rhetoric.labels import read_windows
    from rhetoric.render.prose import count

    windows, lost = read_windows(labels, articles)
    for why in lost:
        _say(f"Warning: left out: {why}")
    sentences = count(sum(len(window["sentences"]) for window in windows), "sentence")
    _say(f"{count(len(windows), 'labelled article')}, {sentences}")
    if policy != "all":
        from rhetoric.tables import POLICIES

        real = [label for window in windows for label in window["sentences"] if not label.get("junk")]
        out = sum(label["voice"] not in POLICIES[policy] for label in real)
        _say(f"Left out by --voice {policy}: {count(out, 'sentence')}")
        if out == len(real):
            raise click.ClickException(f"no labelled sentence is left under --voice {policy}")
    return windows


@commands.command(epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, required=True, metavar="A B...")
@click.option(
    "-o",
    "--output",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("reports/compare.html"),
    show_default=True,
    help="The page.",
)
@click.option("--by", help="Compare the parts of all that is given: outlet, byline, day, week, month or year.")
@click.option("--only", multiple=True, help="With --by, compare this part; give it several times.")
@click.option("--since", help="Articles from this day on: 2020-03-01, 2020-03, 2020.")
@click.option("--until", help="Articles to this day.")
@click.option(
    "--tables", type=click.Path(file_okay=False, path_type=Path), help="Write the tables as CSV into this folder too."
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that share the work.")
@lexicon_option
@model_option
def compare(
    sources: tuple[str, ...],
    page: Path,
    by: str | None,
    only: tuple[str, ...],
    since: str | None,
    until: str | None,
    tables: Path | None,
    jobs: int,
    lexicon_folder: Path | None,
    model: Path | None,
) -> int:
    """Compare articles, collections or outlets on one page.

    A and B are each an article, a folder, a table or a store, named by their file, or NAME=FILE. With --by, one or more
    sources are compared by their outlets or periods. Differences come with intervals, and are shown only where there
    is enough text.

    \b
    rhetoric compare monday.txt tuesday.txt
    rhetoric compare ours=archive/ theirs=other.jsonl
    rhetoric compare store/ --by outlet --since 2020
    """
    from rhetoric.comparison import compare_sources, write_tables

    if only and not by:
        raise click.UsageError("--only names parts; say by what, for example --by outlet")
    analyzer = _analyzer(lexicon_folder, model)
    made, failures = compare_sources(sources, analyzer=analyzer, by=by, only=only, since=since, until=until, jobs=jobs)
    for failure in failures:
        _say(f"Warning: {failure.message}")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(made.to_html(), encoding="utf-8")
    for line in made.lines():
        click.echo(line)
    click.echo(page)
    if tables:
        write_tables(made, tables)
        click.echo(tables)
    return 3 if failures else 0


@commands.group(epilog=EXIT_CODES)
def reference() -> None:
    """Make the figures that say what is usual.

    \b
    rhetoric reference build articles.jsonl -o mine.json
    rhetoric report article.txt --reference mine.json
    """


@reference.command("build", epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o", "--output", "where", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file."
)
@click.option("--sample", type=click.IntRange(1), help="Draw so many articles by chance; without it all are taken.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that share the work.")
@lexicon_option
@model_option
def build_reference(
    sources: tuple[str, ...],
    where: Path,
    sample: int | None,
    seed: int,
    jobs: int,
    lexicon_folder: Path | None,
    model: Path | None,
) -> int:
    """Make a reference file of articles.

    It holds quantiles of their figures by kind and length.

    SOURCE is a folder, a table (JSONL, CSV; .jsonl.gz too) or a store. Agency reports, news and opinion are told apart
    by the name of the outlet, the title and the address.

    \b
    rhetoric reference build articles.jsonl -o mine.json --sample 5000
    """
    from rhetoric.gathering import read_sources
    from rhetoric.reference import Reference, draw

    articles, failures = read_sources(sources)
    for failure in failures[:20]:
        _say(f"Warning: {failure.message}")
    drawn = draw(articles, sample, seed)
    made = Reference.build(
        drawn, jobs=jobs, analyzer=_analyzer(lexicon_folder, model), given=len(articles), sample=sample, seed=seed
    )
    made.save(where)
    from rhetoric.render.prose import count

    for kind, number in made.about["articles"].items():
        _say(f"{kind}: {count(number, 'article')}")
    click.echo(where)
    return 3 if failures else 0


@commands.group(epilog=EXIT_CODES)
def lexicon() -> None:
    """List, check, show and suggest terms of the lexicons.

    \b
    rhetoric lexicon list
    rhetoric lexicon show thugs
    rhetoric lexicon check --lexicon my_lexicons/
    rhetoric lexicon suggest news/
    """


@lexicon.command("list", epilog=EXIT_CODES)
@lexicon_option
def list_terms(lexicon_folder: Path | None) -> None:
    """List every category, its size and why it matters.

    \b
    rhetoric lexicon list
    """
    lexicons = _lexicons(lexicon_folder)
    for category in lexicons.categories:
        own = [t for t in lexicons.terms if (t.signal, t.category) == (category.signal, category.category)]
        plainer = sum(t.neutral is not None for t in own)
        name = f"{category.signal}/{category.category}"
        click.echo(f"{name:<26}{len(own):>5} terms {plainer:>5} with a plainer word  {category.why}")
    click.echo(f"{'all':<26}{len(lexicons.terms):>5} terms")


@lexicon.command("show", epilog=EXIT_CODES)
@click.argument("term")
@lexicon_option
def show_term(term: str, lexicon_folder: Path | None) -> None:
    """Show the entries that match a term, in any of its forms.

    \b
    rhetoric lexicon show thugs
    """
    from rhetoric.lexicon_check import find_terms

    lexicons = _lexicons(lexicon_folder)
    found = sorted(
        {number for *_, number in find_terms(lexicons, term)}
        | {i for i, t in enumerate(lexicons.terms) if t.text == term.lower()}
    )
    if not found:
        raise click.ClickException(f"{term!r} stands in no lexicon; see `rhetoric lexicon list`")
    for number in found:
        t = lexicons.terms[number]
        click.echo(
            f"{t.text}  {t.signal}/{t.category}"
            + (f", grade {t.grade}" if t.grade else "")
            + (f", plainer: {t.neutral}" if t.neutral else "")
        )
        click.echo(f"  {t.why}" + (f"  (rare: {t.rare})" if t.rare else ""))


@lexicon.command("check", epilog=EXIT_CODES)
@click.option(
    "--against",
    type=_file,
    help="Labelled articles (JSONL): print hits, precision and recall of every category and term.",
)
@articles_option
@voice_option
@lexicon_option
def check_lexicons(against: Path | None, articles: tuple[Path, ...], voice: Policy, lexicon_folder: Path | None) -> int:
    """Check the hit and miss sentences of the lexicons.

    Prints those that come out wrong; the exit code is then 1.

    \b
    rhetoric lexicon check --lexicon my_lexicons/
    rhetoric lexicon check --against labels.jsonl
    """
    from math import isnan

    from rhetoric.lexicon_check import check, check_against
    from rhetoric.render.prose import count
    from rhetoric.tables import POLICIES

    lexicons = _lexicons(lexicon_folder)
    windows = _windows((against,), articles, voice) if against else []
    problems = check(lexicons)
    for problem in problems:
        click.echo(f"{problem.file}: {problem.what}: {problem.term!r} in {problem.sentence!r}")
    if windows:
        click.echo(f"{'signal/category: term':<56}{'hits':>6}{'precision':>11}{'recall':>8}{'articles':>10}")
        for row in check_against(lexicons, windows, voices=POLICIES[voice]):
            name = "/".join(filter(None, (row.signal, row.category))) + (f": {row.term}" if row.term else "")
            recall = "" if isnan(row.recall) else f"{row.recall:.3f}"
            click.echo(f"{name:<56}{row.hits:>6}{row.precision:>11.3f}{recall:>8}{row.articles:>10}")
    _say(f"{count(len(lexicons.terms), 'term')}, {count(len(problems), 'problem')}")
    return 1 if problems else 0


@lexicon.command("suggest", epilog=EXIT_CODES)
@click.argument("inputs", nargs=-1, required=True, metavar="ARTICLES...")
@click.option("--against", type=_file, help="Labelled articles (JSONL): the precision of every candidate in them too.")
@click.option("-n", "limit", type=click.IntRange(1), default=50, show_default=True, help="How many candidates.")
@click.option(
    "--least", type=click.IntRange(1), default=3, show_default=True, help="In how many articles each must stand."
)
@articles_option
@lexicon_option
@model_option
def suggest_terms(
    inputs: tuple[str, ...],
    against: Path | None,
    limit: int,
    least: int,
    articles: tuple[Path, ...],
    lexicon_folder: Path | None,
    model: Path | None,
) -> int:
    """Find charged words of ARTICLES that stand in no lexicon.

    For a person to judge: the likeliest come first, each with its counts, what speaks for it, and places to look at.
    ARTICLES are files, folders, tables or addresses, as for `rhetoric report`; a few hundred give useful counts. The
    lines below the table say what its columns mean.

    \b
    rhetoric lexicon suggest news.jsonl -n 100
    rhetoric lexicon suggest news/ --against labels.jsonl
    """
    from rhetoric.lexicon_suggest import NOTES, suggest, to_text
    from rhetoric.reading import read_many
    from rhetoric.records import Article

    analyzer = _analyzer(lexicon_folder, model)
    windows = _windows((against,), articles) if against else []
    failed = 0

    def whole() -> Iterator[Article]:
        nonlocal failed
        for one in read_many(inputs):
            if isinstance(one, Article):
                yield one
            else:
                failed += 1
                _say(f"Error: {one.message}")

    found = suggest(whole(), analyzer.lexicons, analyzer.model, limit=limit, least=least, windows=windows)
    if not found:
        raise click.ClickException(f"no candidate stands in {least} articles; give more articles, or a smaller --least")
    click.echo(to_text(found, labelled=bool(windows)))
    _say("\n" + "\n".join(NOTES))
    return 3 if failed else 0


@lexicon.command("compile", epilog=EXIT_CODES)
def compile_lexicons() -> None:
    """Compile the shipped lexicons after a TOML file was edited.

    \b
    rhetoric lexicon compile
    """
    from rhetoric.lexicon import write_compiled

    click.echo(write_compiled())


@commands.command(epilog=EXIT_CODES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    rhetoric completion bash >> ~/.bashrc
    rhetoric completion fish > ~/.config/fish/completions/rhetoric.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(commands, {}, "rhetoric", "_RHETORIC_COMPLETE").source())


def _analyzer(lexicon_folder: Path | None, model: Path | None) -> Analyzer:
    from rhetoric.analysis import Analyzer

    return Analyzer.load(lexicons=lexicon_folder, model=model)


def _lexicons(folder: Path | None) -> Lexicons:
    from rhetoric.lexicon import load

    return load(*((folder,) if folder else ()))


def main() -> NoReturn:
    """Run the command line. One thread is enough for arrays this small; more only burn time."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    atexit.register(gc.freeze)  # what a process holds when it ends need not be searched for cycles
    commands.main(prog_name="rhetoric")
