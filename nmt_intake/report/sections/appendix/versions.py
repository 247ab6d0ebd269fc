"""Which versions of everything the figures come from."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake import __version__
from nmt_intake.report.material import Material
from nmt_intake.report.writing import Section, bullets, paragraph, table


def versions(material: Material) -> Section:
    """Return the versions of program, bank and scoring data, with their sources."""
    norms = material.norms
    rows = [("program", material.text(__version__), "nmt-intake")]
    rows += [
        (
            material.text(name.replace("_", " ")),
            material.text(version),
            material.text(norms.sources.get(name, "")),
        )
        for name, version in norms.versions.items()
        if name != "bank" or material.interview is None
    ]
    if material.plan:
        rows += [
            (material.text(name.replace("_", " ")), material.text(version), "plan of activities")
            for name, version in material.plan.versions.items()
            if name not in norms.versions
        ]
    lines = (*bullets(_bank(material)), *table(("Data", "Version", "Source"), rows))
    return Section("Versions", (*lines, *paragraph("Other versions give other figures.")))


def _bank(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        return
    bank = interview.bank
    yield (
        f"Question bank {material.text(bank.id)}, version {material.text(bank.version)}, hash"
        f" {material.text(bank.hash)}."
    )
    other = sorted(
        {
            (event.bank_version, event.bank_hash)
            for events in interview.ledger.by_subject.values()
            for event in events
            if event.bank_hash and event.bank_hash != bank.hash
        }
    )
    for version, digest in other:
        yield (
            f"Part of this interview was held with another bank: version {material.text(version)},"
            f" hash {material.text(digest)}."
        )
