"""Change files behind the store's back, in every way there is, and see that it is noticed.

python -m tests.faults.tamper            every byte of every file: 33,186 changes
python -m tests.faults.tamper --share 10
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from nmt_intake.store.errors import CaseDamaged, CaseErased, CaseStoreError
from nmt_intake.store.journal.frames import HEADER_SIZE, MARKER
from nmt_intake.store.protocols import CaseLabel, Record
from tests.faults.inject import Tally
from tests.faults.session import PASSPHRASE, PLACES, Day, Wrong, event, make_guessing_cheap
from tests.faults.sim_disk import Inode, SimDisk

EVENTS = 6


class Scene:
    """A home with two cases, one of them closed cleanly or left by a killed process."""

    def __init__(self, *, clean: bool) -> None:
        self.disk = SimDisk()
        home = Day.new_house(self.disk)
        home.set_up(PASSPHRASE)
        self.older: list[dict[Path, bytes]] = []
        with home.cases.create(CaseLabel("other")) as other:
            for number in range(EVENTS):
                other.append(number, [event(number)])
            self.other = home.cases.folders.case_path(other.case_id)
        with home.cases.create(CaseLabel("victim")) as case:
            self.case_id = case.case_id
            self.path = home.cases.folders.case_path(case.case_id)
            case.append(0, [event(100)])
        self.older.append(self.content())
        case = home.cases.claim(self.case_id)
        for number in range(1, EVENTS):
            case.append(number, [event(100 + number)])
            self.older.append(self.content())
        self.records: list[Record] = list(case.load())
        if clean:
            home.close()
        self.disk = self.disk.after_kill()

    def content(self) -> dict[Path, bytes]:
        return {Path(name): bytes(node.data) for name, node in self.disk.table.items() if node}

    def bytes_of(self, path: Path) -> bytes:
        return self.content()[path]

    def with_file(self, path: Path, data: bytes | None) -> SimDisk:
        """Return the disk with other bytes in a file, or without it."""
        image = self.disk.after_kill()
        if data is None:
            del image.table[str(path)], image.safe_table[str(path)]
        else:
            image.table[str(path)] = image.safe_table[str(path)] = Inode(bytearray(data), data)
        return image

    def must_refuse(self, disk: SimDisk) -> None:
        """Opening for reading and for writing both say damage; salvage shows a true beginning."""
        home = Day.new_house(disk)
        home.unlock(PASSPHRASE)
        try:
            for opening in (home.cases.open, home.cases.claim):
                try:
                    opening(self.case_id).close()
                except CaseDamaged:
                    continue
                raise Wrong("a changed file was opened")
            with suppress(CaseDamaged), home.cases.salvage(self.case_id) as case:
                there = list(case.load())
                if there != self.records[: len(there)]:
                    raise Wrong("salvage shows something that was never saved")
        finally:
            home.close()
        if disk.files:
            raise Wrong("files were left open")

    def must_not_mislead(self, disk: SimDisk) -> None:
        """Whatever was changed: the right content, or a clear refusal."""
        home = Day.new_house(disk)
        try:
            home.unlock(PASSPHRASE)
            with home.cases.open(self.case_id) as case:
                if list(case.load()) != self.records:
                    raise Wrong("wrong content")
            listed = {line.case_id: line.label.alias for line in home.cases.list()}
            if listed.get(self.case_id) != "victim":
                raise Wrong("the list is wrong")
        except CaseErased:
            raise Wrong("taken for erased") from None
        except CaseStoreError:
            return
        finally:
            home.close()


def tampering(share: int = 1, into: Tally | None = None) -> Tally:
    """Try everything, or one flip in `share`."""
    tally = Tally() if into is None else into
    for clean in (True, False):
        scene = Scene(clean=clean)
        state = "closed" if clean else "left by a killed process"
        for kind, disk in _changes_of_the_case(scene, share):
            _try(tally, f"{kind}, {state}", partial(scene.must_refuse, disk))
        for kind, disk in _changes_elsewhere(scene, share):
            _try(tally, f"{kind}, {state}", partial(scene.must_not_mislead, disk))
    _try(tally, "older copy after a power cut", older_copy_after_a_power_cut)
    _try(
        tally,
        "older copy and no index after a power cut",
        partial(older_copy_after_a_power_cut, forgotten=("index.nmt",)),
    )
    _try(tally, "older copy and no index", older_copy_without_an_index)
    _try(tally, "no index and no mark", older_copy_without_index_or_mark)
    return tally


def _changes_of_the_case(scene: Scene, share: int) -> Iterator[tuple[str, SimDisk]]:
    data = scene.bytes_of(scene.path)
    for place in range(0, len(data), share):
        for mask in (1, 0x80, 0xFF):
            changed = bytearray(data)
            changed[place] ^= mask
            yield "a byte flipped", scene.with_file(scene.path, bytes(changed))
    for length in range(0, len(data), share):
        yield "cut short", scene.with_file(scene.path, data[:length])
    frames = frames_of(data)
    header = data[:HEADER_SIZE]
    for place in range(len(frames)):
        dropped = frames[:place] + frames[place + 1 :]
        yield "a frame dropped", scene.with_file(scene.path, header + b"".join(dropped))
    for place in range(len(frames) - 1):
        swapped = [*frames]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        yield "two frames swapped", scene.with_file(scene.path, header + b"".join(swapped))
        doubled = [*frames[: place + 1], *frames[place:]]
        yield "a frame doubled", scene.with_file(scene.path, header + b"".join(doubled))
    strangers = frames_of(scene.bytes_of(scene.other))
    for place in range(len(frames)):
        mixed = [*frames[:place], strangers[place % len(strangers)], *frames[place + 1 :]]
        yield "a frame of another case", scene.with_file(scene.path, header + b"".join(mixed))
    yield "another case's file", scene.with_file(scene.path, scene.bytes_of(scene.other))
    yield (
        "another case's header",
        scene.with_file(scene.path, scene.bytes_of(scene.other)[:HEADER_SIZE] + data[HEADER_SIZE:]),
    )
    yield "the index's file", scene.with_file(scene.path, scene.bytes_of(PLACES.data / "index.nmt"))
    yield "zeros", scene.with_file(scene.path, bytes(len(data)))
    yield "no file", scene.with_file(scene.path, None)
    for older in scene.older[:-1]:
        yield "an older copy", scene.with_file(scene.path, older[scene.path])


def _changes_elsewhere(scene: Scene, share: int) -> Iterator[tuple[str, SimDisk]]:
    lock = scene.path.with_suffix(".lock")
    for path in (*(PLACES.data / name for name in OTHERS), lock):
        name = path.name if path != lock else "the lock file"
        data = scene.bytes_of(path)
        for place in range(0, len(data), max(1, share)):
            changed = bytearray(data)
            changed[place] ^= 0x55
            yield (
                f"a byte of {path.suffix} {path.stem[:6]} flipped",
                scene.with_file(path, bytes(changed)),
            )
        for length in (0, 1, len(data) // 2, len(data) - 1):
            yield f"{name} cut short", scene.with_file(path, data[:length])
        yield f"{name} gone", scene.with_file(path, None)


OTHERS = ("index.nmt", "keys.nmt", "keys.copy", "audit.nmt", "vault.json", "vault.copy")


def frames_of(data: bytes) -> list[bytes]:
    """Return the frames of a file whose payloads hold no marker by chance."""
    starts: list[int] = []
    place = data.find(MARKER)
    while place >= 0:
        starts.append(place)
        place = data.find(MARKER, place + 20)
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def older_copy_after_a_power_cut(*, forgotten: tuple[str, ...] = ()) -> None:
    """A clean close leaves places that a power cut can't take back: in the index, in the audit."""
    scene, disk = Scene(clean=True), SimDisk()
    home = Day.new_house(disk)
    home.set_up(PASSPHRASE)
    with home.cases.create(CaseLabel("victim")) as case:
        scene.case_id, scene.path = case.case_id, home.cases.folders.case_path(case.case_id)
        case.append(0, [event(100)])
        older = bytes(_node(disk, scene.path).data)
        case.append(1, [event(101)])
        scene.records = list(case.load())
    image = disk.after_power_cut()
    node = _node(image, scene.path)
    node.data[:] = older
    node.safe = older
    for name in forgotten:
        image.table.pop(str(PLACES.data / name))
    scene.must_refuse(image)


def _node(disk: SimDisk, path: Path) -> Inode:
    node = disk.table[str(path)]
    assert node is not None
    return node


def older_copy_without_an_index() -> None:
    """Without the index, the mark in the lock file still knows."""
    scene = Scene(clean=True)
    image = scene.with_file(scene.path, scene.older[2][scene.path])
    del image.table[str(PLACES.data / "index.nmt")]
    scene.must_refuse(image)


def older_copy_without_index_or_mark() -> None:
    """Without both, the audit's last closing still knows."""
    scene = Scene(clean=True)
    image = scene.with_file(scene.path, scene.older[2][scene.path])
    del image.table[str(PLACES.data / "index.nmt")]
    del image.table[str(scene.path.with_suffix(".lock"))]
    scene.must_refuse(image)


def _try(tally: Tally, kind: str, step: Callable[[], None]) -> None:
    tally.tried[kind] += 1
    try:
        step()
    except Exception:
        tally.blame(kind)


def main() -> int:
    """Print a table of what was tried and every case that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--share", type=int, default=1)
    said = parser.parse_args()
    make_guessing_cheap()
    start = time.perf_counter()
    tally = tampering(said.share)
    for kind, count in sorted(tally.tried.items()):
        print(f"{count:8}  {kind}")
    print(f"{tally.cases:8}  in {time.perf_counter() - start:.0f} s, {len(tally.wrong)} wrong")
    for line in tally.wrong[:40]:
        print(line)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
