"""Lines of a given width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.report.pdf import Run, broken, text_of

RUNS = st.lists(
    st.builds(Run, st.text(alphabet="ab  \N{NO-BREAK SPACE}", max_size=30), st.booleans())
)


def measure(words: str, bold: bool) -> float:
    return len(words) * (2 if bold else 1)


@given(RUNS, st.integers(2, 40))
def test_every_line_fits_and_no_letter_is_lost(runs: list[Run], width: int) -> None:
    lines = list(broken(runs, width, measure))

    assert all(sum(measure(run.words, run.bold) for run in line) <= width for line in lines)
    letters = "".join(text_of(line) for line in lines).replace(" ", "")
    assert letters == text_of(runs).replace(" ", "")


def test_lines_break_at_spaces_and_styles_go_along() -> None:
    runs = [Run("one ", False), Run("two", True), Run(" three", False)]

    assert list(broken(runs, 11, measure)) == [
        (Run("one ", False), Run("two", True)),
        (Run("three", False),),
    ]
