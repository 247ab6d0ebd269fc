"""Files and locks: every call to the system that the store makes goes through here."""
