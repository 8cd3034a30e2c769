"""A comparison as a data frame in a file: one row for each posture and world."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glacis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from glacis.study.compare import Comparison
    from glacis.study.grid import Grid
    from glacis.study.sweep import Sweep

FORMS = (".csv", ".parquet", ".nc")

__all__ = ["export", "export_grid", "export_sweep", "frame", "refuse_unknown"]


def frame(study: Comparison) -> pd.DataFrame:
    """One row for each posture and world, one column for each figure.

    A figure with further dimensions has a column for each label, such as ``outcomes.deterred``.
    """
    import pandas as pd

    columns: dict[str, object] = {
        "posture": np.repeat(study.postures, study.n),
        "world": np.tile(np.arange(study.n), len(study.postures)),
    }
    for name, one in study.dataset.data_vars.items():
        values = one.to_numpy().reshape(len(study.postures) * study.n, -1)
        labels = [""]
        for dim in one.dims[2:]:
            along = [str(label) for label in study.dataset[dim].to_numpy()]
            labels = [f"{label}.{own}" for label in labels for own in along]
        for k, label in enumerate(labels):
            columns[f"{name}{label}"] = values[:, k]
    return pd.DataFrame(columns)


def export_sweep(found: Sweep, path: Path) -> None:
    """Write every world's values under every variant; the same as `export` of one comparison.

    Raises
    ------
    InputError
        As for `export`.
    """
    import pandas as pd

    refuse_unknown(path)
    frames = {name: frame(study) for name, study in found.studies.items()}
    table = pd.concat(frames, names=["variant", None]).reset_index(level=0).reset_index(drop=True)
    _whole(path, lambda at: _write_frame(table, found.to_dataset, at))


def export_grid(found: Grid, path: Path) -> None:
    """Write every cell's figures: a row for each pair of values, a column for each figure's mean.

    Raises
    ------
    InputError
        As for `export`.
    """
    refuse_unknown(path)
    table = found.dataset["mean"].to_series().unstack("figure").reindex(columns=found.figures)
    table = table.rename_axis(index={"x": found.x.path, "y": found.y.path}, columns=None)
    _whole(path, lambda at: _write_frame(table.reset_index(), found.to_dataset, at))


def refuse_unknown(path: Path) -> None:
    """Refuse a file of a form that cannot be written, before long work is done for it.

    Raises
    ------
    InputError
        If its name ends otherwise, or what writes that form is not installed.
    """
    if path.suffix not in FORMS:
        raise InputError(f"{path}: must end in {', '.join(FORMS)}; name it so")
    needs = {".parquet": "pyarrow", ".nc": "scipy"}.get(path.suffix)
    if needs is not None and not _is_installed(needs):
        raise InputError(f"{path}: needs {needs}; `pip install {needs}`, or write .csv or .nc")


def _is_installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def export(study: Comparison, path: Path) -> None:
    """Write every world's values, all of them or nothing.

    Raises
    ------
    InputError
        If the form is not known, or the file cannot be written.
    """
    refuse_unknown(path)
    _whole(path, lambda at: _write_frame(frame(study), study.to_dataset, at))


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    """A file written whole or not at all."""
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, suffix=path.suffix, delete=False
        ) as stream:
            temporary = Path(stream.name)
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot be written ({reason}); give another path") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _write_frame(table: pd.DataFrame, dataset: Callable[[], xr.Dataset], path: Path) -> None:
    if path.suffix == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    elif path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        whole = dataset()
        told = {
            key: str(value) if isinstance(value, dict | list) else value
            for key, value in whole.attrs.items()
        }
        whole.assign_attrs(told).to_netcdf(path, engine="scipy")
