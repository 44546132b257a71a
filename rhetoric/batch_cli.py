"""The commands of collections: batch, store, trends."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from rhetoric.console import EXIT_CODES, Progress, say

_folder = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--store", help="Folder that the results go to; made where it is missing.")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML file with options.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; as many as there are cores by default.")
@click.option("--scheduler", help='Address of a Dask scheduler, or "local" for one on this machine.')
@click.option("--parts", help="Address that the parts go to, as fsspec knows it; by default into the store.")
@click.option("--limit", type=click.IntRange(1), help="New articles at most.")
@click.option("--since", help="Leave out articles of days before this one (2025-11-22).")
@click.option("--rescore", is_flag=True, default=None, help="Score again what another model or other lexicons scored.")
@click.option("--retry-failed", is_flag=True, default=None, help="Try again what failed; make damaged parts again.")
@click.option("--language", help='Score only articles in this language (a two-letter code), or "any".')
@click.option("--text-column", help="Column of tables that holds the text, where it cannot be guessed.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=NAME", help="Column of another field, likewise.")
@click.option("--part-size", type=click.IntRange(1), help="Articles in a part.")
@click.option("--time-limit", type=click.FloatRange(0, min_open=True), help="Seconds that one article may take.")
@click.option("--delay", type=click.FloatRange(0), help="Seconds between two requests to one host.")
@click.option("--user-agent", help="What the program calls itself to servers.")
@click.option("--allow-private", is_flag=True, default=None, help="Fetch addresses in private networks too.")
@click.option("--lexicon", type=_folder, help="Folder of TOML files that add to the shipped lexicons.")
@click.option("--model", type=_folder, help="Folder of a trained model in place of the shipped one.")
@click.option("--log", type=click.Choice(["json"]), help="Tell progress as lines of JSON.")
@click.option("--log-every", type=click.FloatRange(0), default=10.0, show_default=True, help="Seconds between them.")
@click.option("--check", is_flag=True, help="Print the configuration and what would be done, and do nothing.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
def batch(config: Path | None, log: str | None, log_every: float, check: bool, dry_run: bool, **given: Any) -> int:
    """Score what is new in a collection into a store.

    SOURCE is a folder, a file, a pattern, a table (JSONL, CSV, Parquet, also .gz and .zst), a feed, an address, or a
    text file of addresses. Run again, it does what is new. Every option can stand in the TOML file, by its long name.

    \b
    rhetoric batch articles/ https://example.org/feed.xml --store my_store
    rhetoric batch --config nightly.toml
    """
    from rhetoric.batch import plan_batch, run_batch

    settings = settings_of(config, given)
    if check or dry_run:
        if check:
            for line in _as_toml(asdict(settings)):
                click.echo(line)
        counts = plan_batch(settings, lambda event: say(event["message"]) if event["event"] == "note" else None)
        for line in _planned(asdict(counts)):
            click.echo(f"# {line}" if check else line)
        return 0
    progress = Progress(log == "json", log_every)
    try:
        code, counts = run_batch(settings, progress)
    finally:
        progress.clear()
    for line in _done(asdict(counts), settings.store):
        click.echo(line)
    return code


def settings_of(config: Path | None, given: dict[str, Any]) -> Any:
    """The settings of a file and of the command line, which goes before."""
    from rhetoric.batch import Settings

    known = {field.name: field for field in fields(Settings)}
    chosen = _from_file(config, known) if config else {}
    for name, value in given.items():
        if value is not None and value != ():
            chosen[name] = value
    columns = chosen.get("columns", {})
    if not isinstance(columns, dict):
        pairs = [pair.partition("=") for pair in columns]
        if wrong := [name + sign for name, sign, value in pairs if not value]:
            raise click.BadParameter(f"{wrong[0]!r} is not FIELD=NAME", param_hint="--column")
        columns = {name: value for name, _, value in pairs}
    from rhetoric.rows import COLUMNS

    if wrong := [name for name in columns if name not in COLUMNS]:
        raise click.BadParameter(f"{wrong[0]!r} is no field; there are {', '.join(COLUMNS)}", param_hint="--column")
    if not chosen.get("store"):
        raise click.UsageError("name the folder of the store: --store DIR")
    if not chosen.get("sources") and not (chosen.get("rescore") or chosen.get("retry_failed")):
        raise click.UsageError("name something to read: a folder, a file, a pattern, a feed or an address")
    if "since" in chosen:
        chosen["since"] = _day(str(chosen["since"]))
    paths = {name: str(chosen[name]) for name in ("store", "lexicon", "model") if chosen.get(name)}
    return Settings(**chosen | paths | {"columns": columns, "sources": tuple(map(str, chosen.get("sources", ())))})


def _from_file(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    """The options in a TOML file; files and folders in it are meant from where it lies."""
    import tomllib
    from datetime import date

    from rhetoric.reading import ADDRESS

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: this is no TOML ({error}); mend it") from None
    options = {name.replace("-", "_"): value for name, value in found.items()}
    wants: dict[str, Any] = {"sources": list, "columns": dict, "since": (str, date)}
    wants |= dict.fromkeys(("rescore", "retry_failed", "allow_private"), bool)
    wants |= dict.fromkeys(("jobs", "limit", "part_size"), int) | dict.fromkeys(("delay", "time_limit"), (int, float))
    shown = {list: "a list of strings", dict: "a table", (str, date): "a day, as 2025-11-22"}
    shown |= {bool: "true or false", str: "a string in quotes"}
    for name, value in options.items():
        if name not in known:
            names = ", ".join(key.replace("_", "-") for key in known)
            raise click.UsageError(f"{path}: {name.replace('_', '-')!r} is no option; there are {names}")
        kind = wants.get(name, str)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            said = shown.get(kind, "a number")
            raise click.UsageError(f"{path}: {name.replace('_', '-')} is {value!r}; give {said}")
        low = isinstance(value, int | float) and not isinstance(value, bool) and value <= 0
        if low and name != "delay":
            raise click.UsageError(f"{path}: {name.replace('_', '-')} is {value!r}; give more than 0")
    here = path.parent

    def placed(value: str) -> str:
        return value if ADDRESS.match(value) else str(here / value)

    for name in ("store", "lexicon", "model"):
        if name in options:
            options[name] = placed(options[name])
    if "sources" in options:
        options["sources"] = tuple(placed(str(source)) for source in options["sources"])
    return options


def _day(said: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise click.BadParameter(f"{said!r} is no day; write it 2025-11-22", param_hint="--since") from None


def _as_toml(settings: dict[str, Any]) -> list[str]:
    """The settings as the lines of a file that says the same."""
    import json

    lines = []
    for name, value in settings.items():
        key = name.replace("_", "-")
        if isinstance(value, dict):
            inside = ", ".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            lines.append(f"{key} = {{ {inside} }}" if value else f"# {key} is not set")
        elif value is None:
            lines.append(f"# {key} is not set")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return lines


def _planned(counts: dict[str, Any]) -> list[str]:
    """What a run would do, in words."""
    from rhetoric.render.prose import count

    return [
        f"to score: {count(counts['new'], 'new article')}",
        *([f"to score again: {count(counts['rescored'], 'article')}"] if counts["rescored"] else []),
        f"known: {count(counts['known'], 'article')}, {count(counts['known_sources'], 'whole source')}",
        *([f"addresses to ask: {counts['addresses']:,}"] if counts["addresses"] else []),
        *([f"cannot be read: {counts['failed']}"] if counts["failed"] else []),
    ]


def _done(counts: dict[str, Any], store: str) -> list[str]:
    """What a run did, in words."""
    from rhetoric.render.prose import count

    rows = ", ".join(count(counts[name], name[:-1]) for name in ("sentences", "findings"))
    lines = [f"{count(counts['new'], 'new article')}: {rows} -> {store}"]
    if counts["rescored"]:
        lines.append(f"{count(counts['rescored'], 'article')} scored again")
    if counts["known"] or counts["known_sources"]:
        lines.append(f"known: {count(counts['known'], 'article')}, {count(counts['known_sources'], 'whole source')}")
    if counts["failed"] or counts["skipped"]:
        lines.append(
            f"failed: {counts['failed']:,}, in another language: {counts['skipped']:,};"
            f" `rhetoric store {store} failures` says why"
        )
    return lines


@click.group(epilog=EXIT_CODES)
@click.argument("folder", metavar="DIR", type=_folder)
@click.pass_context
def store(ctx: click.Context, folder: Path) -> None:
    """Look into a store that `rhetoric batch` wrote.

    \b
    rhetoric store my_store info
    rhetoric store my_store verify
    rhetoric store my_store failures
    rhetoric store my_store export -o tables --format csv
    """
    ctx.obj = folder


@store.command(epilog=EXIT_CODES)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def info(folder: Path, as_json: bool) -> None:
    """Print what the store holds, and what made it.

    \b
    rhetoric store my_store info
    """
    import json

    from rhetoric.render.prose import count
    from rhetoric.store import open_store

    found = open_store(folder).info()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    made = found.pop("made_by")
    for name, value in found.items():
        shown = "" if value is None else f"{value:,}" if isinstance(value, int) else value
        click.echo(f"{name.replace('_', ' '):<16}{shown}".rstrip())
    for one in made:
        click.echo(
            f"made by         model {one['model']}, lexicons {one['lexicons']}, version {one['version']}:"
            f" {count(one['articles'], 'article')}"
        )


@store.command(epilog=EXIT_CODES)
@click.pass_obj
def verify(folder: Path) -> int:
    """Compare every file of the store with its hash.

    \b
    rhetoric store my_store verify
    """
    from rhetoric.render.prose import count
    from rhetoric.store import open_store

    found = open_store(folder)
    wrong = list(found.verify())
    for line in wrong:
        click.echo(line)
    if wrong:
        say(
            f"Error: damaged: {count(len(wrong), 'file')};"
            f" `rhetoric batch --store {folder} --retry-failed` makes what is damaged again"
        )
        return 1
    say(f"{count(found.info()['parts'], 'part')}, every file is whole")
    return 0


@store.command(epilog=EXIT_CODES)
@click.option("--json", "as_json", is_flag=True, help="As lines of JSON.")
@click.pass_obj
def failures(folder: Path, as_json: bool) -> None:
    """Print what failed or was left out, and why.

    \b
    rhetoric store my_store failures
    """
    import json

    from rhetoric.store import open_store

    found = open_store(folder)
    for row in [*found.failures(), *found.skipped()]:
        said = row["reason"] if row["reason"].startswith(row["place"]) else f"{row['place']}: {row['reason']}"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else said)


@store.command(epilog=EXIT_CODES)
@click.option("-o", "--output", "where", type=_folder, required=True, help="Folder that the tables go to.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=["parquet"],
    show_default=True,
    help="parquet, csv, jsonl; with commas, or given again.",
)
@click.option("--since", help="First day.")
@click.option("--until", help="Last day.")
@click.option("--outlet", multiple=True, help="Only this outlet; may be given again.")
@click.option("--model", help='Of rows of several models: the start of a hash, "newest" or "all".')
@click.pass_obj
def export(
    folder: Path,
    where: Path,
    formats: tuple[str, ...],
    since: str | None,
    until: str | None,
    outlet: tuple[str, ...],
    model: str | None,
) -> None:
    """Write each table of the store into one file.

    \b
    rhetoric store my_store export -o tables --format csv
    """
    from rhetoric.store import open_store

    names = [name.strip() for name in ",".join(formats).split(",") if name.strip()] or list(formats)
    chosen = {"since": since and _day(since), "until": until and _day(until), "outlet": outlet or None}
    for path in open_store(folder, model=model).export(where, names, **chosen):
        click.echo(path)


@click.command(epilog=EXIT_CODES)
@click.argument("folder", metavar="DIR", type=_folder)
@click.option(
    "-o", "--output", "where", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The page."
)
@click.option("--by", default="outlet,week", show_default=True, help="outlet, and day, week, month, quarter or year.")
@click.option(
    "--voice",
    type=click.Choice(["author", "others", "all"]),
    default="author",
    show_default=True,
    help="Whose sentences count; others are quoted or reported.",
)
@click.option("--since", help="First day.")
@click.option("--until", help="Last day.")
@click.option("--model", help='Of rows of several models: the start of a hash, "newest" or "all".')
def trends(
    folder: Path, where: Path, by: str, voice: Any, since: str | None, until: str | None, model: str | None
) -> None:
    """Write a page of a store's signals over time, by outlet.

    \b
    rhetoric trends my_store -o trends.html
    rhetoric trends my_store -o trends.html --by outlet,month --voice all
    """
    from rhetoric.render.trends import to_trends
    from rhetoric.store import open_store
    from rhetoric.trends import trends_of

    names = [name.strip() for name in by.split(",") if name.strip()]
    days = {"since": since and _day(since), "until": until and _day(until)}
    page = to_trends(trends_of(open_store(folder, model=model), by=names, side=voice, **days))
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(page, encoding="utf-8", newline="\n")
    click.echo(where)
