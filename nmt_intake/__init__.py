"""nmt-intake: a conversational intake assistant for the Neurosequential view of development.

Nothing is imported here, so that `import nmt_intake` costs nothing: the parts are
`bank`, `interview`, `store`, `scoring`, `report`, `rehearsal`, `tui` and `cli`.
"""

__version__ = "0.1.0"
