"""The program's version, where every part may read it without the package's public face."""

__version__ = "0.1.0"
