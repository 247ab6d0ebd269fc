"""Spoken times with the meaning that .readme/times.md gives them, and how a reader is judged."""
