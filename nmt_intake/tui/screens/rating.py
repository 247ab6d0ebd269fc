"""The rating desk: evidence beside each scale of 1 to 12, and a suggestion to accept or not."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from nmt_intake.casework.assessment import Box, RatingList
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Confidence, Rated
from nmt_intake.interview.speaking import rating_title
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.panes.more import Reading
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.rating_list import RatingListPage
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import rating as says
from nmt_intake.tui.views import status
from nmt_intake.tui.views.brain_map import map_page, map_panel

_KEYS: Final = {**{str(n): n for n in range(1, 10)}, "0": 10, "minus": 11, "equals_sign": 12}
_SURE: Final[tuple[Confidence | None, ...]] = ("high", "moderate", "low", None)


class RatingScreen(CaseScreen):
    """Shows one rating at a time; nothing counts as rated until the clinician says so."""

    WHERE: ClassVar[Where] = "rating"
    BINDINGS: ClassVar = bindings("rating")

    def __init__(self, desk: Casework, case: Session, *, closes: bool = False) -> None:
        super().__init__(desk, case, closes=closes)
        self.ratings: RatingList | None = None
        self.key: str | None = None
        self._confidence: Confidence | None = None
        self._reason = ""
        self._uncovered: set[str] = set()  # rated here, and so seen

    @property
    def covered(self) -> bool:
        """Whether what is suggested and rated before is hidden: rate first, then see."""
        return self.desk.settings.rate_first and self.key not in self._uncovered

    def compose(self) -> ComposeResult:
        """Lay out the rating and the map beside it."""
        with Horizontal(id="top"):
            yield Static(id="who", markup=False)
            yield Static(id="saved", markup=False)
        with Horizontal(id="columns"):
            with Vertical(id="rating"):
                yield Static(id="place", markup=False)
                yield Static(id="scale", markup=False)
                yield Static(id="suggested", markup=False)
                yield Static(id="anchors", markup=False)
                yield (evidence := Reading("evidence", "evidence-scroll"))
                yield evidence.more
            yield Static(id="map", markup=False)
        yield Static(id="counts", markup=False)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Work out what is suggested, beside the first paint."""
        self.watch_saving()
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        self.say("Reading the evidence.")
        self._prepare()

    @work(thread=True, exclusive=True, group="rating")
    def _prepare(self) -> None:
        ratings = RatingList(self.interview, self.desk.norms)
        self.app.call_from_thread(self._prepared, ratings)

    def _prepared(self, ratings: RatingList) -> None:
        self.ratings = ratings
        if not ratings.keys:
            self.say("This bank has no ratings.")
            return
        self.say(status.trouble(self.case))
        first = ratings.open_after(self.interview, None) or ratings.keys[0]
        self.show_rating(first)

    def show_rating(self, key: str) -> None:
        """Show another rating."""
        self.key = key
        decided = None if self.covered else self.interview.ratings.get(key)
        self._confidence = decided.confidence if decided else None
        self._reason = decided.reason if decided else ""
        self.query_one("#evidence-scroll").scroll_home(animate=False)
        self.refill()

    def refill(self) -> None:
        """Show the rating, its evidence and the map as they stand."""
        if self.ratings is None or self.key is None:
            return
        interview, key, keys = self.interview, self.key, self.ratings.keys
        suggestion = self.ratings.suggestion(interview, key)
        decided = None if self.covered else interview.ratings.get(key)
        expected = suggestion.expected
        low, high = (None, None) if self.covered else (suggestion.low, suggestion.high)
        standing = literal.line(says.COVERED, "italic")
        if not self.covered:
            standing = says.standing(interview, suggestion, decided, self._confidence)
        names = says.bands(interview, key, self.ratings.norms, expected)
        rated = decided.value if decided else None
        texts = {
            "#place": says.title(interview, key, keys.index(key) + 1, len(keys), expected),
            "#scale": says.scale(names, rated, low, high),
            "#suggested": standing,
            "#evidence": says.evidence(suggestion, self.interview.words()),
            "#anchors": says.anchors(interview, key, names, expected),
            "#counts": self._counts(),
            "#map": self._map(),
        }
        for name, text in texts.items():
            self.put(name, text)

    def _counts(self) -> Content:
        assert self.ratings is not None, "prepared before it is shown"
        decided = self.interview.ratings
        done = sum(key in decided for key in self.ratings.keys)
        return literal.line(f"{done} decided · {len(self.ratings.keys) - done} open")

    def _map(self) -> Content:
        assert self.ratings is not None, "prepared before it is shown"
        age = self.ratings.age(self.interview)
        if age is None or self.ratings.norms is None:
            return literal.literal("The map needs the client's age.", "$aside")
        boxes = self.ratings.boxes(self.interview)
        name = (self.key or "").rpartition(".")[2]
        if self.covered and name in boxes:
            boxes[name] = Box(None)
        return map_panel(self.ratings.norms, boxes, age)

    def action_rate(self, key: str) -> None:
        """Rate with a key."""
        self._decide(_KEYS[key])

    def action_accept(self) -> None:
        """Take the suggested rating; one that is decided stays as it is."""
        if self.ratings is None or self.key is None:
            return
        suggestion = self.ratings.suggestion(self.interview, self.key)
        if self.covered:
            self.say("Rate first, with 1 to 9, 0, - or =. F4 leaves it unknown.")
        elif self.key in self.interview.ratings:
            self.action_unrated()
        elif suggestion.value is None:
            self.say("There is no single rating to accept here. Choose one, or F4 for unknown.")
        else:
            self._decide(suggestion.value)

    def action_leave_unknown(self) -> None:
        """Keep it unrated, on record."""
        self._decide(None)

    def _decide(self, value: int | None, *, stay: bool = False) -> None:
        if self.ratings is None or self.key is None:
            return
        suggestion = self.ratings.suggestion(self.interview, self.key)
        low, high = suggestion.low, suggestion.high
        done = self.record(
            Rated,
            rating=self.key,
            value=value,
            confidence=self._confidence,
            reason=self._reason,
            suggested=None if low is None or high is None else (low, high),
            rule=suggestion.rule_ids,
            unseen=self.covered,
        )
        if done is None:
            return
        self.say("")
        covered = self.covered
        self._uncovered.add(self.key)
        if covered:
            self.refill()
            self.say("Kept as rated first. A digit changes it; Enter goes on.")
        elif stay or not self.desk.settings.move_on:
            self.refill()
        else:
            self.action_unrated()

    def action_rate_first(self) -> None:
        """Hide what is suggested until something is rated, or show it, from now on."""
        settings = self.desk.settings
        settings = replace(settings, rate_first=not settings.rate_first)
        try:
            self.desk.keep(settings)
        except IntakeError as error:
            self.say_error(error)
            return
        self.say("Rate first, then see." if settings.rate_first else "What is suggested is shown.")
        self.refill()

    def action_read(self, pages: int) -> None:
        """Turn a page of the evidence."""
        self.query_one(Reading).turned(int(pages))

    def action_whole_list(self) -> None:
        """Show every rating: decided, suggested, disputed; Enter there goes to it."""
        if self.ratings is None or self.key is None:
            return
        every = self.ratings.keys if self.desk.settings.rate_first else ()
        hidden = frozenset(every) - self._uncovered
        page = RatingListPage(self.interview, self.ratings, self.key, hidden)
        self.app.push_screen(page, lambda key: self.show_rating(key) if key else None)

    def action_confidence(self) -> None:
        """Go through high, moderate, low, not said."""
        self._confidence = _SURE[(_SURE.index(self._confidence) + 1) % len(_SURE)]
        self._again()

    def on_key(self, event: events.Key) -> None:
        """Let a letter begin the reason: whoever types a sentence here gives one."""
        letter = event.character or ""
        if letter.isalpha() and event.is_printable and not event.key.startswith("alt+"):
            event.stop()
            self.action_reason(letter)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as the reason."""
        event.stop()
        self.action_reason(event.text)

    @work(exclusive=True, group="asking")
    async def action_reason(self, more: str = "") -> None:
        """Say why it is rated so; `more` was typed already."""
        before = f"{self._reason} " if self._reason and more else self._reason
        prompt = Prompt("Reason", initial=before, typed=more)
        reply = await self.asking.ask(prompt)
        self.set_focus(None)
        if reply is not None:
            self._reason = reply.text
            self._again()

    def _again(self) -> None:
        decided = self.interview.ratings.get(self.key or "")
        if decided is not None:
            self._decide(decided.value, stay=True)
        else:
            self.refill()

    def action_step(self, step: str | int) -> None:
        """Go to the neighbouring rating."""
        if self.ratings is None or self.key is None:
            return
        place = self.ratings.keys.index(self.key) + int(step)
        if 0 <= place < len(self.ratings.keys):
            self.say("")
            self.show_rating(self.ratings.keys[place])

    def action_unrated(self) -> None:
        """Go to the next rating that nobody has decided."""
        if self.ratings is None:
            return
        found = self.ratings.open_after(self.interview, self.key)
        if found is not None:
            self.show_rating(found)
        else:
            self.refill()
            self.say("Every rating is decided. Ctrl+O shows the report.")

    @work(exclusive=True, group="asking")
    async def action_go_to(self) -> None:
        """Look for a rating by name."""
        prompt = Prompt(
            "Go to",
            "Enter first · 1-5 choose · Esc back",
            find=lambda words: tuple(literal.line(title) for _, title in self._named(words)),
        )
        reply = await self.asking.ask(prompt)
        self.set_focus(None)
        found = self._named(reply.text) if reply else []
        if reply and reply.choice is not None and reply.choice < len(found):
            self.show_rating(found[reply.choice][0])

    def _named(self, words: str) -> list[tuple[str, str]]:
        wanted = words.casefold().split()
        titles = [
            (key, rating_title(self.interview, key))
            for key in (self.ratings.keys if self.ratings else ())
        ]
        return [
            (key, title)
            for key, title in titles
            if all(word in title.casefold() for word in wanted)
        ][:5]

    def action_brain_map(self) -> None:
        """Show the whole map, with names."""
        if self.ratings is None or self.ratings.norms is None:
            return
        age = self.ratings.age(self.interview)
        if age is not None:
            boxes = self.ratings.boxes(self.interview)
            self.app.push_screen(Page(map_page(self.ratings.norms, boxes, age)))

    def action_undo(self) -> None:
        """Take the last thing back."""
        self._show_taken_back(again=False)

    def action_redo(self) -> None:
        """Bring back what was undone last."""
        self._show_taken_back(again=True)

    def _show_taken_back(self, *, again: bool) -> None:
        done = self.interview.undone if again else self.interview.done
        event = self.case.event(done[-1]) if done else None
        if not isinstance(event, Rated):
            self.say("Nothing of the rating desk to take back.")
            return
        self.take_back(again=again)
        self.show_rating(event.rating)

    def action_plan(self) -> None:
        """Show the plan that these ratings make."""
        from nmt_intake.tui.screens.plan import PlanScreen

        self.app.push_screen(PlanScreen(self.desk, self.case))

    def action_report(self) -> None:
        """Show the report."""
        from nmt_intake.tui.screens.report import ReportScreen

        self.app.push_screen(ReportScreen(self.desk, self.case))
