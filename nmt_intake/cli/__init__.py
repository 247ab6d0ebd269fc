"""The command line: every job without a screen. `main` is what `nmt-intake` runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 problems found, 2 bad input.

    What goes wrong is told in one line on standard error; nothing personal is in it.
    """
    from nmt_intake.cli.arguments import parser
    from nmt_intake.errors import IntakeError
    from nmt_intake.text import clean_line

    options = parser().parse_args(sys.argv[1:] if arguments is None else list(arguments))
    try:
        return options.run(options)
    except IntakeError as error:
        for line in str(error).splitlines():
            print(f"nmt-intake: {clean_line(line, 4000)}", file=sys.stderr)
        return error.status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the outermost frame: type and place, never the content
        from nmt_intake.crash_reports import last_words

        print(last_words(error, "CRASH-001"), file=sys.stderr)
        return 1
