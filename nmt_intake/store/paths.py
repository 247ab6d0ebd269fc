"""Where the program keeps things: below NMT_INTAKE_HOME, or in the platform's own folders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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
    """Return where things are for this environment; makes nothing."""
    home = (os.environ if environment is None else environment).get("NMT_INTAKE_HOME")
    if home:
        base = Path(home).expanduser().absolute()
        return Places(data=base / "data", config=base / "config", cache=base / "cache")
    # Deferred: 5 ms that `--help` need not pay.
    import platformdirs

    folders = platformdirs.PlatformDirs("nmt_intake", appauthor=False)
    return Places(
        data=Path(folders.user_data_dir),
        config=Path(folders.user_config_dir),
        cache=Path(folders.user_cache_dir),
    )
