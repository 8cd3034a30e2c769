"""The command that makes a result again, from what the result says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.output import json_text, say, warn
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.executor import Runner
    from glacis.scenario.model import Scenario

LISTED = 20
"""Differences that are told at most."""
LARGEST = 200_000_000
"""Bytes of a result that are read at most."""
NEEDED = {"scenario": str, "seed": int, "worlds": int, "method": dict, "scenario_sha256": str}


def rerun(
    result: Annotated[Path, Parameter(help="A result written by --json.", show_default=False)],
    /,
    *,
    scenario: Annotated[
        str | None,
        Parameter(help="Folder or file of the scenario, if it is not a bundled one."),
    ] = None,
    workers: Annotated[int | None, Parameter(help="Threads; changes no result.")] = None,
) -> None:
    """Make a result again: the same byte for byte, or what has changed."""
    from glacis.cli.progress import working

    text, record = _read(result)
    read = _scenario(record, scenario)
    with working("worlds", workers=workers) as runner:
        again = _again(read, record, runner)
    now = json_text(again)
    if now == text:
        say(f"{result}: reproduced, byte for byte ({record['method']['command']}).")
        return
    say(f"{result}: not the same", style="bold")
    for line in _causes(record, again):
        say(line)
    told = list(_differences(record, again))
    for line in told[:LISTED]:
        say(f"  {line}")
    if len(told) > LISTED:
        say(f"  and {len(told) - LISTED:,} more", style="dim")
    if not told:
        warn("only the way in which it is written differs")


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: is larger than any result; give a file that --json wrote")
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text; give a file that --json wrote") from None
    except (json.JSONDecodeError, RecursionError) as error:
        at = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{path}{at}: is no JSON; give a file that --json wrote") from None
    if not isinstance(record, dict):
        raise InputError(f"{path}: holds no result; give a file that --json wrote")
    for name, kind in NEEDED.items():
        if not isinstance(record.get(name), kind):
            raise InputError(
                f"{path}: has no `{name}`, so that it does not say how it was made; give a result "
                "of assess, compare or claims"
            )
    return text, record


def _scenario(record: Mapping[str, Any], where: str | None) -> Scenario:
    from glacis.scenario.read import bundled_names, read_scenario

    name = record["scenario"]
    if where is None and name not in bundled_names():
        raise InputError(f"{name}: is no bundled scenario; give its folder or file with --scenario")
    read = read_scenario(where or name)
    variants, overrides = record.get("variants") or [], record.get("overrides") or {}
    if not isinstance(variants, list) or not isinstance(overrides, dict):
        raise InputError("variants and overrides: must be a list and a mapping")
    if variants:
        read = read.variant(*map(str, variants))
    return read.replace(overrides) if overrides else read


def _again(scenario: Scenario, record: Mapping[str, Any], runner: Runner) -> dict[str, Any]:
    method, run = record["method"], {"worlds": record["worlds"], "seed": record["seed"]}
    command = method.get("command")
    if command in ("assess", "compare"):
        from glacis.cli.compare import result_of

        return result_of(scenario, method, runner=runner, **run)
    if command == "claims":
        from glacis.study.claims import claims

        reds, only = method.get("reds"), method.get("claim")
        if not isinstance(reds, list | None) or not isinstance(only, str | None):
            raise InputError("method: `reds` must be a list and `claim` an id, or null")
        return claims(scenario, only, reds=reds, runner=runner, **run).to_record()
    raise InputError(f"method.command {command!r}: can only make assess, compare and claims again")


def _causes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if then.get("glacis") != now["glacis"]:
        yield f"  made by glacis {then.get('glacis')}, and this is {now['glacis']}"
    if then["scenario_sha256"] != now["scenario_sha256"]:
        yield (
            f"  the scenario has changed: {then['scenario_sha256'][:12]} then, "
            f"{now['scenario_sha256'][:12]} now"
        )


def _differences(then: Any, now: Any, path: str = "") -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            where = f"{path}.{key}" if path else str(key)
            if key in ("glacis", "scenario_sha256") and not path:
                continue
            if key not in now:
                yield f"{where}: is gone"
            elif key not in then:
                yield f"{where}: is new"
            else:
                yield from _differences(then[key], now[key], where)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, pair in enumerate(zip(then, now, strict=True)):
            yield from _differences(*pair, f"{path}.{number}")
    elif then != now:
        yield f"{path}: {_short(then)} then, {_short(now)} now"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
