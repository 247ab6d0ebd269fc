"""The cases in lines: the way in, the list, a new case, and on to an interview."""

from __future__ import annotations

from collections.abc import Callable

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.opening import born_or_aged
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.plain.stream import IdleTooLong, Stream
from nmt_intake.plain.talking import PlainInterview
from nmt_intake.store.errors import WeakPassphrase, WrongPassphrase
from nmt_intake.store.home import VaultState
from nmt_intake.store.protocols import CaseSummary
from nmt_intake.store.vault.passphrase_source import unattended_passphrase
from nmt_intake.text import clean_line

_FIRST = (
    "This is a sealed place for cases on this computer, and there is none yet."
    " Choose a passphrase; it is asked at each start. Without it, and without the recovery code"
    " that comes next, nobody can open the cases."
)
_CODE = (
    "The recovery code stands in the next line. Write it on paper now: it is shown once, and this"
    " window keeps what it has shown."
)
_LEFT_ALONE = "Nothing was typed for a while: locked. What this window has shown stays in it."
_LIST = "A number opens a case. new starts one, practice goes to made-up people, end leaves."


class PlainDesk:
    """Holds interviews over a stream. `hidden` asks for a secret unseen; None takes it as a line.

    Without a terminal the passphrase comes from where the environment says, as for commands.
    """

    def __init__(
        self,
        casework: Casework,
        stream: Stream,
        *,
        hidden: Callable[[str], str | None] | None = None,
    ) -> None:
        self._casework = casework
        self._stream = stream
        self._hidden = hidden

    def run(self) -> None:
        """Go on until the input ends or somebody leaves."""
        self._stream.say("nmt-intake, line by line.")
        if self._casework.persona is not None:
            self._hold(self._casework.rehearse(self._casework.persona))
            return
        while self._let_in():
            try:
                if not self._choose():
                    return
            except IdleTooLong:
                self._stream.say(_LEFT_ALONE)
                self._casework.lock()

    # The way in

    def _let_in(self) -> bool:
        """Open the cases; False where the input has ended."""
        casework = self._casework
        while casework.locked:
            try:
                if casework.state is VaultState.NEW:
                    if not self._set_up():
                        return False
                else:
                    passphrase = self._secret("Passphrase, or an empty line to leave.")
                    if not passphrase:
                        return False
                    casework.unlock(passphrase)
            except WrongPassphrase:
                self._stream.say("That is not the passphrase.")
                if self._hidden is None:
                    return False
            except IntakeError as error:
                self._refused(error)
                if self._hidden is None:
                    return False
        return True

    def _set_up(self) -> bool:
        self._stream.say(_FIRST)
        self._stream.say("Or: an empty line goes to made-up people, where nothing is protected.")
        passphrase = self._secret("A new passphrase.")
        if passphrase is None:
            return False
        if not passphrase:
            self._casework.practise()
            return True
        if self._hidden is not None and self._secret("The same once more.") != passphrase:
            self._stream.say("The two were not the same. Nothing was set up.")
            return True
        try:
            code = self._casework.home.set_up(passphrase)
        except WeakPassphrase as error:
            self._refused(error)
            return self._hidden is not None
        self._stream.say(_CODE)
        self._stream.say(code)
        return self._stream.ask("Enter when it is written down.") is not None

    def _secret(self, prompt: str) -> str | None:
        if self._hidden is not None:
            return self._hidden(prompt)
        return unattended_passphrase() or self._stream.ask(prompt)

    # The list

    def _choose(self) -> bool:
        """Show the list and do one thing; False to leave."""
        stream, casework = self._stream, self._casework
        cases = casework.cases()
        stream.gap()
        if casework.practising:
            stream.say("Practice cases. Nothing protects them: put nobody real here.")
        if casework.notice:
            stream.say(casework.notice)
        for place, each in enumerate(cases, 1):
            stream.say(f"{place}. {_line_of(each)}")
        said = stream.ask(_LIST if cases else "No cases yet. " + _LIST)
        match (said or "end").casefold().lstrip("."):
            case "end" | "quit" | "exit":
                return False
            case "new":
                self._start()
            case "practice" | "practise":
                casework.practise()
            case number if number.isdecimal() and 0 < int(number) <= len(cases):
                self._opened(lambda: casework.resume(cases[int(number) - 1]))
            case "":
                pass
            case _:
                stream.say("That is none of these.")
        return True

    def _start(self) -> None:
        alias = self._stream.ask("What shall we call the client here? Initials will do.")
        if alias is None:
            return
        born = self._stream.ask("Born when, or how old? A number alone means years.")
        if born is None:
            return
        birth, months = born_or_aged(born)
        if born and birth is None and months is None:
            self._stream.say("Not read as a date or an age. The interview asks again.")
        name = clean_line(alias, 60) or "no alias"
        self._opened(lambda: self._casework.start(name, birth, months))

    def _opened(self, opening: Callable[[], Session]) -> None:
        try:
            session = opening()
        except IntakeError as error:
            self._refused(error)
            return
        self._hold(session)

    def _hold(self, session: Session) -> None:
        try:
            PlainInterview(self._casework, session, self._stream).run()
        finally:
            saved = self._casework.close(session)
            self._stream.say(
                "Closed. Everything is saved." if saved else "Closed. NOT all is saved."
            )

    def _refused(self, error: IntakeError) -> None:
        self._stream.say(f"{error.what} {error.advice}")


def _line_of(case: CaseSummary) -> str:
    parts = [case.label.alias, case.status, f"{case.counts.asked} asked"]
    if case.counts.to_find_out:
        parts.append(f"{case.counts.to_find_out} to find out")
    if case.safety:
        parts.append("a safety concern is open")
    return ", ".join(parts) + "."
