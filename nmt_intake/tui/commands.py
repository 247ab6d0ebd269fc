"""Every command, declared once: binding, palette entry, footer text and help line come from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from textual.binding import Binding

Where: TypeAlias = Literal["everywhere", "cases", "interview", "rating", "report"]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a worker can do: on which keys, by which action, and what it is called.

    `short` stands in the footer (empty: not there); `title` in the palette and the help, where
    `says` explains it in a sentence.
    """

    id: str
    keys: str
    action: str
    title: str
    says: str
    short: str = ""
    shown: str = ""
    priority: bool = False

    @property
    def key(self) -> str:
        """The key as a person reads it."""
        return self.shown or _READ.get(first := self.keys.split(",")[0], first)


_READ: Final = {
    "question_mark": "?",
    "slash": "/",
    "exclamation_mark": "!",
    "minus": "-",
    "equals_sign": "=",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "space": "space",
    "escape": "Esc",
}

COMMANDS: Final[dict[Where, tuple[Command, ...]]] = {
    "everywhere": (
        Command(
            "help", "question_mark,f1", "help", "Keys and help", "Shows what works here.", "keys"
        ),
        Command("lock", "ctrl+l", "lock", "Lock the desk", "Clears the screen until you are back."),
        Command("settings", "ctrl+s", "settings", "Settings", "The few things you can set."),
        Command("quit", "ctrl+q", "leave", "Close the desk", "Saves what waits and ends."),
    ),
    "cases": (
        Command("open", "enter", "open", "Open a case", "Goes on at the very question.", "open"),
        Command("new", "n", "new", "New case", "Initials and a birth date or an age.", "new"),
        Command("rate", "r", "rate", "Rate", "Opens the rating desk of the case.", "rate"),
        Command("report", "p", "report", "Report", "Shows the report of the case.", "report"),
        Command("search", "slash", "search", "Search", "Looks for an alias or a worker.", "search"),
    ),
    "interview": (
        Command(
            "type", "enter", "enter", "Type or take", "Types an answer, or takes the marked one."
        ),
        Command("note", "n", "note", "Note", "Keeps words beside this question.", "note"),
        Command(
            "unknown",
            "d",
            "missing('asked-unknown')",
            "Don't know",
            "The informant does not know. It stays on the list to find out.",
            "don't know",
        ),
        Command(
            "who_knows",
            "D",
            "who_knows",
            "Don't know, but someone may",
            "The same, with who would know.",
            shown="D",
        ),
        Command(
            "declined",
            "x",
            "missing('asked-declined')",
            "Rather not",
            "Kept as it is. The program does not ask again.",
            "rather not",
        ),
        Command("later", "l", "missing('not-asked')", "Later", "Stays on the list.", "later"),
        Command(
            "records",
            "r",
            "missing('temp-unknown')",
            "Records requested",
            "The answer is awaited from a file.",
            "records",
        ),
        Command("informant", "i", "informant", "Informant", "Who is telling now.", "informant"),
        Command(
            "capture",
            "slash",
            "capture",
            "Keep what was just said",
            "Type the words; choose where they belong.",
            "capture",
        ),
        Command("go_to", "g", "go_to", "Go to", "Looks through all questions.", "go to"),
        Command("why", "w", "why", "Why", "Why this is asked or hidden now.", "why"),
        Command(
            "undo", "u", "undo", "Undo", "Takes the last thing back. It stays on record.", "undo"
        ),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        Command(
            "break",
            "b",
            "break_page",
            "Break",
            "Clears the screen. Nothing is kept about why.",
            "break",
        ),
        Command(
            "safety",
            "exclamation_mark",
            "safety",
            "Safety card",
            "Opens beside the interview. Nothing is blocked.",
            "safety",
        ),
        Command("sure", "s", "sure", "How sure", "Saw it, was told, read it, or a guess.", "sure"),
        Command(
            "add", "a", "add", "Add to the time line", "A carer, a home, or a hard thing.", "add"
        ),
        Command("flag", "f", "flag", "Flag", "Marks this place to come back to.", "flag"),
        Command(
            "back", "left,ctrl+b", "step(-1)", "Back", "The question before. Always safe.", "back"
        ),
        Command("next", "right,ctrl+n", "step(1)", "On", "The question after, unchanged."),
        Command("end", "e", "end_early", "End for today", "Closes well, wherever you are.", "end"),
        Command("outline", "o", "outline", "Outline", "Where we are, part by part.", "outline"),
        Command("known", "k", "known", "Known here", "What is known about this time.", "known"),
        Command(
            "moving", "m", "moving", "Stay or move on", "After an answer: stay here, or move on."
        ),
        Command("again", "ctrl+t", "try_again", "Save again", "Tries again what was not saved."),
        Command("rate", "ctrl+r", "rate", "Rating desk", "Rates with the evidence beside it."),
        Command("report", "ctrl+o", "report", "Report", "Shows the report so far."),
    ),
    "rating": (
        Command("accept", "enter", "accept", "Accept", "Takes the suggested rating.", "accept"),
        Command(
            "unknown",
            "space",
            "leave_unknown",
            "Leave unknown",
            "Keeps it unrated.",
            "leave unknown",
        ),
        Command(
            "confidence", "c", "confidence", "Confidence", "High, moderate or low.", "confidence"
        ),
        Command("reason", "r", "reason", "Reason", "Why it is rated so.", "reason"),
        Command("back", "left,ctrl+b", "step(-1)", "Back", "The rating before.", "back"),
        Command("next", "right,ctrl+n", "step(1)", "On", "The rating after.", "on"),
        Command(
            "unrated", "o", "unrated", "Next open one", "Goes to the next unrated.", "next open"
        ),
        Command("go_to", "g", "go_to", "Go to", "Looks for a rating by name.", "go to"),
        Command("map", "m", "brain_map", "Brain map", "The whole map, with names.", "map"),
        Command("undo", "u", "undo", "Undo", "Takes the last rating back.", "undo"),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        Command("report", "p", "report", "Report", "Shows the report.", "report"),
        Command("close", "escape", "close", "Back", "Back to where you came from."),
    ),
    "report": (
        Command(
            "md", "m", "save('md')", "Save as Markdown", "Reads well as plain text.", "Markdown"
        ),
        Command(
            "html", "h", "save('html')", "Save as HTML", "One file, with map and charts.", "HTML"
        ),
        Command("pdf", "d", "save('pdf')", "Save as PDF", "Needs the pdf extra.", "PDF"),
        Command("sign", "s", "sign", "Sign", "Closes the record until it is reopened.", "sign"),
        Command(
            "reopen", "o", "reopen", "Reopen", "Opens a signed record, with a reason.", "reopen"
        ),
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
}


def bindings(where: Where) -> list[Binding]:
    """Return the bindings of a screen."""
    return [
        Binding(each.keys, each.action, each.title, show=False, id=f"{where}.{each.id}")
        for each in COMMANDS[where]
    ]


def commands_at(where: Where | None) -> tuple[Command, ...]:
    """Return what works on a screen, its own commands first."""
    own = COMMANDS[where] if where else ()
    return (*own, *COMMANDS["everywhere"])


def footer(where: Where, answers: str = "") -> str:
    """Return the keys of a screen on a line or two; `answers` stands first."""
    shown = [f"{each.key} {each.short}" for each in commands_at(where) if each.short]
    return "  ".join([answers, *shown] if answers else shown)
