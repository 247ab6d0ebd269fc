"""Decides what conditions can come to: proofs by a solver, witnesses that an interview plays."""
