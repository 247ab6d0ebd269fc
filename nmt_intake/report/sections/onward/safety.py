"""Safety notes: topic, time, who was informed; the words only if the clinician wants them here."""

from __future__ import annotations

from nmt_intake.interview.events import SafetyAcknowledged, SafetyRaised
from nmt_intake.interview.state import Interview
from nmt_intake.report.material import Material
from nmt_intake.report.words import when
from nmt_intake.report.writing import NOTHING, Lines, Section, bullets, paragraph, strong, table


def safety(material: Material) -> Section:
    """Return the safety notes; empty where none was raised."""
    interview = material.interview
    if interview is None or not interview.safety:
        return Section("Safety notes", NOTHING)
    rows = [_row(material, interview, note) for note in interview.safety]
    lines = (
        *table(("Topic", "Raised", "Who was informed", "State"), rows),
        *_words(material, interview),
        *paragraph("The program informs nobody and judges no risk. People do."),
    )
    return Section("Safety notes", lines)


def _row(material: Material, interview: Interview, note: SafetyRaised) -> tuple[str, str, str, str]:
    closing = _closing(interview, note)
    informed = [note.informed, *(each.informed for each in closing)]
    state = f"acknowledged {when(closing[-1].at, closing[-1].zone)}" if closing else strong("open")
    return (
        material.text(note.topic.replace("_", " ")),
        when(note.at, note.zone),
        material.text("; ".join(dict.fromkeys(each for each in informed if each)))
        or "nobody noted",
        state,
    )


def _words(material: Material, interview: Interview) -> Lines:
    if not material.wanted.safety_words:
        return paragraph("What was said stays in the case.")
    said: list[str] = []
    for note in interview.safety:
        words = [material.quoted(note.note)]
        words += [f"reason {material.quoted(each.reason)}" for each in _closing(interview, note)]
        title = material.text(note.topic.replace("_", " "))
        said.append(f"{title}: {'; '.join(each for each in words if each) or 'no words noted'}")
    return bullets(said)


def _closing(interview: Interview, note: SafetyRaised) -> list[SafetyAcknowledged]:
    closed = interview.in_force("safety_acknowledged", SafetyAcknowledged)
    return [each for each in closed if each.raised == note.id]
