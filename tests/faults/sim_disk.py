"""A disk in memory that knows what is safe: what a power cut would leave at any moment.

Content is safe once its file was synced, a name once its folder was. A failed sync of a file loses
what was not safe yet, and a later sync does not bring it back, as Linux does it. A folder's may be
tried again: names go through the file system's journal, which takes nothing more once it failed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nmt_intake.store.files.disk import Disk

ROOM = 1 << 40


@dataclass
class Inode:
    """One file: what a reader sees, what is safe, and the writes between the two."""

    data: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    unsafe: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, data: bytes | None) -> None:
        apply(self.data, offset, data)
        self.unsafe.append((offset, data))

    def sync(self) -> None:
        safe = bytearray(self.safe)
        for offset, data in self.unsafe:
            apply(safe, offset, data)
        self.safe = bytes(safe)
        self.unsafe = []


def apply(target: bytearray, offset: int, data: bytes | None) -> None:
    """Write `data` at `offset`, or cut to `offset` when there is none."""
    if len(target) < offset:
        target.extend(bytes(offset - len(target)))
    if data is None:
        del target[offset:]
    else:
        target[offset : offset + len(data)] = data


def names_in(folder: Path, table: Iterable[str]) -> list[str]:
    """Return the paths right below a folder."""
    start = f"{folder}/"
    length = len(start)
    return [name for name in table if name.startswith(start) and name.find("/", length) < 0]


Hook = Callable[[str, Path, bytes], None]


class SimDisk(Disk):
    """The file system in memory. `hook` sees every call that changes something, before it."""

    def __init__(self) -> None:
        self.table: dict[str, Inode | None] = {}  # by path; None is a folder
        self.safe_table: dict[str, Inode | None] = {}
        self.files: dict[int, tuple[Inode, Path]] = {}
        self.locks: dict[int, Inode] = {}
        self.next_file = 1000
        self.free = ROOM
        self.offset = self.taken = 0  # of the write at hand; a hook may take less of it
        self.hook: Hook = lambda _call, _path, _data: None
        self.mkroot(Path("/sim"))

    def mkroot(self, path: Path) -> None:
        self.table[str(path)] = self.safe_table[str(path)] = None

    # -- calls that change something ------------------------------------------------------------

    def open(self, path: Path, *, new: bool = False) -> int:
        self.hook("open", path, b"")
        if not new:
            return self._opened(path)
        if str(path) in self.table:
            raise FileExistsError(errno.EEXIST, "exists")
        self._need_folder(path)
        self.table[str(path)] = Inode()
        return self._opened(path)

    def open_lock(self, path: Path) -> int:
        if str(path) not in self.table:
            self.hook("open_lock", path, b"")
            self._need_folder(path)
            self.table[str(path)] = Inode()
        return self._opened(path)

    def write(self, file: int, offset: int, data: bytes) -> int:
        inode, path = self.files[file]
        self.offset, self.taken = offset, len(data)
        self.hook("write", path, data)
        inode.write(offset, data[: self.taken])
        return self.taken

    def cut(self, file: int, length: int) -> None:
        inode, path = self.files[file]
        self.hook("cut", path, b"")
        inode.write(length, None)

    def sync(self, file: int) -> None:
        inode, path = self.files[file]
        try:
            self.hook("sync", path, b"")
        except OSError:
            inode.unsafe = []  # the kernel calls the pages clean
            raise
        inode.sync()

    def sync_data(self, file: int) -> None:
        inode, path = self.files[file]
        try:
            self.hook("sync_data", path, b"")
        except OSError:
            inode.unsafe = []
            raise
        inode.sync()

    def replace(self, source: Path, target: Path) -> None:
        self.hook("replace", target, b"")
        self.table[str(target)] = self.table.pop(str(source))

    def remove(self, path: Path) -> None:
        self.hook("remove", path, b"")
        if str(path) not in self.table:
            raise FileNotFoundError(errno.ENOENT, "none")
        del self.table[str(path)]

    def make_folder(self, path: Path) -> None:
        self.hook("make_folder", path, b"")
        if str(path) in self.table:
            raise FileExistsError(errno.EEXIST, "exists")
        self._need_folder(path)
        self.table[str(path)] = None

    def remove_folder(self, path: Path) -> None:
        self.hook("remove_folder", path, b"")
        del self.table[str(path)]

    def sync_folder(self, path: Path) -> None:
        self.hook("sync_folder", path, b"")
        for name in names_in(path, self.safe_table):
            if name not in self.table:
                del self.safe_table[name]
        for name in names_in(path, self.table):
            self.safe_table[name] = self.table[name]

    # -- calls that only look -------------------------------------------------------------------

    def open_to_read(self, path: Path) -> int:
        self.hook("open_to_read", path, b"")
        return self._opened(path)

    def read(self, file: int, offset: int, length: int) -> bytes:
        inode, path = self.files[file]
        self.hook("read", path, b"")
        return bytes(inode.data[offset : offset + length])

    def size(self, file: int) -> int:
        return len(self.files[file][0].data)

    def is_at(self, file: int, path: Path) -> bool:
        return self.table.get(str(path)) is self.files[file][0]

    def close(self, file: int) -> None:
        del self.files[file]
        self.locks.pop(file, None)

    def names(self, path: Path) -> list[str]:
        self.hook("names", path, b"")
        if self.table.get(str(path), self) is not None:
            raise FileNotFoundError(errno.ENOENT, "no folder")
        return sorted(name.rpartition("/")[2] for name in names_in(path, self.table))

    def exists(self, path: Path) -> bool:
        return str(path) in self.table

    def room(self, path: Path) -> int:
        return self.free

    def lock(self, file: int, *, wait: bool = False) -> bool:
        inode, path = self.files[file]
        self.hook("lock", path, b"")
        if any(held is inode for other, held in self.locks.items() if other != file):
            if wait:
                raise AssertionError("waiting for a lock that this process holds")
            return False
        self.locks[file] = inode
        return True

    # -- what is left ---------------------------------------------------------------------------

    def digest(self) -> bytes:
        """Return what is different for different names or content."""
        whole = hashlib.sha256()
        for name, inode in sorted(self.table.items()):
            content = b"folder" if inode is None else hashlib.sha256(inode.data).digest()
            whole.update(name.encode() + b"\0" + content)
        return whole.digest()

    def after_kill(self) -> SimDisk:
        """Return the disk as the next process finds it: everything written, nothing open."""
        return self._image(self.table, lambda inode: bytes(inode.data))

    def after_power_cut(self) -> SimDisk:
        """Return the disk with only what is safe."""
        return self._image(self.safe_table, lambda inode: inode.safe)

    def after_mixed_cut(self, chance: random.Random) -> SimDisk:
        """Return the disk with some of what is not safe: any subset, in any file."""

        def some(inode: Inode) -> bytes:
            data = bytearray(inode.safe)
            for offset, written in inode.unsafe:
                if chance.random() < 0.5:
                    apply(data, offset, written)
            return bytes(data)

        return self._image(self.safe_table if chance.random() < 0.5 else self.table, some)

    def torn(self, path: Path, data: bytes, offset: int, kept: int, zeros: bool) -> SimDisk:
        """Return the disk with the first `kept` bytes of a write.

        With `zeros` the file is as long as it would have been; what was never written is zero.
        """
        image = self.after_kill()
        inode = image.table[str(path)]
        assert inode is not None
        apply(inode.data, offset, data[:kept])
        missing = offset + len(data) - len(inode.data)
        if zeros and missing > 0:
            inode.data.extend(bytes(missing))
        inode.safe = bytes(inode.data)
        return image

    def _image(self, names: dict[str, Inode | None], content: Callable[[Inode], bytes]) -> SimDisk:
        image = SimDisk()
        copies: dict[int, Inode] = {}
        there = {"/sim"}
        for name in sorted(names):
            if name != "/sim" and name.rpartition("/")[0] not in there:
                continue  # its folder is gone
            there.add(name)
            inode = names[name]
            if inode is not None and id(inode) not in copies:
                data = content(inode)
                copies[id(inode)] = Inode(bytearray(data), data)
            copy = None if inode is None else copies[id(inode)]
            image.table[name] = image.safe_table[name] = copy
        return image

    def _opened(self, path: Path) -> int:
        inode = self.table.get(str(path))
        if inode is None:
            code = errno.EISDIR if str(path) in self.table else errno.ENOENT
            raise OSError(code, os.strerror(code))
        self.next_file += 1
        self.files[self.next_file] = (inode, path)
        return self.next_file

    def _need_folder(self, path: Path) -> None:
        if self.table.get(str(path.parent), self) is not None:
            raise FileNotFoundError(errno.ENOENT, "no folder")
