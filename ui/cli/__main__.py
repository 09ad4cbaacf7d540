"""`python -m ui.cli` is `quoth`."""

from ui.cli import main

raise SystemExit(main())
