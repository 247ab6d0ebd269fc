"""`python -m nmt_intake` is the command `nmt-intake`."""

from nmt_intake.cli import main

raise SystemExit(main())
