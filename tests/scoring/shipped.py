"""The shipped scoring data, and cases made up from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

import yaml
from hypothesis import strategies as st

from nmt_intake.scoring import Norms, Ratings, norms_from, ratings_from
from nmt_intake.vocabulary import (
    ADVERSITY,
    FUNCTIONS,
    PERIOD_STARTS,
    PERIODS,
    RELATIONAL,
    RELATIONSHIPS,
)

FOLDER = Path(__file__).parents[2] / "question_bank" / "scoring"
Tree = dict[str, object]


def documents() -> Tree:
    """A fresh copy of all data files, keyed by stem, for a test to spoil."""
    return {
        path.stem: yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for path in sorted(FOLDER.glob("*.yaml"))
    }


@cache
def norms() -> Norms:
    return norms_from(documents(), "9.9.9")


def branch(tree: object, *path: str) -> Tree:
    """The mapping at `path` below `tree`."""
    for step in path:
        tree = cast(Tree, tree)[step]
    return cast(Tree, tree)


def _some(items: tuple[str, ...]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(items), st.integers(1, 12), max_size=len(items))


AGES = st.one_of(
    st.sampled_from([0, 0.5, 1, 2, 4, 12.9, 13, 24, 48, 112, 144, 216, 300, 1500]),
    st.floats(0, 1500, allow_nan=False),
)


@st.composite
def ratings(draw: st.DrawFn) -> Ratings:
    """Any ratings of any age, many of them incomplete."""
    age = draw(AGES)
    reached = tuple(period for period in PERIODS if PERIOD_STARTS[period] <= age)
    periods = st.sampled_from(reached)
    return ratings_from(
        {
            "age_months": age,
            "gestation_weeks": draw(st.none() | st.integers(20, 45)),
            "adversity": draw(st.dictionaries(periods, _some(ADVERSITY), max_size=3)),
            "relational": draw(st.dictionaries(periods, _some(RELATIONAL), max_size=3)),
            "functions": draw(_some(FUNCTIONS)),
            "relationships": draw(_some(RELATIONSHIPS)),
        }
    )
