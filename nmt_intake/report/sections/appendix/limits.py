"""What this report is not."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.report.material import Material
from nmt_intake.report.writing import Section, bullets, count, strong


def limits(material: Material) -> Section:
    """Return the disclaimers."""
    return Section("Limits of this report", bullets(_limit_lines(material)))


def _limit_lines(material: Material) -> Iterator[str]:
    yield (
        f"{strong('Independent.')} This is not a product of, not affiliated with and not endorsed"
        " by the owners of the names NMT and Neurosequential Model. It is not certified, and nobody"
        " is certified by using it."
    )
    yield (
        f"{strong('Not validated, not normed.')} The scores are not interchangeable with certified"
        " NMT Metrics and must not be compared with them or called so."
    )
    yield (
        f"{strong('No diagnosis.')} The program asks, keeps, counts and suggests. It concludes"
        " nothing. All conclusions are the clinician's own."
    )
    suggested = len(material.unconfirmed)
    if suggested:
        yield (
            f"{strong('Suggested ratings.')} {count(suggested, 'rating')} here come from the"
            " program's rules and were not confirmed by a clinician. They and every figure that"
            " rests on them carry a star (\\*)."
        )
    yield (
        f"{strong('Memory and view.')} People told what they remember and what they were told. What"
        " nobody knew is left open, not taken as no."
    )
    if material.substance_left_out:
        answers = count(material.substance_left_out, "answer")
        yield (
            f"{strong('Left out.')} {answers} about substance use are left out of this copy, with"
            " the ratings and rules that would tell them. The sums still count those ratings."
        )
