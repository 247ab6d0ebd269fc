"""The library of activities to choose one from: searched by words, filtered by age."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.bank.model import Activity
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import Line


def found(activities: Iterable[Activity], words: str) -> tuple[Activity, ...]:
    """Return the activities that hold every word, those with all of them in the title first."""
    wanted = words.casefold().split()
    hits = [each for each in activities if _holds(_everything(each), wanted)]
    return tuple(sorted(hits, key=lambda each: not _holds(each.title.casefold(), wanted)))


def _holds(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)


def _everything(activity: Activity) -> str:
    parts = (
        activity.title,
        activity.domain,
        *activity.functions,
        *activity.settings,
        *activity.band,
        *activity.strengths,
        *activity.made_for,
        activity.led_by,
        activity.looks_like,
    )
    return " ".join(parts).replace("_", " ").casefold()


class LibraryScreen(ModalScreen[str | None]):
    """Gives the id of the chosen activity, or None for Esc."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Back", show=False),
        Binding("f2", "all_ages", "All ages", show=False),
    ]
    DEFAULT_CSS = """
    LibraryScreen { background: $background; }
    LibraryScreen #library { width: 1fr; height: 1fr; padding: 0 1; }
    LibraryScreen #library-head, LibraryScreen #library-keys { height: 1; color: $text-muted; }
    LibraryScreen #library-words, LibraryScreen #library-words:focus {
        height: 1; border: none; padding: 0; background: $panel;
    }
    LibraryScreen #library-list { height: 1fr; border: none; padding: 0; margin-top: 1; }
    LibraryScreen #library-looks { height: auto; max-height: 6; margin: 1 0; }
    """

    def __init__(
        self, activities: Sequence[Activity], fits_age: Callable[[Activity], bool]
    ) -> None:
        super().__init__()
        self._all = {each.id: each for each in activities}
        self._fits_age = fits_age
        self._any_age = False

    def compose(self) -> ComposeResult:
        """Lay out the words, the list, and what the highlighted one looks like."""
        with Vertical(id="library"):
            yield Static(id="library-head", markup=False)
            yield Line(id="library-words", compact=True)
            yield OptionList(id="library-list", markup=False, compact=True)
            yield Static(id="library-looks", markup=False)
            keys = "Type to search · ↑ ↓ Enter adds · F2 all ages · Esc back"
            yield Static(Content(keys), id="library-keys", markup=False)

    def on_mount(self) -> None:
        """Show everything that fits the age, and wait for words."""
        self.query_one(Line).focus()
        self._fill()

    def _fill(self) -> None:
        candidates = [each for each in self._all.values() if self._any_age or self._fits_age(each)]
        hits = found(candidates, self.query_one(Line).value)
        options = self.query_one(OptionList)
        options.set_options([Option(_row(each), id=each.id) for each in hits])
        options.highlighted = 0 if hits else None
        ages = "all ages" if self._any_age else "for this age"
        head = f"Add an activity · {len(hits)} of {len(self._all)}, {ages}"
        self.query_one("#library-head", Static).update(literal.line(head))
        if not hits:
            self._looks("Nothing found. Fewer words, or F2 for all ages.")

    def _looks(self, text: str) -> None:
        self.query_one("#library-looks", Static).update(literal.literal(text))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (option := self.query_one(OptionList).highlighted_option) is not None:
            self.dismiss(option.id)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option.id)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        activity = self._all.get(event.option.id or "")
        if activity is not None:
            self._looks(activity.looks_like)

    def on_key(self, event: events.Key) -> None:
        """Let the arrows move the list while the words are typed."""
        options = self.query_one(OptionList)
        match event.key:
            case "down":
                options.action_cursor_down()
            case "up":
                options.action_cursor_up()
            case "pagedown":
                options.action_page_down()
            case "pageup":
                options.action_page_up()
            case _:
                return
        event.stop()
        event.prevent_default()

    def action_all_ages(self) -> None:
        """Show activities for every age, or for this one only."""
        self._any_age = not self._any_age
        self._fill()

    def action_leave(self) -> None:
        """Go back without adding anything."""
        self.dismiss(None)


def _row(activity: Activity) -> Content:
    about = (activity.domain.replace("_", " "), *activity.settings, *activity.band)
    return literal.line(activity.title) + Content("  ") + literal.line(", ".join(about), "$aside")
