"""The same rows from a cluster, here one of two worker processes, also when one of them is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from collections_of import article, contents, write_table

import rhetoric
from rhetoric.frames import arrow_schema

pytest.importorskip("distributed", reason="needs the extra cluster")
ARTICLES = 60


def batch(source: Path, store: Path, *options: str) -> list[str]:
    own = ["--store", str(store), "--jobs", "2", "--part-size", "3", *options]
    return [sys.executable, "-m", "rhetoric", "batch", str(source), *own]


def workers_of(run: int) -> list[int]:
    """The worker processes of a local cluster."""
    children = [child for path in Path(f"/proc/{run}/task").glob("*/children") for child in path.read_text().split()]
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, command in commands.items() if b"spawn_main" in command]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")
def test_worker_of_a_cluster_is_killed(tmp_path: Path) -> None:
    source = write_table(tmp_path / "news.jsonl", range(ARTICLES))
    subprocess.run(batch(source, tmp_path / "alone"), check=True, capture_output=True, timeout=120)
    store = tmp_path / "store"
    command = batch(source, store, "--scheduler", "local")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until = time.monotonic() + 60
        while not list((store / "articles").glob("*")):
            assert time.monotonic() < until and run.poll() is None, run.communicate()
            time.sleep(0.01)
        workers = workers_of(run.pid)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        out, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert out.startswith(f"{ARTICLES} new articles")
    assert contents(store) == contents(tmp_path / "alone")


def test_interrupted_cluster_finishes_the_parts_in_hand(tmp_path: Path) -> None:
    source, store = write_table(tmp_path / "news.jsonl", range(2 * ARTICLES)), tmp_path / "store"
    command = batch(source, store, "--scheduler", "local")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, start_new_session=True) as run:
        until = time.monotonic() + 60
        while not list((store / "articles").glob("*")):
            assert time.monotonic() < until and run.poll() is None, run.communicate()
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=120)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert 0 < len(contents(store)["articles"]) < 2 * ARTICLES


def test_parts_at_an_address(tmp_path: Path) -> None:
    source = write_table(tmp_path / "news.jsonl", range(6))
    parts = f"file://{tmp_path}/parts"
    subprocess.run(batch(source, tmp_path / "store", "--parts", parts), check=True, capture_output=True, timeout=120)
    found = rhetoric.open_store(tmp_path / "store")
    assert len(found.frame("articles")) == 6
    assert not (tmp_path / "store" / "articles").exists()
    assert len(list((tmp_path / "parts" / "sentences").iterdir())) == 2
    assert list(found.verify()) == []
    stray = tmp_path / "parts" / "findings" / "part-00000009.parquet"
    stray.write_bytes(b"what a run that was cut off left")
    again = subprocess.run(
        batch(source, tmp_path / "store", "--parts", parts), check=True, capture_output=True, text=True, timeout=120
    )
    assert again.stdout.startswith("0 new articles") and not stray.exists()


def test_no_scheduler_at_the_address(tmp_path: Path) -> None:
    source = write_table(tmp_path / "news.jsonl", range(1))
    command = batch(source, tmp_path / "store", "--scheduler", "nowhere")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and "check the address" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")
@pytest.mark.filterwarnings("ignore")  # what Spark says about itself
def test_spark_runs_the_function() -> None:
    pyspark = pytest.importorskip("pyspark", reason="needs pyspark, which is in no extra")
    from pyspark.sql.pandas.types import from_arrow_schema

    frame = pd.DataFrame([article(n) | {"byline": "Ida Vance"} for n in range(6)])
    spark = pyspark.sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        scored = spark.createDataFrame(frame).mapInPandas(
            lambda frames: map(rhetoric.score_frame, frames), from_arrow_schema(arrow_schema())
        )
        sentences = scored.selectExpr("article", "explode(sentence_rows) AS s").select("article", "s.*").toPandas()
        alone = rhetoric.score_frame(frame)
        assert len(sentences) == alone["sentence_rows"].map(len).sum()
        assert sentences["charged"].tolist() == [row["charged"] for rows in alone["sentence_rows"] for row in rows]
    finally:
        spark.stop()
