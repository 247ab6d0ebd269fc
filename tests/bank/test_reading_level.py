from __future__ import annotations

from tests.banks import shipped
from tests.reading_level import PROMISED_AVERAGE, grades


def test_what_is_said_aloud_is_at_or_below_grade_seven_on_average() -> None:
    found = [grade for grade, _, _ in grades(shipped())]
    assert sum(found) / len(found) <= PROMISED_AVERAGE


def test_no_spoken_text_is_harder_than_grade_ten() -> None:
    hardest, where, text = grades(shipped())[0]
    assert hardest <= 10, f"{where}: {text}"
