"""The vault: what a passphrase opens, and what guards the keys while they are in memory."""
