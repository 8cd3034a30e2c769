"""The command that solves a game: one that stands by itself, or the crisis of a scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, USUAL, Changes, Json, PostureName, Run
from glacis.cli.output import Column, is_standard_output, say, table, warn, write_json, write_text
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.crisis.equilibrium import Equilibrium
    from glacis.scenario.game import GameFile

MOST_STARTS = 10_000
MOST_SHOWN = 10  # equilibria
NOISE = 1e-6  # of the largest worth
USUAL_PRECISION = 5.0


@Parameter(name="*")
@dataclass(frozen=True)
class Solving:
    """Which equilibrium is looked for."""

    precision: Annotated[
        float | None,
        Parameter(
            help="Of choice, by the unit of payoffs; 5 if left out, a scenario's own in a crisis."
        ),
    ] = None
    limit: Annotated[
        bool,
        Parameter(
            negative="",
            show_default=False,
            help="Solve for precision without end: a sequential equilibrium.",
        ),
    ] = False
    starts: Annotated[
        int, Parameter(help="Look for other equilibria from so many random starts.")
    ] = 0


@Parameter(name="*")
@dataclass(frozen=True)
class Crisis:
    """Which of a scenario's crises is played, and which world of it is written and drawn."""

    posture: PostureName | None = None
    world: Annotated[
        int | None,
        Parameter(help="The world that is written and drawn; that of the median if left out."),
    ] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Files:
    """Where a game and its solution go."""

    efg: Annotated[
        Path | None, Parameter(metavar="FILE", help="Write the game in Gambit's format.")
    ] = None
    svg: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="Draw the tree, each way as thick as it is likely."),
    ] = None
    figure: Annotated[
        Path | None,
        Parameter(
            metavar="DIR",
            help="Draw a scenario's crisis into a folder, as PNG: what Red does, attack over "
            "belief and denial, and how its belief came about.",
        ),
    ] = None
    json: Json = None


#: The defaults: the principal branch at the usual precision; a scenario's own posture; no files.
PRINCIPAL = Solving()
AS_IT_STANDS = Crisis()
NOWHERE = Files()


def game(
    where: Annotated[
        str,
        Parameter(
            help="A scenario with a crisis; a bundled game; or a file, in Gambit's format (.efg) "
            "or of stages declared in YAML.",
            show_default=False,
        ),
    ],
    /,
    *,
    solving: Solving = PRINCIPAL,
    crisis: Crisis = AS_IT_STANDS,
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    files: Files = NOWHERE,
) -> None:
    """Solve a game: how everybody plays at a precision of choice, what they believe, and proof.

    The equilibrium is the agent logit quantal response equilibrium on the
    branch that grows out of indifference. The crisis of a scenario is solved
    in every world, as the challenger sees it: for that are --posture, --world,
    --figure, --set, --variant, --worlds and --workers.
    """
    if _is_scenario(where):
        from glacis.cli.crisis import play_crisis

        if solving.limit or solving.starts:
            raise InputError(
                f"{where} is a scenario: --limit and --starts are for one game by itself; write "
                "that of a world with --efg FILE, and solve the file"
            )
        play_crisis(
            changes.read(where),
            posture=crisis.posture,
            world=crisis.world,
            precision=solving.precision,
            run=run,
            files=files,
        )
        return
    if crisis != AS_IT_STANDS or changes != UNCHANGED or files.figure is not None:
        raise InputError(
            f"{where} is a game by itself: --posture, --world, --set, --variant and --figure are "
            "for the crisis of a scenario; leave them out"
        )
    _solve_one(where, solving, run, files)


def _is_scenario(where: str) -> bool:
    """Whether a scenario is meant: a bundled one, a folder, or a YAML file without stages.

    Raises
    ------
    InputError
        If it is neither that nor a game.
    """
    from glacis.crisis.reading import catalogue_names
    from glacis.scenario.read import bundled_names

    path = Path(where)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # no name that a file could have
        is_folder = is_file = False
    if is_folder:
        return True
    if is_file:
        return path.suffix.lower() in (".yaml", ".yml") and not _has_stages(path)
    if where not in (*catalogue_names(), *bundled_names()):
        raise InputError(
            f"{where[:200] or repr('')}: no such game or scenario; give a file (.efg or .yaml), a "
            f"scenario's folder, one of the games {', '.join(catalogue_names())}, or one of the "
            f"scenarios {', '.join(bundled_names())}"
        )
    return where in bundled_names()


def _has_stages(path: Path) -> bool:
    """Whether a file declares stages at its top level, or cannot be read (which is told later)."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            keys = [line.partition(":")[0].strip("\"' ") for line in lines if line[:1].strip()]
    except (OSError, ValueError):
        return True
    return "stages" in keys or ("nations" not in keys and "extends" not in keys)


def _solve_one(where: str, solving: Solving, run: Run, files: Files) -> None:
    """Solve a game that stands by itself."""
    from glacis.cli.progress import working
    from glacis.crisis.efg import read_efg, write_efg
    from glacis.crisis.equilibrium import branches, solve
    from glacis.crisis.reading import game_of, read_form
    from glacis.scenario.model import walk_quantities

    efg, svg, json = files.efg, files.svg, files.json
    precision, starts = _precision(solving), solving.starts
    if not 0 <= starts <= MOST_STARTS:
        raise InputError(f"--starts {starts}: must be from 0 to {MOST_STARTS:,}; give fewer")
    about = None if Path(where).suffix.lower() == ".efg" else read_form(where)
    read = read_efg(Path(where)) if about is None else game_of(about)
    if about is not None and any(not one.is_certain for _, one in walk_quantities(about)):
        warn("ranges of this game count by their central values", style="dim")
    with working("equilibria") as runner:
        if starts:
            found = branches(read, precision=precision, starts=starts, seed=run.seed, runner=runner)
        else:
            found = (solve(read, precision=precision, runner=runner),)
    if efg is not None:
        write_text(efg, write_efg(read))
    if json is not None:
        others = {"others": [one.to_record() for one in found[1:]]} if starts else {}
        write_json(json, found[0].to_record() | others)
    if not is_standard_output(json):
        _tell(found, about=about, is_asked_for_more=starts > 0)
    if svg is not None:
        from glacis.figures.tree import as_svg, tree_figure

        write_text(svg, as_svg(tree_figure(found[0])))


def _precision(solving: Solving) -> float:
    if solving.limit:
        if solving.precision is not None:
            raise InputError("--limit: precision has no end there; leave --precision out")
        return math.inf
    at = USUAL_PRECISION if solving.precision is None else solving.precision
    if not 0 <= at < math.inf:
        raise InputError(f"--precision {at:g}: must be a number >= 0; use --limit for no end")
    return at


def _tell(
    found: tuple[Equilibrium, ...], *, about: GameFile | None, is_asked_for_more: bool
) -> None:
    first = found[0]
    game = first.game
    at = "in the limit" if math.isinf(first.precision) else f"at precision {first.precision:g}"
    title = game.title or "untitled game"
    counts = (
        _counted(len(game.nodes), "node", "nodes"),
        _counted(len(game.terminals), "leaf", "leaves"),
        _counted(len(game.decisions), "information set", "information sets"),
    )
    say(f"{title}: {', '.join(counts)}; {at}", style="bold")
    if about is not None and about.solution:
        say(f"Known of it: {about.solution}", style="dim")
    _tell_table(first)
    _tell_certificate(first)
    if is_asked_for_more:
        for number, other in enumerate(found[1:MOST_SHOWN], 2):
            say("")
            say(f"Equilibrium {number}", style="bold")
            _tell_table(other)
            _tell_certificate(other)
        number = len(found)
        shown = "" if number <= MOST_SHOWN else f", {MOST_SHOWN} shown (--json has all)"
        say(f"{number} equilibri{'um' if number == 1 else 'a'} found{shown}; there may be more.")


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _tell_table(found: Equilibrium) -> None:
    from glacis.crisis.equilibrium import distinct

    columns: list[Column] = [
        ("player", "left"),
        ("set", "right"),
        ("", "left"),
        ("action", "left"),
        ("plays", "right"),
        ("worth", "right"),
        ("believes", "left"),
    ]
    grain = NOISE * max((abs(worth) for told in found.worths for worth in told), default=0.0)
    rows = []
    for h, k in enumerate(found.game.decisions):
        one = found.game.sets[k]
        belief = (
            ", ".join(_percent(p) for p in found.beliefs[h]) if len(found.beliefs[h]) > 1 else ""
        )
        for a, action in enumerate(distinct(one.actions)):
            who = (found.game.players[one.player], str(one.number), one.label)
            head = who if a == 0 else ("", "", "")
            shown = _percent(found.shares[h][a]), _worth(found.worths[h][a], grain)
            rows.append((*head, action, *shown, belief if a == 0 else ""))
    table(columns, rows)
    if any(len(told) > 1 for told in found.beliefs):
        say(
            "Believes: how likely it takes each node of the set to be, in the order of the tree.",
            style="dim",
        )


def _worth(worth: float, grain: float) -> str:
    """What an action is worth; what rounding leaves of nothing is told as that."""
    return f"{0.0 if abs(worth) < grain else worth:.4g}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _tell_certificate(found: Equilibrium) -> None:
    parts = [f"residual {found.residual:.1e}"] if math.isfinite(found.precision) else []
    errs = "" if math.isinf(found.precision) else ", for choice errs at any finite precision"
    parts.append(f"largest regret {found.regret:.3g}{errs}")
    if found.last_place >= 0:
        parts.append(f"given up by the least credible last move {found.last_loss:.3g}")
    if found.turns:
        parts.append(f"the branch turned back {_times(found.turns)}")
    if found.forks:
        parts.append(f"the branch crossed another {_times(found.forks)}")
    say(f"{found.status.capitalize()}; {'; '.join(parts)}.", style="dim")
    if not found.is_converged:
        warn(f"not an equilibrium: the path is {found.status}; try a lower precision")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
