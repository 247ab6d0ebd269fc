"""A warm interpreter that runs one command in each fork: `python -m tests.doors.forks`.

Starting Python and importing the program costs most of a second; a fork of a process that has done
both costs milliseconds. The child ends as the command itself would, with the interpreter's own
last flush, so its exit status and both streams are those of the real thing.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import importlib
import io
import json
import os
import pkgutil
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

Job = Mapping[str, Any]
SECONDS = 60


def preload() -> None:
    """Import all of the program but the desk, which costs 300 ms that most commands do without."""
    import nmt_intake

    for found in pkgutil.walk_packages(nmt_intake.__path__, "nmt_intake."):
        if ".tui" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name in ("getpass", "platformdirs", "typst", "yaml"):
        importlib.import_module(name)


def next_job(requests: int, answers: int) -> Job | None:
    """Fork for every job; return the job in the child, None in the parent at the end."""
    with os.fdopen(os.dup(requests), "rb") as lines:
        for line in lines:
            job = json.loads(line)
            child = os.fork()
            if child == 0:
                return job
            _, status, used = os.wait4(child, 0)
            seconds = used.ru_utime + used.ru_stime
            os.write(answers, f"{os.waitstatus_to_exitcode(status)} {seconds}\n".encode())
    return None


def become(job: Job) -> None:
    """Put on the environment, folder, streams, limits and faults of a job."""
    os.environ.clear()
    os.environ.update(job["env"])
    os.umask(job.get("umask", 0o022))
    _stream(0, job["stdin"], os.O_RDONLY)
    _stream(1, job["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    _stream(2, job["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.chdir(job["cwd"])
    for name in job.get("faults", ()):
        FAULTS[name]()
    if (largest := job.get("largest_file")) is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    signal.alarm(SECONDS)


def _stream(number: int, where: str, flags: int) -> None:
    name = ("stdin", "stdout", "stderr")[number]
    if where == "closed":
        os.close(number)
        setattr(sys, name, None)  # as the interpreter starts where a descriptor is closed
        setattr(sys, f"__{name}__", None)
        return
    if where == "no reader":
        reader, writer = os.pipe()
        os.close(reader)
    else:
        writer = os.open(where, flags, 0o600)
    os.dup2(writer, number)
    if writer != number:
        os.close(writer)
    if number:  # a new one: the server's own may be told that it is a pipe
        old = getattr(sys, name)
        raw = io.FileIO(number, "w")
        made = io.TextIOWrapper(
            raw if old.write_through else io.BufferedWriter(raw),  # type: ignore[arg-type]
            encoding=old.encoding,
            errors=old.errors,
            line_buffering=number == 2,
            write_through=old.write_through,
        )
    else:
        made = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), encoding=sys.stdin.encoding)
    setattr(sys, name, made)
    setattr(sys, f"__{name}__", made)


def _refused(number: int) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_options: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def _no_chmod() -> None:
    os.chmod = os.fchmod = _refused(errno.EPERM)


def _no_fsync() -> None:
    os.fsync = os.fdatasync = _refused(errno.EIO)


def _no_flock() -> None:
    import fcntl

    fcntl.flock = fcntl.lockf = _refused(errno.ENOLCK)


def _nobody() -> None:
    import pwd

    def unknown(_user: object) -> NoReturn:
        raise KeyError("uid not found")

    pwd.getpwuid = pwd.getpwnam = unknown


def _read_only() -> None:
    """Refuse every file that would be made or changed where Python and the program lie."""
    import nmt_intake

    closed = (sys.prefix, sys.base_prefix, str(Path(nmt_intake.__file__).parents[1]))

    def refuse(event: str, about: tuple[Any, ...]) -> None:
        if event == "open" and str(about[0]).startswith(closed):
            mode, flags = about[1], about[2]
            if set(str(mode or "")) & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR):
                raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), about[0])
        if event in ("os.mkdir", "os.rename", "os.remove") and str(about[0]).startswith(closed):
            raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), about[0])

    sys.addaudithook(refuse)


def _a_user() -> None:
    """Let the password file name a folder of ours: the real one is no place for tests."""
    import pwd

    home = os.environ["DOORS_PASSWD_HOME"]

    def known(_user: object) -> pwd.struct_passwd:
        return pwd.struct_passwd(("ana", "x", os.getuid(), os.getgid(), "", home, "/bin/sh"))

    pwd.getpwuid = pwd.getpwnam = known


FAULTS: Mapping[str, Callable[[], None]] = {
    "no chmod": _no_chmod,
    "no fsync": _no_fsync,
    "no flock": _no_flock,
    "nobody": _nobody,
    "a user": _a_user,
    "read-only": _read_only,
}


class Python:
    """One warm interpreter, started with these flags and variables."""

    def __init__(self, *flags: str, **variables: str) -> None:
        import subprocess

        self.seconds = 0.0  # of processor time, in all commands so far
        requests, self._asks = os.pipe()
        self._answers, answers = os.pipe()
        code = f"from tests.doors.forks import serve; serve({requests}, {answers})"
        here = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, *flags, "-c", code],
            pass_fds=(requests, answers),
            cwd=here,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(here), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(requests)
        os.close(answers)
        self._lines = os.fdopen(self._answers, "rb")

    def run(self, job: Job) -> int:
        """Run one command; return its exit status, minus the signal that ended it."""
        os.write(self._asks, json.dumps(job).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise RuntimeError("the warm interpreter is gone")
        status, seconds = line.split()
        self.seconds += float(seconds)
        return int(status)

    def stop(self) -> None:
        """End it."""
        os.close(self._asks)
        self._process.wait(10)
        self._lines.close()


def serve(requests: int, answers: int) -> None:
    """Answer jobs until the pipe is closed; in each child, be the command."""
    preload()
    gc.freeze()
    job = next_job(requests, answers)
    if job is None:
        return
    os.close(requests)
    os.close(answers)
    become(job)
    sys.argv = ["nmt-intake", *job["argv"]]
    os._exit(_lived())


def _lived() -> int:
    """Run the command and end as the interpreter does, but for taking down every module (250 ms).

    Its last flush is the point: a failed one is 120 with "Exception ignored" on standard error.
    """
    from nmt_intake.cli import main

    try:
        status = main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.flush()
    except Exception:
        sys.stderr.write(f"Exception ignored in: {sys.stdout!r}\n{traceback.format_exc()}")
        status = 120
    with contextlib.suppress(Exception):
        sys.stderr.flush()
    return status
