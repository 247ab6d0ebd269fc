"""Rehearsal: somebody who is made up answers, and the same engine asks."""
