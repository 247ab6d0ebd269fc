"""The brain map and the history chart, as text and as drawings."""

from __future__ import annotations

import re

import pytest

from nmt_intake.report import Report, Wanted, compose
from nmt_intake.report.context import Material, material
from nmt_intake.report.drawing import Box, Drawing, Label, Rule, svg
from nmt_intake.report.figures import brain_map, history_chart
from nmt_intake.report.figures.levels import level_of
from nmt_intake.scoring import Metrics, ratings_from, score
from nmt_intake.scoring.norms import nearest
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL
from tests.scoring.shipped import norms

RATED = {name: 1 + index % 12 for index, name in enumerate(FUNCTIONS)} | {"speech": None}
SOME = {
    "age_months": 96,
    "functions": RATED,
    "adversity": {"infancy": {"neglect": 9}},
    "relational": {"infancy": {"safety": 11}},
}


def given(data: object = SOME) -> tuple[Material, Metrics]:
    ratings = ratings_from(data)
    metrics = score(ratings, norms())
    suggested = frozenset({"functions.sleep", "infancy/adversity.neglect"})
    return material(None, ratings, metrics, norms(), suggested, Wanted(), None), metrics


def report() -> Report:
    known, metrics = given()
    return compose(None, known.ratings, metrics, norms(), known.unconfirmed)


def labels(drawing: Drawing) -> list[str]:
    return [shape.words for shape in drawing.shapes if isinstance(shape, Label)]


def test_the_rows_run_from_the_frontal_cortex_down_to_the_brainstem() -> None:
    rows = brain_map.rows(*given())

    assert [len(row.client) for row in rows] == [6, 6, 6, 4, 4, 2, 2, 2]
    assert [len(row.expected) for row in rows] == [6, 6, 6, 4, 4, 2, 2, 2]
    assert rows[0].region == "frontal_cortex"
    assert [cell.number for cell in rows[-1].client] == [1, 2]
    assert sorted(cell.number for row in rows for cell in row.client) == list(range(1, 33))


def test_every_box_has_a_number_and_a_letter_and_the_unknown_a_question_mark() -> None:
    cells = {cell.function: cell for row in brain_map.rows(*given()) for cell in row.client}

    assert cells["cardiovascular"].words == "1 F"
    assert cells["autonomic"].words == "2 F"
    assert cells["sleep"].words == "8 B*"
    assert cells["fine_motor"].words == "9 A"
    assert cells["eye_movements"].words == "4 F"
    assert cells["arousal"].words == "12 A"
    assert cells["speech"].words == "?"


def test_the_letter_goes_by_the_share_of_the_expectation_with_the_published_cut_offs() -> None:
    _, metrics = given()
    for name, function in metrics.functions.items():
        level = level_of(metrics, name)
        if function.rating is None:
            assert level is None
            continue
        share = 100 * function.rating / function.expected
        near = function.rating >= nearest(function.expected)
        expected = "as_expected" if share >= 85 or near else "below" if share >= 65 else "far_below"
        assert level is not None
        assert level.id == expected


def test_every_expected_box_is_filled() -> None:
    expected = [cell.words for row in brain_map.rows(*given()) for cell in row.expected]

    assert all(re.fullmatch(r"\d{1,2}", words) for words in expected)


def test_the_text_map_holds_every_box_and_fits_the_page() -> None:
    lines = brain_map.as_text(*given())

    assert max(map(len, lines)) <= 100
    assert "\n".join(lines).count("[") == 64
    assert "[  ?  ]" in "\n".join(lines)
    assert "Expected at 8 y" in lines[0]


def test_the_drawn_map_reads_without_colour() -> None:
    drawing = brain_map.drawing(*given())
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    words = labels(drawing)

    assert words.count("?") == 2  # the unknown box, and the legend
    assert "8 B*" in words
    assert len({box.weight for box in boxes}) >= 4
    assert any(box.dashed for box in boxes)
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)


def test_the_map_describes_itself_in_words() -> None:
    description = brain_map.drawing(*given()).description

    assert "Frontal cortex: 27 Thinking without words: 3 F, expected" in description
    assert description.count("expected") == 32


def test_a_corrected_age_is_named_over_the_map() -> None:
    early = given({"age_months": 6, "gestation_weeks": 30, "functions": {"sleep": 3}})

    assert "corrected" in brain_map.as_text(*early)[0]


def test_the_text_chart_draws_low_centre_and_high_of_each_period() -> None:
    text = "\n".join(history_chart.as_text(*given()))
    bars = re.findall(r"^  Infancy +\|([-=O]+)\|  (.+)$", text, re.MULTILINE)
    nothing = re.findall(r"^  Childhood +\|(-+)\|  (.+)$", text, re.MULTILINE)

    assert [words for _, words in nothing] == ["?", "?", "?"]  # no bar, no centre
    assert [words for _, words in bars] == ["14 – 41.5 – 69*", "16 – 43.5 – 71", "7 – 48 – 90*"]
    assert all(len(bar) == 46 and bar.count("O") == 1 for bar, _ in bars)
    assert bars[0][0].startswith("-----=")
    assert bars[0][0].endswith("=--")


def test_a_known_sum_is_a_single_point() -> None:
    full = {
        "age_months": 1,
        "adversity": {"perinatal": dict.fromkeys(ADVERSITY, 1)},
        "relational": {"perinatal": dict.fromkeys(RELATIONAL, 12)},
    }
    text = "\n".join(history_chart.as_text(*given(full)))

    assert "|O---------------------------------------------|  6 – 6 – 6" in text
    assert "|---------------------------------------------O|  72 – 72 – 72" in text


def test_the_drawn_chart_has_one_bar_for_each_period_and_scale() -> None:
    drawing = history_chart.drawing(*given())
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    centres = [shape for shape in drawing.shapes if isinstance(shape, Rule) and shape.weight == 3]

    assert len(boxes) == len(centres) == 3  # one period is rated
    assert "14 – 41.5 – 69*" in labels(drawing)
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)


def test_words_in_a_drawing_are_text() -> None:
    drawn = svg(Drawing(1, 1, "<t>", '"&', (Label(0, 0, "<script>"),)))

    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "<title>&lt;t&gt;</title>" in drawn


@pytest.mark.parametrize("name", [brain_map.NAME, history_chart.NAME])
def test_a_report_carries_both_drawings(name: str) -> None:
    assert name in report().drawings
    assert f"~~~~text {name}\n" in report().markdown
