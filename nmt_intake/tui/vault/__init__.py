"""The vault at the desk: first run, unlocking, keys, copies, and what a case was found to be.

How to open each; every one is a screen for `push_screen(screen, then)` and gives a result:

- `entry.entrance(casework)`: the first run where the vault is NEW, else the lock -> `VaultState`,
  OPEN or PRACTICE, for the cases to have at hand.
- `menu.VaultMenu.of(casework)` from the case list: passphrase, keys, copies, checks -> None.
- `covers.CaseTold.elsewhere(claimed)` and `covers.CaseTold.damaged(damaged)` before a case that
  cannot be opened for writing -> True to open it for reading; `covers.told_of(recovery)` gives the
  sentence about a file that was not closed or had a torn end.

`idle.Idle` says when an untouched desk must lock. Before locking, ask the screens of this package
whether they are `busy`: keys must not go while a backup is being written.
"""
