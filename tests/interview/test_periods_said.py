"""Which time somebody speaks of."""

from __future__ import annotations

import pytest

from nmt_intake.interview.spoken_times.periods import period_said

SAID = {
    "when she was three he hit her": "early_childhood",
    "he hit her when she was 3": "early_childhood",
    "at about six weeks he was in hospital": "perinatal",
    "at six months she was taken away": "infancy",
    "when he was nearly two": "early_childhood",
    "at fourteen she ran off": "youth",
    "aged 5": "childhood",
    "until Mia was eleven": "childhood",
    "mum drank in the pregnancy": "intrauterine",
    "as a baby she cried all night": "infancy",
    "a teenager by then": "youth",
    "when she was one": "early_childhood",
    "she was in care at two homes": None,
    "he came home at three o'clock": None,
    "she threw up at one of the meals": None,
    "nobody fed them": None,
    "": None,
}


@pytest.mark.parametrize(("words", "period"), SAID.items())
def test_an_age_or_a_word_for_a_time_tells_the_period(words: str, period: str | None) -> None:
    assert period_said(words) == period
