"""Measures how long glacis takes to start, and holds it to its bars.

Run with the interpreter of the environment that glacis is installed in::

    .venv/bin/python scripts/measure_startup.py

Ends with 1 if a median is above its bar.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

RUNS = 7
IMPORT = (
    "import time; start = time.perf_counter(); import glacis; print(time.perf_counter() - start)"
)


def import_seconds() -> float:
    """Seconds that `import glacis` takes, the interpreter's own start left out."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def command_seconds(*arguments: str) -> float:
    """Seconds from starting ``glacis ARGUMENTS`` to its end."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "glacis", *arguments], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def is_within(name: str, bar: float, *, measure: Callable[[], float]) -> bool:
    """Whether the median of several runs is at most `bar` seconds; prints a line about it."""
    measure()  # the first run fills the file cache and writes bytecode
    times = sorted(measure() for _ in range(RUNS))
    median = statistics.median(times)
    verdict = "met" if median <= bar else "MISSED"
    print(
        f"{name:22} median {median * 1000:6.0f} ms  ({times[0] * 1000:.0f} to "
        f"{times[-1] * 1000:.0f})  bar {bar * 1000:.0f} ms  {verdict}"
    )
    return median <= bar


def main() -> int:
    """Measure the three starts that users feel; 0 if all keep their bars."""
    kept = [
        is_within("import glacis", 0.25, measure=import_seconds),
        is_within("glacis --help", 0.4, measure=lambda: command_seconds("--help")),
        is_within("glacis check baltic", 1.5, measure=lambda: command_seconds("check", "baltic")),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
