"""Finds answers that make conditions true or false: for checking a bank, and for covering it."""
