"""How events become an interview: ledger, setting, and what stands for each slot."""
