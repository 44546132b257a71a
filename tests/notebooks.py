"""Runs notebooks as a reader would, cell by cell, and keeps what they show.

``python tests/notebooks.py`` runs them all and writes the present outputs into them; ``python tests/notebooks.py tour``
runs one. `RHETORIC_TRAIN=1` makes evaluation.ipynb train anew, for ten minutes.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"


def read(path: Path) -> dict[str, Any]:
    """Return a notebook."""
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(book: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the code cells of a notebook."""
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def run(path: Path, without: Sequence[str] = ()) -> list[list[dict[str, Any]]]:
    """Return the outputs of each code cell, run in order in the notebook's folder, without those of these ids."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    plt.close("all")
    shared: dict[str, object] = {"__name__": "__main__"}
    with contextlib.chdir(path.parent):
        return [
            _run_cell("".join(cell["source"]), shared, number, path.name)
            for number, cell in enumerate(code_cells(read(path)), 1)
            if cell.get("id") not in without
        ]


def _run_cell(source: str, shared: dict[str, object], number: int, name: str) -> list[dict[str, Any]]:
    """Return what one cell prints, shows and draws."""
    import matplotlib.pyplot as plt

    lines = ast.parse(source).body
    last = lines.pop() if isinstance(lines[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(ast.Module(lines, []), name, "exec"), shared)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), shared)
    outputs: list[dict[str, Any]] = []
    if out.getvalue():
        text = out.getvalue().splitlines(keepends=True)
        outputs.append({"name": "stdout", "output_type": "stream", "text": text})
    if value is not None and not source.rstrip().endswith(";"):
        html = hasattr(value, "_repr_html_")
        data = {"text/html": value._repr_html_()} if html else {"text/plain": repr(value)}
        kept = {kind: text.splitlines(keepends=True) for kind, text in data.items()}
        outputs.append({"output_type": "execute_result", "execution_count": number, "data": kept, "metadata": {}})
    for figure in map(plt.figure, plt.get_fignums()):
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight", metadata={"Software": None})
        data = {"image/png": base64.b64encode(picture.getvalue()).decode()}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    plt.close("all")
    return outputs


def text_of(output: dict[str, Any]) -> tuple[str, str]:
    """Return kind and text of an output; of a picture the kind alone."""
    if output["output_type"] == "stream":
        return "stream", "".join(output["text"])
    (kind,) = output["data"]
    return kind, "" if kind == "image/png" else "".join(output["data"][kind])


def refresh(path: Path) -> None:
    """Run a notebook and keep what its cells show."""
    book = read(path)
    for number, (cell, outputs) in enumerate(zip(code_cells(book), run(path), strict=True), 1):
        cell["execution_count"], cell["outputs"] = number, outputs
    path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for notebook in sorted(FOLDER.glob("*.ipynb")):
        if notebook.stem in (sys.argv[1:] or [notebook.stem]):
            refresh(notebook)
