"""The interview: typed events in, a value out. No screen and no store is known here."""
