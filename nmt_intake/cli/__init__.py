"""The command line: every job without a screen. `main` is what `nmt-intake` runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 problems found, 2 bad input.

    What goes wrong is told in one line on standard error; nothing personal is in it. 0 means that
    every byte is where it was asked for, or that nobody reads it any more.
    """
    from nmt_intake.cli.streams import OutputLost, ReaderGone, say, standard_streams

    chosen = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with standard_streams():
            return _run(chosen)
    except ReaderGone:
        return 0
    except OutputLost as lost:
        say(
            f"nmt-intake: standard output: cannot be written ({lost.reason})."
            " What is there is not whole. [OUT-004]"
        )
        return 2
    except KeyboardInterrupt:
        return 130


def _run(chosen: Sequence[str]) -> int:
    """Run one command; what standard output does not take goes through to the caller."""
    from nmt_intake.cli.arguments import parser
    from nmt_intake.cli.streams import OutputLost, ReaderGone, say
    from nmt_intake.errors import IntakeError
    from nmt_intake.text import clean_line

    try:
        options = parser().parse_args(chosen)
        return options.run(options)
    except IntakeError as error:
        for line in str(error).splitlines():
            say(f"nmt-intake: {clean_line(line, 4000)}")
        return error.status
    except SystemExit as end:  # the parser's: help, the version, or bad usage
        return end.code if isinstance(end.code, int) else 2
    except (OutputLost, ReaderGone):
        raise
    except Exception as error:  # the outermost frame: type and place, never the content
        from nmt_intake.crash_reports import last_words

        say(last_words(error, "CRASH-001"))
        return 1
