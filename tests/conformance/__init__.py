"""A conformance suite for branching engines: small banks, answers, and the state that must follow.

`python -m tests.conformance` prints the table; README.md says how to run it against another engine.
"""
