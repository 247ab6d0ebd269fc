"""The vault at the desk: first run, unlocking, keys, copies, and what a case was found to be.

How to open each; every one is a screen for `push_screen(screen, then)` and gives a result:

- `first_run.FirstRun(keeper, plain_folder=...)` where `keeper.state` is NEW -> `Entered`.
- `unlocking.Unlock(keeper)` where it is LOCKED, at the start and after every lock -> `Entered`.
- `menu.VaultMenu(keeper, ...)` from the case list: passphrase, keys, copies, checks -> None.
- `found.CaseTold.elsewhere(claimed)` and `found.CaseTold.damaged(damaged)` before a case that
  cannot be opened for writing -> True to open it for reading; `found.told_of(recovery)` gives the
  sentence about a file that was not closed or had a torn end.

`keeper` is `nmt_intake.store.home.Home`, or anything with the same methods (`keeper.Keeper`).
`Entered.CASES` says that `keeper.cases` may be used, `Entered.PRACTICE` that only
`keeper.practice` may. `idle.Idle` says when an untouched desk must lock. Before locking, ask the
screens of this package whether they are `busy`: keys must not go while a backup is being written.
"""
