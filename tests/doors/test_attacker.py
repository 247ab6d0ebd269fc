"""Nobody wins back what a copy left out: not by searching, not by arithmetic, not by comparing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.doors.attacker import (
    Copy,
    Win,
    by_arithmetic,
    by_difference,
    by_full_copy,
    by_search,
)
from tests.doors.copies import (
    NAMED,
    PERSONAS,
    POLICIES,
    all_changed,
    changes,
    copy_of,
    known_ratings,
    secrets_of,
    written,
)
from tests.doors.running import Desk

LEAVES_OUT = POLICIES["without substance"].leaves_out
# The value farthest away for each thing; `python -m tests.doors` tries every value of every
# persona.
SINGLE = sorted(
    {change.what.partition(" (")[0]: change.what for change in changes(NAMED, LEAVES_OUT)}.values()
)


# Every policy for the case that names everybody, the telling ones for one persona; the rest is
# run with `-m whole`, and in `python -m tests.doors`.
TELLING = ("as it is", "without substance", "for the school")
ALWAYS = ("named", "grandmother")
PAIRS = [
    pytest.param(persona, policy, marks=() if persona in ALWAYS else pytest.mark.whole)
    for persona in PERSONAS
    for policy in POLICIES
    if persona == "named" or policy in TELLING
]


@cache
def desk(name: str) -> Desk:
    """Return a folder that all tests of this process share: its bank is compiled once."""
    folder = Path(mkdtemp(prefix=f"doors-{name}-"))
    return Desk(folder, {"NMT_INTAKE_HOME": str(Path(mkdtemp(prefix="doors-home-")))})


@cache
def copy(persona: str, policy: str, pdf: bool = False) -> Copy:
    """Return what leaves of a persona under a policy; made once."""
    answers = written_once(persona)
    return copy_of(desk("all"), answers, POLICIES[policy].options, pdf=pdf)


@cache
def written_once(persona: str) -> Path:
    """Return the persona's answers in a file of the name that every attempt has."""
    from tests.doors.copies import read

    return written(read(PERSONAS[persona]), desk("all").folder / persona)


def wins(persona: str, policy: str) -> Iterator[Win]:
    """Yield all that is won back from one copy by reading it."""
    full, made = copy(persona, "as it is"), copy(persona, policy)
    secrets = secrets_of(PERSONAS[persona], POLICIES[policy].leaves_out, full)
    known = known_ratings(made, full)
    yield from by_search(made, secrets)
    yield from by_arithmetic(made, secrets, known)
    yield from by_full_copy(made, full, secrets)


def told(found: Iterator[Win]) -> str:
    """Return the wins as lines, each once."""
    return "\n".join(dict.fromkeys(map(str, found)))


@pytest.mark.parametrize(("persona", "policy"), PAIRS)
def test_nothing_left_out_is_read_or_worked_out_from_a_copy(persona: str, policy: str) -> None:
    assert told(wins(persona, policy)) == ""


@pytest.mark.parametrize(("persona", "policy"), PAIRS)
def test_all_that_is_left_out_could_be_otherwise_and_the_copy_is_the_same(
    persona: str, policy: str, tmp_path: Path
) -> None:
    here = desk("all")
    chosen = POLICIES[policy]
    other = written(all_changed(PERSONAS[persona], chosen.leaves_out), tmp_path)

    made = copy_of(here, other, chosen.options, case=False)

    mine = {name: content for name, content in copy(persona, policy).items() if name in made}
    assert told(by_difference(mine, made, "something")) == ""


@pytest.mark.parametrize("what", SINGLE)
def test_each_thing_left_out_could_be_otherwise_and_the_copy_is_the_same(
    what: str, tmp_path: Path
) -> None:
    chosen = POLICIES["without substance"]
    source = next(
        change.source for change in changes(NAMED, chosen.leaves_out) if change.what == what
    )

    made = copy_of(desk("all"), written(source, tmp_path), chosen.options, case=False)

    mine = {
        name: content
        for name, content in copy("named", "without substance").items()
        if name in made
    }
    assert told(by_difference(mine, made, what)) == ""


def test_a_printed_copy_and_an_export_tell_no_more_than_the_page(tmp_path: Path) -> None:
    chosen = POLICIES["without substance"]
    other = written(all_changed(NAMED, chosen.leaves_out), tmp_path)

    one = copy("named", "without substance", pdf=True)
    two = copy_of(desk("all"), other, chosen.options, pdf=True)

    secrets = secrets_of(NAMED, chosen.leaves_out, copy("named", "as it is"))
    assert told(by_search(one, secrets)) == ""
    assert told(by_difference(one, two, "something")) == ""


def test_the_attacker_wins_what_a_full_copy_holds() -> None:
    """A copy that leaves nothing out is won in every way: else the tests above prove nothing."""
    full = copy("named", "as it is")
    secrets = secrets_of(NAMED, POLICIES["without substance"].leaves_out, full)

    hows = {win.how for win in by_search(full, secrets)}
    hows |= {win.how for win in by_arithmetic(full, secrets, known_ratings(full, full))}
    hows |= {win.how for win in by_full_copy(full, full, secrets)}

    assert hows >= {
        "search",
        "reading the rating",
        "the sum less the others",
        "n rated of m",
        "the count of severe ones",
        "developmental risk",
        "being the full run's file",
    }
