"""What a headless rehearsal leaves: the conversation, the debrief, the ratings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from nmt_intake.rehearsal.cast import Cast
from nmt_intake.rehearsal.debrief import Debrief, debrief
from nmt_intake.rehearsal.debrief_text import (
    conversation_markdown,
    debrief_html,
    debrief_json,
    debrief_markdown,
)
from nmt_intake.rehearsal.styles import Style, rated, rehearse
from nmt_intake.scoring import Ratings


@dataclass(frozen=True, slots=True)
class Results:
    """A debrief and its files by name."""

    debrief: Debrief
    files: Mapping[str, str]


def results(cast: Cast, style: Style, seed: int) -> Results:
    """Play a persona with a style and return the debrief with its files."""
    played, walk = rehearse(cast, style, seed)
    record, ratings = rated(played, walk)
    found = debrief(record)
    return Results(found, files_of(found, ratings))


def files_of(found: Debrief, ratings: Ratings | None) -> Mapping[str, str]:
    """Return the files of a debrief by name."""
    return {
        "conversation.md": conversation_markdown(found),
        "debrief.md": debrief_markdown(found),
        "debrief.html": debrief_html(found),
        "debrief.json": json.dumps(debrief_json(found), indent=2, ensure_ascii=False) + "\n",
        "ratings.json": json.dumps(ratings and ratings.as_json(), indent=2) + "\n",
    }
