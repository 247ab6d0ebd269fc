"""Where the program keeps things: below NMT_INTAKE_HOME, or in the platform's own folders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nmt_intake.store.errors import FolderUnusable
from nmt_intake.store.files.disk import Disk, make_folders, told


@dataclass(frozen=True, slots=True)
class Places:
    """Three folders: `data` (the cases), `config` (settings), `cache` (may be deleted)."""

    data: Path
    config: Path
    cache: Path

    @property
    def practice(self) -> Path:
        """The store of practice cases, which nothing real may enter."""
        return self.data / "practice"

    def make(self, disk: Disk | None = None) -> None:
        """Make the folders, each for its owner alone; FolderUnusable says which one can't be.

        Folders that are there already and that others may open are closed to them.
        """
        used = disk or Disk()
        for name, path in (("data", self.data), ("config", self.config), ("cache", self.cache)):
            try:
                make_folders(used, path)
            except OSError as error:
                raise told(error, f"the {name} folder") from None
        inner = (self.data / "cases", self.data / "quarantine", self.practice)
        for path in (self.data, self.config, self.cache, *inner):
            with suppress(OSError):  # somebody else's folder, or none yet
                used.close_to_others(path)


def find_places(environment: Mapping[str, str] | None = None) -> Places:
    """Return where things are for this environment; makes nothing.

    Raises FolderUnusable where neither the environment nor the system names a folder.
    """
    variables = os.environ if environment is None else environment
    if home := variables.get("NMT_INTAKE_HOME"):
        try:
            base = Path(home).expanduser().absolute()
        except (RuntimeError, ValueError, OSError):
            raise FolderUnusable("NMT_INTAKE_HOME", "no user of that name has a folder") from None
        return Places(data=base / "data", config=base / "config", cache=base / "cache")
    if os.name == "posix" and not os.path.isabs(os.path.expanduser("~")):
        raise FolderUnusable("NMT_INTAKE_HOME", "it is not set, and this user has no home folder")
    if os.name == "posix" and variables.get("HOME") == "":
        raise FolderUnusable("NMT_INTAKE_HOME", "it is not set, and HOME is empty")
    # Deferred: 5 ms that `--help` need not pay.
    import platformdirs

    folders = platformdirs.PlatformDirs("nmt_intake", appauthor=False)
    return Places(
        data=Path(folders.user_data_dir),
        config=Path(folders.user_config_dir),
        cache=Path(folders.user_cache_dir),
    )


def find_cache(environment: Mapping[str, str] | None = None) -> Path | None:
    """Return the folder for what may be deleted, or None where there is no home to have one in."""
    try:
        return find_places(environment).cache
    except FolderUnusable:
        return None
