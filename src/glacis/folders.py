"""The folders that glacis writes to."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "GLACIS_HOME"


def cache_folder() -> Path:
    """Where compiled kernels are kept; may be deleted at any time."""
    home = _home()
    if home is not None:
        return home / "cache"
    import platformdirs

    return platformdirs.user_cache_path("glacis", appauthor=False)


def data_folder() -> Path:
    """Where stored results are kept."""
    home = _home()
    if home is not None:
        return home / "data"
    import platformdirs

    return platformdirs.user_data_path("glacis", appauthor=False)


def _home() -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser() if home else None
