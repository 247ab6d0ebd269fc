"""Sealed cases behind the protocols of the store, with their keys, index and audit."""
