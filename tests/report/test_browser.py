"""What a real browser does with a page full of hostile words: nothing."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nmt_intake.report import Wanted, to_html
from tests.report.small_case import interview_of, report_of, small_bank, worded

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


class Asked(http.server.ThreadingHTTPServer):
    """A server on this machine that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: list[str] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Asked  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[Asked]:
    with Asked() as asked:
        threading.Thread(target=asked.serve_forever, daemon=True).start()
        yield asked
        asked.shutdown()


def opened(page: str, folder: Path) -> str:
    """The document as it stands after a browser has opened the page and run what there is."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    quiet = ("background-networking", "component-update", "sync", "gpu")
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        *(f"--disable-{each}" for each in quiet),
        f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=2000",
        "--dump-dom",
        file.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, timeout=90, check=True)
    return done.stdout.decode()


def hostile(root: str) -> str:
    return "\n".join(
        (
            f"<script src='{root}/script'></script><script>document.title='owned'</script>",
            f"<img src='{root}/img' onerror=\"document.title='owned'\">",
            f"![x]({root}/markdown) [x][r] <{root}/auto>",
            "",
            f"[r]: {root}/reference",
            f"<style>@import '{root}/style'; p {{background: url({root}/url)}}</style>",
            f"<svg onload=\"document.title='owned'\"><image href='{root}/svg'/></svg>",
            f"<iframe src='{root}/frame'></iframe><meta http-equiv=refresh content='0;{root}/go'>",
            f"<link rel=stylesheet href='{root}/link'><form action='{root}/form'>",
        )
    )


def test_nothing_is_fetched_and_no_script_runs(server: Asked, tmp_path: Path) -> None:
    words = hostile(server.root)
    bank = worded(small_bank(), words)
    report = report_of(interview_of(bank=bank, words=words), Wanted(safety_words=True))
    document = opened(to_html(report), tmp_path)

    assert server.paths == []
    assert "<title>owned" not in document
    assert "document.title='owned'" in document  # it stands there, as words


def test_the_policy_alone_would_stop_it_too(server: Asked, tmp_path: Path) -> None:
    page = to_html(report_of(interview_of())).replace("<main>", f"<main>{hostile(server.root)}")
    without_refresh = page.replace("http-equiv=refresh", "")
    document = opened(without_refresh, tmp_path)

    assert server.paths == []
    assert "<title>owned" not in document


def test_this_test_would_notice(server: Asked, tmp_path: Path) -> None:
    bare = f"<html><title>page</title><body>{hostile(server.root)}</body></html>"
    document = opened(bare.replace("http-equiv=refresh", ""), tmp_path)

    assert {"/img", "/script"} <= set(server.paths)
    assert "<title>owned" in document
