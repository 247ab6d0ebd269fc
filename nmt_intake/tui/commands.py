"""Every command, declared once: binding, palette entry, footer and help come from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from textual.binding import Binding

Where: TypeAlias = Literal[
    "everywhere", "cases", "interview", "rating", "report", "plan", "find_out", "entries", "said"
]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a worker can do: on which keys, by which action, and what it is called.

    `short` stands in the footer (empty: not there); `title` in the palette and the help, where
    `says` explains it in a sentence. `with_key` gives the action its key, and has no palette entry;
    `first` makes it work wherever
    the cursor is.
    """

    id: str
    keys: str
    action: str
    title: str
    says: str
    short: str = ""
    shown: str = ""
    with_key: bool = False
    first: bool = False

    @property
    def key(self) -> str:
        """The key as a person reads it."""
        if self.shown:
            return self.shown
        *held, key = self.keys.split(",")[0].split("+")
        if held or (key[0] == "f" and key[1:].isdigit()):
            key = key.upper() if len(key) < 4 else key
        return "+".join([*(each.capitalize() for each in held), _READ.get(key, key)])


# From this width on the outline and what is known stand beside the question.
WIDE: Final = 110
# With fewer lines there is no air between the parts.
LOW: Final = 20

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
    "up": "↑",
    "down": "↓",
}

AGAIN: Final = Command(
    "again", "ctrl+t", "try_again", "Save again", "Tries again what was not saved."
)
ELSEWHERE: Final = Command(
    "elsewhere",
    "f6",
    "elsewhere",
    "Save to another folder",
    "For answers that this disk does not take.",
    shown="F6",
)

COMMANDS: Final[dict[Where, tuple[Command, ...]]] = {
    "everywhere": (
        Command(
            "help",
            "f1,question_mark",
            "screen.help",
            "Keys and help",
            "Shows what works here.",
        ),
        Command(
            "lock",
            "ctrl+l",
            "lock",
            "Lock the desk",
            "Clears the screen until you are back.",
            first=True,
        ),
        Command("settings", "ctrl+s", "settings", "Settings", "The few things you can set."),
        Command(
            "quit", "ctrl+q", "leave", "Close the desk", "Saves what waits and ends.", first=True
        ),
    ),
    "cases": (
        Command("open", "enter", "open", "Open a case", "Goes on at the very question.", "open"),
        Command("new", "n", "new", "New case", "Initials and a birth date or an age.", "new"),
        Command("rate", "r", "rate", "Rate", "Opens the rating desk of the case.", "rate"),
        Command("report", "p", "report", "Report", "Shows the report of the case.", "report"),
        Command(
            "plan", "a", "plan", "Plan of activities", "What comes now, next and later.", "plan"
        ),
        Command("find_out", "f", "find_out", "Find out", "What is left of the case.", "find out"),
        Command(
            "demo", "d", "demo", "Look round", "With a made-up family, among the practice cases."
        ),
        Command("search", "slash", "search", "Search", "Looks for an alias or a worker.", "search"),
        Command(
            "vault",
            "v",
            "vault",
            "Vault",
            "Passphrase, keys, backup, restore, verify.",
            "vault",
        ),
        Command(
            "practice",
            "x",
            "practice",
            "Practice or sealed cases",
            "Goes to the practice cases, or back to the sealed ones.",
            "practice",
        ),
    ),
    "interview": (
        Command(
            "answer",
            "1,2,3,4,5,6,7,8,9,0",
            "digit",
            "Answer",
            "Chooses the option with this key.",
            shown="1-9",
            with_key=True,
        ),
        Command(
            "capture",
            "f2,alt+c,slash",
            "ask('capture')",
            "Keep what was just said",
            "Write the words; choose where they belong.",
            "capture",
        ),
        Command(
            "unknown",
            "f3,alt+d",
            "missing('asked-unknown')",
            "Don't know",
            "The informant does not know. It stays on the list to find out.",
            "don't know",
        ),
        Command(
            "declined",
            "f4,alt+x",
            "missing('asked-declined')",
            "Rather not",
            "Kept as it is. The program does not ask again.",
            "rather not",
        ),
        Command(
            "later", "f5,alt+l", "missing('not-asked')", "Later", "Stays on the list.", "later"
        ),
        Command(
            "safety",
            "f8,alt+j,exclamation_mark",
            "ask('safety')",
            "Safety card",
            "Opens beside the interview. Nothing is blocked.",
            "safety",
        ),
        Command(
            "undo",
            "f9,alt+u",
            "talk('undo')",
            "Undo",
            "Takes the last thing back. It stays on record.",
            "undo",
        ),
        Command("redo", "ctrl+y", "talk('redo')", "Redo", "Brings back what was undone."),
        Command(
            "note", "f7,alt+n", "ask('note')", "Note", "Keeps your own words beside this question."
        ),
        Command("informant", "f10,alt+i", "ask('informant')", "Informant", "Who is telling now."),
        Command(
            "who_knows",
            "alt+shift+d,alt+q",
            "ask('who_knows')",
            "Don't know, but someone may",
            "The same as don't know, with who would know.",
            shown="Alt+Q",
        ),
        Command(
            "records",
            "alt+r",
            "missing('temp-unknown')",
            "Records requested",
            "The answer is awaited from a file.",
        ),
        Command("go_to", "alt+g", "ask('go_to')", "Go to", "Looks through all questions."),
        Command("why", "alt+w", "talk('why')", "Why", "Why this is asked or hidden now."),
        Command("sure", "alt+s", "talk('sure')", "How sure", "Saw it, was told, read it, a guess."),
        Command(
            "add",
            "alt+a",
            "ask('add')",
            "Add to the time line",
            "A carer, a home, or a hard thing.",
        ),
        Command("flag", "alt+f", "talk('flag')", "Flag", "Marks this place to come back to."),
        Command(
            "back",
            "ctrl+b,left,alt+left",
            "talk('back')",
            "Back",
            "Where you were before, also from a jump. Always safe.",
        ),
        Command(
            "next",
            "ctrl+n,right,alt+right",
            "talk('on')",
            "On",
            "Forward to where you came back from, else the question below.",
        ),
        Command("above", "alt+up", "talk('above')", "Above", "The question before this one."),
        Command("below", "alt+down", "talk('below')", "Below", "The question after this one."),
        Command(
            "break",
            "alt+b",
            "break_page",
            "Break",
            "Clears the screen. Nothing is kept about why.",
        ),
        Command("end", "alt+e", "end_early", "End for today", "Closes well, wherever you are."),
        Command("outline", "alt+o", "panel('-outline')", "Outline", "Where we are, part by part."),
        Command("known", "alt+k", "panel('-known')", "Known here", "What is known about here."),
        Command(
            "read_on",
            "pagedown,ctrl+down",
            "read(1)",
            "Read on",
            "The rest of what is said first, of what helps, of what stands beside.",
            shown="PgDn",
        ),
        Command(
            "read_back",
            "pageup,ctrl+up",
            "read(-1)",
            "Read back",
            "What stood before.",
            shown="PgUp",
        ),
        Command(
            "not_applicable",
            "alt+v",
            "missing('not-applicable')",
            "Does not apply",
            "The question does not fit this life.",
        ),
        Command(
            "moving",
            "alt+m",
            "moving",
            "Stay or move on",
            "After an answer: stay here, or move on.",
        ),
        Command(
            "sitting", "alt+2", "talk('sitting')", "Sitting", "The essential, next, everything."
        ),
        AGAIN,
        ELSEWHERE,
        Command(
            "find_out",
            "alt+t",
            "find_out",
            "Find out",
            "What is left, what differs, what does not fit.",
        ),
        Command(
            "said",
            "ctrl+g,f12",
            "said",
            "Everything said",
            "By part, teller and time: go there, put right, move, take back.",
        ),
        Command(
            "entries",
            "alt+p",
            "entries",
            "People, homes, events",
            "Take out, bring back, join what was named.",
        ),
        Command("rate", "ctrl+r", "rate", "Rating desk", "Rates with the evidence beside it."),
        Command("report", "ctrl+o", "report", "Report", "Shows the report so far."),
        Command(
            "read_out",
            "alt+y",
            "rehearse('read_on')",
            "Rehearsal: read out",
            "Says what the bank has here: opening, preface, question, then a probe.",
        ),
        Command(
            "own_words",
            "alt+z",
            "ask('say')",
            "Rehearsal: own words",
            "Says it in your own words. Nothing written is a silence.",
        ),
        Command(
            "debrief",
            "alt+h",
            "debrief",
            "Rehearsal: debrief",
            "What was heard and how; Enter there takes a moment again.",
        ),
    ),
    "rating": (
        Command(
            "rate",
            "1,2,3,4,5,6,7,8,9,0,minus,equals_sign",
            "rate",
            "Rate",
            "1 to 9; 0 is 10, - is 11, = is 12. A letter begins the reason.",
            "rate",
            shown="1-9 0 - =",
            with_key=True,
        ),
        Command("accept", "enter", "accept", "Accept", "Takes the suggested rating.", "accept"),
        Command(
            "unknown",
            "f4,alt+x",
            "leave_unknown",
            "Leave unknown",
            "Keeps it unrated.",
            "leave unknown",
        ),
        Command(
            "confidence",
            "f5,alt+c",
            "confidence",
            "Confidence",
            "High, moderate or low.",
            "confidence",
        ),
        Command("unrated", "f3,alt+o", "unrated", "Next open", "The next unrated.", "next open"),
        Command("undo", "f9,alt+u", "undo", "Undo", "Takes the last rating back.", "undo"),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        Command("reason", "f2,alt+r", "reason", "Reason", "Why it is rated so."),
        Command("back", "left,ctrl+b", "step(-1)", "Back", "The rating before."),
        Command("next", "right,ctrl+n", "step(1)", "On", "The rating after."),
        Command("go_to", "f7,alt+g", "go_to", "Go to", "Looks for a rating by name."),
        Command(
            "whole_list",
            "alt+l",
            "whole_list",
            "The whole list",
            "What is decided, suggested, disputed.",
            "list",
        ),
        Command(
            "rate_first",
            "alt+b",
            "rate_first",
            "Rate first, then see",
            "Hides what is suggested until you rated; remembered.",
        ),
        Command("read_on", "pagedown", "read(1)", "Read on", "The evidence.", shown="PgDn"),
        Command("read_back", "pageup", "read(-1)", "Read back", "The evidence.", shown="PgUp"),
        Command("map", "f8,alt+m", "brain_map", "Brain map", "The whole map, with names."),
        Command("report", "ctrl+o,alt+p", "report", "Report", "Shows the report."),
        Command("plan", "alt+a", "plan", "Plan of activities", "What comes now, next and later."),
        AGAIN,
        ELSEWHERE,
        Command("close", "escape", "close", "Back", "Back to where you came from."),
    ),
    "report": (
        Command(
            "md",
            "f2,alt+m",
            "save('md')",
            "Save as Markdown",
            "Reads well as plain text.",
            "Markdown",
        ),
        Command(
            "html",
            "f3,alt+h",
            "save('html')",
            "Save as HTML",
            "One file, with map and charts.",
            "HTML",
        ),
        Command("pdf", "f4,alt+d", "save('pdf')", "Save as PDF", "Needs the pdf extra.", "PDF"),
        Command(
            "json", "alt+j", "save('json')", "Save the figures", "As plain data, for a program."
        ),
        Command(
            "options",
            "f5,alt+w",
            "options",
            "What it shows",
            "Substance use, safety words, a pseudonym.",
            "what it shows",
        ),
        Command(
            "length",
            "f7,alt+k",
            "length",
            "Length",
            "Report, everything said (record), or two pages.",
            "length",
        ),
        Command(
            "sign", "f9,alt+s", "sign", "Sign", "Closes the record until it is reopened.", "sign"
        ),
        Command(
            "add", "f11,alt+e", "add", "Add to it", "To a signed record; what was signed stays."
        ),
        Command("reopen", "f10,alt+o", "reopen", "Reopen", "Opens a signed record, with a reason."),
        Command("plan", "alt+a", "plan", "Plan of activities", "What comes now, next and later."),
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
    "plan": (
        Command(
            "details", "enter", "details", "In full", "Why, how it is done, cautions.", "in full"
        ),
        Command(
            "drop",
            "delete,alt+d",
            "drop",
            "Drop",
            "Takes it out. No reason is asked.",
            "drop",
            shown="Del",
        ),
        Command(
            "drop_because",
            "alt+q",
            "drop_because",
            "Drop, with a reason",
            "The same, with your reason.",
        ),
        Command(
            "add",
            "f2,alt+a",
            "add",
            "Add",
            "From the library; on a dropped line, brings it back.",
            "add",
        ),
        Command(
            "up",
            "shift+up,alt+up",
            "move(-1)",
            "Move up",
            "Before the one above; over the top, into the phase before.",
            "up",
            shown="⇧↑",
        ),
        Command(
            "down",
            "shift+down,alt+down",
            "move(1)",
            "Move down",
            "After the one below; over the end, into the next phase.",
            "down",
            shown="⇧↓",
        ),
        Command("undo", "f9,alt+u", "undo", "Undo", "Takes the last decision back.", "undo"),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        Command("reason", "f3,alt+r", "reason", "Reason", "Your reason for this line."),
        Command(
            "week",
            "f5,alt+w",
            "week",
            "The week",
            "The plan as a week on one page, with what to watch and when to look again.",
            "week",
        ),
        Command(
            "rules",
            "f4,alt+s",
            "rules",
            "Stop and review",
            "When to stop, when to look again, what shaped the plan.",
        ),
        AGAIN,
        ELSEWHERE,
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
    "find_out": (
        Command("go", "enter", "go", "Go there", "Opens the interview at this place.", "go there"),
        Command(
            "settle",
            "f2,alt+s",
            "settle",
            "Settle",
            "Says which of what was told holds, with a reason.",
            "settle",
        ),
        Command(
            "entries",
            "f3,alt+p",
            "entries",
            "People, homes, events",
            "Take out, bring back, join what was named.",
            "people, homes, events",
        ),
        Command("undo", "f9,alt+u", "undo", "Undo", "Takes the last thing back.", "undo"),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        AGAIN,
        ELSEWHERE,
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
    "said": (
        Command("go", "enter", "go", "Go there", "Opens the interview at this place.", "go there"),
        Command("edit", "e,f2", "edit", "Put right", "The teller and the place stay.", "put right"),
        Command(
            "remove",
            "delete,alt+d",
            "remove",
            "Take back",
            "It counts nowhere, and stays on record.",
            "take back",
            shown="Del",
        ),
        Command("move", "m,f3", "move", "Move", "Words or a note, to another question.", "move"),
        Command("filter", "slash", "filter", "Only some", "What holds these words.", "only some"),
        Command("sort", "s,f4", "sort", "Order", "By part, by teller, by time.", "order"),
        Command("redo", "f9,ctrl+y", "redo", "Bring back", "What was taken back last."),
        Command("undo", "alt+u", "undo", "Undo", "Takes the last thing back."),
        AGAIN,
        ELSEWHERE,
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
    "entries": (
        Command(
            "remove",
            "delete,alt+d",
            "remove",
            "Take out",
            "Kept, and counts nowhere.",
            "take out",
            shown="Del",
        ),
        Command(
            "bring_back",
            "f2,alt+b",
            "bring_back",
            "Bring back",
            "What was taken out, or joined by mistake.",
            "bring back",
        ),
        Command(
            "join",
            "f3,alt+j",
            "join",
            "The same as",
            "Two entries that are one are read as one.",
            "the same as",
        ),
        Command(
            "split",
            "f7,alt+w",
            "split",
            "Are two",
            "Some of the answers are of somebody else: they become an entry of their own.",
            "are two",
        ),
        Command(
            "complete",
            "f4,alt+a",
            "complete",
            "That is all",
            "All of this kind were named; or there may be more.",
            "that is all",
        ),
        Command("undo", "f9,alt+u", "undo", "Undo", "Takes the last thing back.", "undo"),
        Command("redo", "ctrl+y", "redo", "Redo", "Brings back what was undone."),
        AGAIN,
        ELSEWHERE,
        Command("close", "escape", "close", "Back", "Back to where you came from.", "back"),
    ),
}


def bindings(where: Where) -> list[Binding]:
    """Return the bindings of a screen; Enter comes from the list on it, where there is one."""
    return [binding for command in COMMANDS[where] for binding in _bindings(where, command)]


def _bindings(where: Where, command: Command) -> list[Binding]:
    name = f"{where}.{command.id}"
    if not command.with_key:
        return [
            Binding(
                command.keys,
                command.action,
                command.title,
                show=False,
                id=name,
                priority=command.first,
            )
        ]
    return [
        Binding(key, f"{command.action}('{key}')", command.title, show=False, id=f"{name}.{key}")
        for key in command.keys.split(",")
    ]


def commands_at(where: Where | None) -> tuple[Command, ...]:
    """Return what works on a screen, its own commands first."""
    own = COMMANDS[where] if where and where != "everywhere" else ()
    return (*own, *COMMANDS["everywhere"])


def footer(where: Where, answers: str = "", *, width: int = 78) -> str:
    """Return the keys of a screen on one line of this width: those that matter, and the rest's.

    `answers` stands first. What does not fit is under F1, with everything else.
    """
    shown = [f"{each.key} {each.short}" for each in commands_at(where) if each.short]
    line, last = answers, "F1 all keys"
    for words in shown[:_MOST]:
        longer = f"{line}  {words}" if line else words
        if len(longer) + 2 + len(last) > width:
            break
        line = longer
    return f"{line}  {last}" if line else last


_MOST: Final = 7
