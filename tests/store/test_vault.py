"""The vault: what opens it, what does not, and what is left in memory and on disk."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import stat
import subprocess
import sys
import types
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nmt_intake.store.errors import (
    NewerFormat,
    NoKeyring,
    NoPassphrase,
    TooManyTries,
    VaultDamaged,
    VaultLocked,
    VaultMissing,
    VaultThere,
    WeakPassphrase,
    WeakVault,
    WrongPassphrase,
)
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import find_places
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.records import encode
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.vault import key_memory
from nmt_intake.store.vault.key_derivation import Cost, strength_of, stretch, tuned_cost
from nmt_intake.store.vault.key_memory import Secret, VaultKeys, harden_process, system_call
from nmt_intake.store.vault.passphrase_source import COMMAND, FILE, unattended_passphrase
from nmt_intake.store.vault.recovery_code import as_typed, new_code
from nmt_intake.store.vault.system_keyring import SystemKeyring
from nmt_intake.store.vault.vault_file import VaultBody, mend_copies, read_vault
from tests.faults.session import PASSPHRASE, event
from tests.store.conftest import home_in


def test_the_real_thing_opens_with_the_passphrase_and_nothing_else(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    assert home.state is VaultState.NEW
    with pytest.raises(VaultMissing):
        _ = home.cases
    code = home.set_up(PASSPHRASE)
    home.lock()
    assert home.state is VaultState.LOCKED
    with pytest.raises(WrongPassphrase):
        home.unlock(PASSPHRASE + "x")
    home.unlock(PASSPHRASE)
    assert home.is_recovery_code(code.lower().replace("-", " "))
    assert not home.is_recovery_code(new_code())
    home.close()


def test_a_locked_house_has_no_keys_and_no_open_case(home: Home) -> None:
    case = home.cases.create(CaseLabel("M."))
    case.append(0, [event(1)])
    store = home.cases
    home.lock()
    home.lock()
    assert not case.writable
    assert store.folders.keys.locked
    for use in (lambda: home.cases, store.list, lambda: store.open(case.case_id)):
        with pytest.raises(VaultLocked):
            use()
    home.unlock(PASSPHRASE)
    with home.cases.open(case.case_id) as again:
        assert len(again.load()) == 1


def test_setting_up_twice_would_hide_cases_and_is_refused(home: Home) -> None:
    home.lock()
    with pytest.raises(VaultThere):
        home.set_up("another passphrase")
    home.unlock(PASSPHRASE)


@pytest.mark.parametrize("weak", ["", "short", "       x       "])
def test_a_passphrase_that_anybody_would_guess_is_refused(tmp_path: Path, weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        home_in(tmp_path).set_up(weak)
    assert not (tmp_path / "data" / "vault.json").exists()


def test_a_changed_passphrase_lets_the_new_one_in_and_the_old_one_no_more(home: Home) -> None:
    home.change_passphrase(PASSPHRASE, "a fresh set of words")
    home.lock()
    with pytest.raises(WrongPassphrase):
        home.unlock(PASSPHRASE)
    home.unlock("a fresh set of words")
    with pytest.raises(WrongPassphrase):
        home.change_passphrase(PASSPHRASE, "whatever it may be")


def test_the_old_slot_is_on_no_copy_of_the_vault_file(home: Home) -> None:
    folder = home.places.data
    old = json.loads((folder / "vault.json").read_text())["body"]["slots"]
    kept = next(slot["wrapped"] for slot in old if slot["kind"] == "passphrase")
    home.change_passphrase(PASSPHRASE, "a fresh set of words")
    for path in folder.rglob("*"):
        if path.is_file():
            assert kept.encode() not in path.read_bytes()


def test_the_recovery_code_opens_and_sets_a_new_passphrase(home: Home) -> None:
    code = home.code  # type: ignore[attr-defined]
    home.lock()
    home.unlock_with_recovery_code(code)
    home.set_passphrase(code, "a fresh set of words")
    renewed = home.renew_recovery_code("a fresh set of words")
    home.lock()
    with pytest.raises(WrongPassphrase):
        home.unlock_with_recovery_code(code)
    home.unlock_with_recovery_code(renewed)


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 30, "0" * 30])
def test_what_cannot_be_a_recovery_code_is_told_at_once(home: Home, typed: str) -> None:
    home.lock()
    with pytest.raises(WrongPassphrase, match="not a recovery code"):
        home.unlock_with_recovery_code(typed)


def test_a_recovery_code_forgives_what_paper_confuses() -> None:
    code = new_code()
    assert as_typed(code.lower().replace("0", "o").replace("1", "l")) == code.replace("-", "")


def test_a_wrong_letter_in_a_recovery_code_is_noticed() -> None:
    code = new_code()
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    assert as_typed(wrong) is None


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def waiting_house(tmp_path: Path) -> tuple[Home, Clock]:
    clock = Clock()
    home = home_in(tmp_path)
    home.set_up(PASSPHRASE)
    home.lock()
    places = home.places
    return Home(places, clock=clock, who="ann", cost=Cost(), least_room=1), clock


def fail(home: Home, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassphrase):
            home.unlock("not the right one")


@pytest.mark.usefixtures("cheap")
def test_each_failed_unlock_makes_the_next_wait_longer(tmp_path: Path) -> None:
    home, clock = waiting_house(tmp_path)
    fail(home, 3)
    with pytest.raises(TooManyTries) as caught:
        home.unlock(PASSPHRASE)
    assert caught.value.wait == 2
    clock.move(2)
    fail(home, 1)
    with pytest.raises(TooManyTries) as caught:
        home.unlock(PASSPHRASE)
    assert caught.value.wait == 4
    clock.move(4)
    home.unlock(PASSPHRASE)
    deeds = [entry.action for entry in home.audit()]
    assert deeds.count(Action.UNLOCK_FAILED.value) == 4
    home.lock()
    home.unlock(PASSPHRASE)


@pytest.mark.usefixtures("cheap")
def test_a_clock_set_back_does_not_lock_anybody_out(tmp_path: Path) -> None:
    home, clock = waiting_house(tmp_path)
    fail(home, 3)
    clock.move(-86_400)
    with pytest.raises(TooManyTries) as caught:
        home.unlock(PASSPHRASE)
    assert caught.value.wait == 2
    clock.move(2)
    home.unlock(PASSPHRASE)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("said", ["[", "{}", '["x", 5, "2026-01-01", null]', "\xff"])
def test_a_broken_file_of_tries_keeps_nobody_out(tmp_path: Path, said: str) -> None:
    home, _clock = waiting_house(tmp_path)
    (home.places.data / "tries.json").write_text(said)
    home.unlock(PASSPHRASE)


LOW = [Cost(memory_kib=(64 << 10) - 1), Cost(iterations=2), Cost(lanes=0)]
HIGH = [Cost(memory_kib=(1 << 20) + 1), Cost(iterations=65), Cost(lanes=17)]


@pytest.mark.parametrize("cost", LOW + HIGH)
def test_a_cost_below_the_floor_or_absurdly_high_is_refused(home: Home, cost: Cost) -> None:
    with pytest.raises(WeakVault):
        stretch(b"secret", b"0" * 16, cost)
    home.lock()
    body = read_vault(home._disk, home.places.data)
    entry = body.slots[0].kdf
    assert entry is not None
    weak = entry.model_copy(
        update={
            "memory_kib": cost.memory_kib,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
        }
    )
    slots = tuple(slot.model_copy(update={"kdf": weak}) for slot in body.slots)
    mend_copies(home._disk, home.places.data, body.model_copy(update={"slots": slots}))
    with pytest.raises(WeakVault):
        home.unlock(PASSPHRASE)


def test_the_cost_is_tuned_to_about_half_a_second_and_never_below_the_floor() -> None:
    slow, fast = iter([0.0, 3.0, 3.0, 6.0]), iter([0.0, 3.0, 3.0, 3.1])
    assert tuned_cost(lambda: next(slow)) == Cost()
    assert tuned_cost(lambda: next(fast)).iterations == 15


def test_either_copy_of_the_vault_file_is_enough(home: Home) -> None:
    home.lock()
    folder = home.places.data
    for broken, whole in (("vault.json", "vault.copy"), ("vault.copy", "vault.json")):
        (folder / broken).write_bytes(b"{")
        home.unlock(PASSPHRASE)
        home.lock()
        assert (folder / broken).read_bytes() == (folder / whole).read_bytes()
        (folder / broken).unlink()
        home.unlock(PASSPHRASE)
        home.lock()


def test_ruins_of_a_vault_are_not_taken_for_a_new_home(home: Home) -> None:
    home.lock()
    for name in ("vault.json", "vault.copy"):
        (home.places.data / name).write_bytes(b"[" * 60_000)
    with pytest.raises(VaultDamaged):
        home.unlock(PASSPHRASE)
    with pytest.raises(VaultDamaged):
        _ = home.state


def test_a_vault_of_a_newer_version_is_named_as_such(home: Home) -> None:
    home.lock()
    folder = home.places.data
    body = read_vault(home._disk, folder).model_copy(update={"format": 3})
    for name in ("vault.json", "vault.copy"):
        (folder / name).write_bytes(body.to_bytes())
    with pytest.raises(NewerFormat):
        home.unlock(PASSPHRASE)


def test_a_missing_key_file_is_told_and_not_replaced(home: Home) -> None:
    home.cases.create(CaseLabel("M.")).close()
    home.lock()
    for name in ("keys.nmt", "keys.copy"):
        (home.places.data / name).rename(home.places.data / f"{name}.away")
    with pytest.raises(VaultDamaged, match="case keys"):
        home.unlock(PASSPHRASE)
    for name in ("keys.nmt", "keys.copy"):
        (home.places.data / f"{name}.away").rename(home.places.data / name)
    home.unlock(PASSPHRASE)
    assert len(home.cases.list()) == 1


def test_rotated_keys_open_with_the_passphrase_and_a_new_code(home: Home) -> None:
    with home.cases.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
    busy = home.cases.create(CaseLabel("N."))
    before = home.cases.folders.case_path(case.case_id).read_bytes()
    steps: list[tuple[int, int]] = []
    code, left = home.rotate_keys(PASSPHRASE, lambda done, whole: steps.append((done, whole)))
    assert list(left) == [busy.case_id]
    assert steps == [(2, 2)]
    assert home.cases.folders.case_path(case.case_id).read_bytes()[44:] != before[44:]
    home.lock()
    with pytest.raises(WrongPassphrase):
        home.unlock_with_recovery_code(home.code)  # type: ignore[attr-defined]
    home.unlock_with_recovery_code(code)
    assert all(verdict.sound for verdict in home.verify())
    with home.cases.claim(case.case_id) as again:
        assert list(again.load()) == [event(1)]


@pytest.mark.parametrize("passphrase", ["correct horse battery staple", "Tr0ub4dor&3xyz!", "é" * 9])
def test_strength_is_a_number_and_a_word(passphrase: str) -> None:
    assert strength_of(passphrase).bits > 0
    assert strength_of(passphrase).word


def test_longer_is_stronger_and_repetition_is_not() -> None:
    assert strength_of("password1234").word == "very weak"
    assert strength_of("aaaaaaaaaaaaaaaa").bits < strength_of("kqzvwprt").bits
    few, more = (
        strength_of("river lantern cobalt"),
        strength_of("river lantern cobalt ostrich moss"),
    )
    assert few.bits < more.bits
    assert strength_of("").bits == 0
    assert strength_of("kT7#qP2!vX9@mZ4$").word == "strong"


def test_the_passphrase_comes_from_a_file_or_a_command(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("from a file\r\nsecond line\n")
    assert unattended_passphrase({FILE: str(tmp_path / "p")}) == "from a file"
    assert unattended_passphrase({COMMAND: "printf 'from a command'"}) == "from a command"
    assert unattended_passphrase({}) is None


def test_the_environment_itself_is_asked_where_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(COMMAND, "echo words")
    monkeypatch.delenv(FILE, raising=False)
    assert unattended_passphrase() == "words"


@pytest.mark.parametrize(
    "environment",
    [
        {FILE: "/nowhere/at/all"},
        {FILE: "\0"},
        {COMMAND: "false"},
        {COMMAND: "/nowhere/at/all"},
        {COMMAND: "'"},
        {COMMAND: "true"},
        {COMMAND: " "},
        {COMMAND: r"printf '\377'"},
    ],
)
def test_where_no_passphrase_comes_from_is_told(environment: dict[str, str]) -> None:
    with pytest.raises(NoPassphrase):
        unattended_passphrase(environment)


def test_unlocking_without_a_terminal(home: Home, tmp_path: Path) -> None:
    home.lock()
    with pytest.raises(NoPassphrase, match="no terminal"):
        home.unlock_unattended({})
    (tmp_path / "p").write_text(PASSPHRASE)
    home.unlock_unattended({FILE: str(tmp_path / "p")})
    assert home.state is VaultState.OPEN


class PaperRing:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, vault: str) -> str | None:
        return self.kept.get(vault)

    def put(self, vault: str, secret: str) -> None:
        self.kept[vault] = secret

    def drop(self, vault: str) -> None:
        self.kept.pop(vault, None)


def test_the_keyring_opens_until_it_is_told_to_forget(home: Home) -> None:
    ring = PaperRing()
    home.remember_in_keyring(PASSPHRASE, ring)
    home.lock()
    home.unlock_with_keyring(ring)
    kept = dict(ring.kept)
    home.forget_in_keyring(ring)
    home.lock()
    with pytest.raises(WrongPassphrase):
        home.unlock_with_keyring(ring)
    ring.kept = kept
    with pytest.raises(WrongPassphrase):
        home.unlock_with_keyring(ring)
    ring.kept = {next(iter(kept)): "not base64!"}
    with pytest.raises(WrongPassphrase):
        home.unlock_with_keyring(ring)
    home.unlock(PASSPHRASE)


def module_with(backend: object) -> types.ModuleType:
    module = types.ModuleType("fake_keyring")
    module.get_keyring = lambda: backend  # type: ignore[attr-defined]
    return module


def test_only_a_keyring_that_is_known_to_keep_secrets_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: dict[tuple[str, str], str] = {}

    class Keyring:
        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    monkeypatch.setitem(sys.modules, "fake_keyring", module_with(Keyring()))
    with pytest.raises(NoKeyring):
        SystemKeyring("fake_keyring")
    Keyring.__module__, Keyring.__qualname__ = "keyring.backends.SecretService", "Keyring"
    ring = SystemKeyring("fake_keyring")
    ring.put("vault", "secret")
    assert ring.get("vault") == "secret"
    ring.drop("vault")
    assert ring.get("vault") is None
    with pytest.raises(NoKeyring, match="not installed"):
        SystemKeyring("no_such_module_at_all")


def test_a_wiped_secret_is_zeros() -> None:
    secret = Secret(b"key material")
    secret.wipe()
    assert secret.reveal() == bytes(12)


def test_wiped_keys_are_locked_and_a_lacking_key_is_told() -> None:
    keys = VaultKeys(b"v" * 16, 1, b"k" * 32)
    with pytest.raises(VaultDamaged):
        keys.derive("anything", 7)
    keys.wipe()
    with pytest.raises(VaultLocked):
        keys.derive("anything")


HARDENED = """
import ctypes, resource, sys
from nmt_intake.store.home import open_stores
print(open_stores().state.value, resource.getrlimit(resource.RLIMIT_CORE))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0)
"""


def test_the_process_is_hardened_when_the_stores_open(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", HARDENED],
        env={**os.environ, "NMT_INTAKE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n")[:2] == ["new (0, 0)", "0"]
    assert stat.S_IMODE((tmp_path / "home" / "data").stat().st_mode) == 0o700


def test_hardening_says_what_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "setrlimit", lambda _what, _limits: None)
    monkeypatch.setattr(key_memory, "system_call", lambda _name: lambda *_said: 0)
    assert harden_process() == ("no core files", "not dumpable")


def test_a_key_is_asked_to_stay_out_of_swap_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bytes]] = []
    places: list[ctypes.Array[ctypes.c_char]] = []

    def call(name: str) -> Callable[..., int]:
        def lock(view: object, length: ctypes.c_size_t) -> int:
            there = ctypes.cast(view, ctypes.POINTER(ctypes.c_char * length.value))  # type: ignore[arg-type]
            places.append(there.contents)
            asked.append((name, places[-1].raw))
            return 0

        return lock

    monkeypatch.setattr(key_memory, "system_call", call)
    secret = Secret(b"a key of thirty-two bytes, or so")
    assert asked == [("mlock", b"a key of thirty-two bytes, or so")]
    secret.wipe()
    assert places[0].raw == bytes(32), "what is locked is what is wiped"


def test_a_system_without_these_calls_says_that_nothing_worked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert system_call("no_such_function_anywhere") is None
    monkeypatch.setattr(key_memory, "system_call", lambda _name: None)
    assert not Secret(b"k").locked

    def refuse(_what: int, _limits: tuple[int, int]) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert harden_process() == ()
    monkeypatch.setitem(sys.modules, "resource", None)
    assert harden_process() == ()
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "win32")
    assert system_call("mlock") is None


def test_the_places_are_the_platforms_own_where_no_home_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NMT_INTAKE_HOME", raising=False)
    found = find_places()
    assert found.data.name == "nmt_intake"
    assert len({found.data, found.config, found.cache}) == 3


def test_the_vault_file_refuses_what_it_does_not_know() -> None:
    good = {"format": 2, "vault": "0" * 32, "number": 1, "slots": [], "previous": ""}
    VaultBody.model_validate_json(encode(good))
    for wrong in ({"vault": "../x"}, {"number": 0}, {"more": 1}, {"number": "1"}):
        with pytest.raises(ValueError, match=r"."):
            VaultBody.model_validate_json(encode(good | wrong))
