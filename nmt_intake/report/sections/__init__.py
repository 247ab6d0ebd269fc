"""The sections of the report: each a function from the material to Markdown."""
