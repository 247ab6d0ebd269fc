"""The question bank: read, checked and compiled from YAML written by clinicians and authors."""
