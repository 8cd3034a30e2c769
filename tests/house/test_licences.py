"""What glacis needs at run time is permissively licensed, dependencies of dependencies too."""

from __future__ import annotations

import re
import tomllib
from collections import deque
from email.message import Message
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "HPND",
        "ISC",
        "MIT",
        "MIT-CMU",
        "MIT-0",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    }
)
PERMISSIVE_CLASSIFIERS = frozenset(
    {
        "Apache Software License",
        "BSD License",
        "ISC License (ISCL)",
        "MIT License",
        "Python Software Foundation License",
        "The Unlicense (Unlicense)",
        "zlib/libpng License",
    }
)
#: The free-text field as some projects fill it.
PERMISSIVE_TEXTS = frozenset(
    {
        "apache-2.0",
        "apache 2.0",
        "bsd",
        "bsd-3-clause",
        "bsd 3-clause license",
        "mit",
        "mit license",
    }
)
COPYLEFT = re.compile(r"GPL|General Public|EUPL|SSPL|Affero", re.IGNORECASE)


def requirements() -> list[Requirement]:
    """What pyproject.toml asks for at run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def closure() -> list[str]:
    """Names of all distributions that the requirements lead to on this machine."""
    seen: dict[str, set[str]] = {}
    waiting = deque(requirements())
    while waiting:
        needed = waiting.popleft()
        name, extras = canonicalize_name(needed.name), {"", *needed.extras}
        new = extras - seen.setdefault(name, set())
        seen[name] |= new
        if not new:
            continue
        for line in distribution(name).requires or []:
            further = Requirement(line)
            if further.marker is None or any(
                further.marker.evaluate({"extra": extra}) for extra in new
            ):
                waiting.append(further)
    return sorted(seen)


def is_permissive_expression(expression: str) -> bool:
    """Whether an SPDX expression leaves a way to use the work under permissive terms alone.

    An `OR` offers a choice; where `AND` stands too, every licence named must be permissive.
    """
    bare = re.sub(r" WITH [\w.-]+", "", expression).strip("() ")
    named = [re.sub(r"[()\s]", "", part) for part in re.split(r"\bAND\b|\bOR\b", bare)]
    test = any if " AND " not in bare else all
    return test(part in PERMISSIVE for part in named)


def complaint(metadata: Message) -> str:
    """What is wrong with a distribution's licence; empty if nothing."""
    expression = metadata.get("License-Expression")
    if expression:
        return "" if is_permissive_expression(expression) else f"licence {expression}"
    classifiers = [
        line.split(" :: ")[-1]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    text = (metadata.get("License") or "").strip()
    title = text.splitlines()[0] if text else ""
    told = "; ".join([*classifiers, title])
    if COPYLEFT.search(told):
        return f"copyleft: {told}"
    if PERMISSIVE_CLASSIFIERS & set(classifiers) or title.lower() in PERMISSIVE_TEXTS:
        return ""
    return f"unknown licence: {told or 'none given'}"


@pytest.mark.parametrize("name", closure())
def test_licence_is_permissive(name: str) -> None:
    found = complaint(distribution(name).metadata)  # type: ignore[arg-type]  # it is a Message
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize(
    "fields, fine",
    [
        ({"License-Expression": "MIT"}, True),
        ({"License-Expression": "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception"}, True),
        ({"License-Expression": "MIT OR GPL-3.0-only"}, True),
        ({"License-Expression": "MIT AND LGPL-2.1-or-later"}, False),
        ({"License-Expression": "(MIT OR Apache-2.0) AND GPL-2.0-only"}, False),
        ({"License-Expression": "AGPL-3.0-only", "License": "MIT"}, False),
        ({"License": "MIT"}, True),
        ({"License": "LGPLv3"}, False),
        ({"License": "own terms"}, False),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, True),
        ({"Classifier": "License :: OSI Approved :: GNU Affero General Public License v3"}, False),
        ({}, False),
    ],
)
def test_verdicts(fields: dict[str, str], fine: bool) -> None:
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value
    assert (complaint(metadata) == "") is fine


def test_programs_under_copyleft_stay_out() -> None:
    refused = {"pygambit", "igraph", "python-igraph", "ema-workbench", "platypus-opt", "prim"}
    assert not refused & set(closure())
