"""The interview: the screen, the talk it holds, and what it asks for in words."""

from nmt_intake.tui.screens.interview.screen import InterviewScreen

__all__ = ["InterviewScreen"]
