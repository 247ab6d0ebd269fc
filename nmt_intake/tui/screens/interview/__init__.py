"""The interview screen, in three layers: asking for words, showing, answering."""

from nmt_intake.tui.screens.interview.screen import InterviewScreen

__all__ = ["InterviewScreen"]
