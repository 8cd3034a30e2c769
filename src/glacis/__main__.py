"""``python -m glacis`` is the command ``glacis``."""

from glacis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
