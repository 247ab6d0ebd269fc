"""nmt-intake: a conversational intake assistant for the Neurosequential view of development.

The public interface, for scripts of a trainer or an agency:

    from nmt_intake import assess, open_home, play, report

    played = play("answers.yaml")
    print(assess(played).metrics)
    print(report(played).markdown)

Each is imported when it is first asked for, so that `import nmt_intake` costs nothing. The parts
are `bank`, `interview`, `store`, `scoring`, `report`, `rehearsal`, `casework`, `tui` and `cli`.
"""

from nmt_intake.version import __version__

TYPE_CHECKING = False  # a type checker takes it for True; `typing` itself takes 10 ms

if TYPE_CHECKING:
    from nmt_intake.casework.scripting import assess, open_home, play, report

__all__ = ["__version__", "assess", "open_home", "play", "report"]


def __getattr__(name: str) -> object:
    """Import what is asked for: 400 ms that `--help` and the version need not pay."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nmt_intake.casework import scripting

    return getattr(scripting, name)
