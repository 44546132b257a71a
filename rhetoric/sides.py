"""Whether scores and terms differ by leaning and topic of the articles: differences with intervals, terms by use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.features import prepare
from rhetoric.lexicon import Lexicons
from rhetoric.measures import Estimate, Floats, Weights, estimate, share
from rhetoric.model import Array
from rhetoric.records import SCORED, VOICES
from rhetoric.tables import MARKED
from rhetoric.training import Found

SMALLEST = 10
"""A topic is told of so many articles or more."""
FAR = 0.03
"""A difference is far that is larger than this and whose interval leaves out nought."""
SHOWN = 50
PRIOR = 500
"""Weight, in uses, of the use of a term by all when one side's is estimated (Monroe, Colaresi and Quinn 2008)."""
EVERY = 4
"""One article in so many of the news is counted."""
TWO = ("left", "right")


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a part of the articles is from all, in one signal. Each measure is best at 0."""

    signal: str
    part: str
    sentences: int
    too_high: Estimate
    """Mean score less share marked."""
    errors: Estimate
    """Share of sentences on the wrong side of one half; higher where more is marked."""
    unforeseen: Estimate
    """The same, less the share that the scores themselves lead to expect."""
    alarms: Estimate
    """Share of the author's sentences of grade 0 that score one half or more."""

    @property
    def far(self) -> int:
        """How many of the measures but plain errors are far from nought."""
        measures = (self.too_high, self.unforeseen, self.alarms)
        return sum(abs(e.value) > FAR and (e.low > 0 or e.high < 0) for e in measures)


@dataclass(frozen=True, slots=True)
class Use:
    """How often a listed term is used by outlets of either leaning, in articles of 1,000."""

    term: str
    where: str
    """Signal and category."""
    grade: int
    left: float
    right: float
    z: float
    """Log odds of its share in the listed terms of the right and the left, over the standard error; left: below 0."""


def differences(found: Found, chance: Array, chosen: NDArray[np.bool_], key: str) -> list[Difference]:
    """How far each leaning or topic (`key`) is from all articles that name one."""
    one = found.sets[0]
    names = np.array([str(w.get(key) or "") for w in one.windows])
    sizes = Counter(names.tolist())
    least = SMALLEST if key == "topic" else 1
    part = names[one.article]
    known = chosen & (part != "")
    rows: list[Difference] = []
    if not known.any():
        return rows
    article = np.unique(one.article[known], return_inverse=True)[1]
    for j, signal in enumerate(SCORED):
        truth, score = one.positive[known, j], chance[known, j]
        quiet = ((one.grades[known, j] == 0) & (one.voice[known] == VOICES.index("author"))) * 1.0
        every = np.ones_like(score)
        wrong = ((score >= MARKED) != (truth > 0)) * 1.0
        foreseen = np.minimum(score, 1 - score)
        parts = ((score - truth, every), (wrong, every), (wrong - foreseen, every), (quiet * (score >= MARKED), quiet))
        for name in sorted(set(part[known].tolist())):
            if sizes[name] < least:
                continue
            here = (part[known] == name) * 1.0
            apart = [estimate(_apart(of, whole, here), article) for of, whole in parts]
            rows.append(Difference(signal, name, int(here.sum()), *apart))
    return rows


def _apart(part: Floats, whole: Floats, here: Floats) -> Callable[[Weights], float]:
    """The share of `part` in `whole` among the items `here`, less that among all."""
    own, every = share(part * here, whole * here), share(part, whole)
    return lambda weights: own(weights) - every(weights)


def one_sided(articles: Iterable[dict[str, Any]], lexicons: Lexicons) -> tuple[list[Use], dict[str, int]]:
    """The terms of the scored signals whose use by the left and the right differs most, and the articles of each side.

    An article counts once for a term; `leaning` tells its side.
    """
    uses: dict[str, Counter[int]] = {side: Counter() for side in TWO}
    read = dict.fromkeys(TWO, 0)
    for article in articles:
        side = str(article.get("leaning") or "")
        if side in uses and article["text"].strip():
            read[side] += 1
            uses[side].update({m.term for m in prepare(article["text"], lexicons, heard=False).matches})
    rows = []
    scored = sorted(i for i in uses["left"].keys() | uses["right"].keys() if lexicons.terms[i].signal in SCORED)
    total = {side: sum(uses[side][i] for i in scored) for side in TWO}
    if not all(total.values()):
        return [], read
    for i in scored:
        prior = PRIOR * (uses["left"][i] + uses["right"][i]) / sum(total.values())
        odds, spread = [], 0.0
        for side in TWO:
            own, rest = uses[side][i] + prior, total[side] + PRIOR - uses[side][i] - prior
            odds.append(np.log(own / rest))
            spread += 1 / own
        term = lexicons.terms[i]
        left, right = (1000 * uses[side][i] / read[side] for side in TWO)
        z = float((odds[1] - odds[0]) / np.sqrt(spread))
        rows.append(Use(term.text, f"{term.signal}: {term.category}", term.grade, left, right, z))
    rows.sort(key=lambda use: (-abs(use.z), use.term))
    return rows[:SHOWN], read
