"""The command line: `main` is the program ``glacis``.

Each command stands in the module of what it is about and imports what it needs when it runs.
Exit codes: 0 done, 1 internal error, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from glacis.cli import (
    alliance,
    campaign,
    claims,
    compare,
    demo,
    game,
    report,
    rerun,
    scenario,
    serve,
    study,
)
from glacis.cli.output import warn
from glacis.errors import Cancelled, InputError

DONE, INTERNAL, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

REPORT = "please report it, with the command and the output of the same with -v"


def _version() -> str:
    from glacis import __version__

    return f"glacis {__version__}"


app = App(
    name="glacis",
    help="A laboratory for deterrence postures: what each would change, under stated assumptions.",
    version=_version,
    help_format="plaintext",
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
COMMANDS: tuple[Callable[..., object], ...] = (
    demo.demo,
    scenario.scenarios,
    scenario.postures,
    scenario.check,
    scenario.new,
    campaign.campaign,
    alliance.alliance,
    game.game,
    compare.assess,
    compare.compare,
    claims.claims,
    rerun.rerun,
    study.backtest,
    report.report,
    serve.serve,
    study.bench,
    scenario.where,
)
for place, command in enumerate(COMMANDS):
    app.command(command, sort_key=place)
app.register_install_completion_command(add_to_startup=True)
app.meta.suppress_keyboard_interrupt = False  # it does not take this from `app`


@app.meta.default
def _with_global_flags(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    verbose: Annotated[
        bool,
        Parameter(name=["--verbose", "-v"], negative="", show_default=False, help="Tell more."),
    ] = False,
    quiet: Annotated[
        bool,
        Parameter(name=["--quiet", "-q"], negative="", show_default=False, help="Tell less."),
    ] = False,
) -> object:
    """Set how much is told, then run the command."""
    _log_to_standard_error(
        logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING
    )
    return app(tokens)


def _log_to_standard_error(level: int) -> None:
    logger = logging.getLogger("glacis")
    logger.setLevel(level)
    if not any(isinstance(one, logging.StreamHandler) for one in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        What follows the program's name; by default that of this process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has had enough (`glacis check ... | head`). Python would
        # complain again while it flushes at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _run(arguments: list[str]) -> int:
    try:
        code = app.meta(arguments)
    except (KeyboardInterrupt, Cancelled):
        warn("interrupted")
        return INTERRUPTED
    except CycloptsError as error:
        warn(f"glacis: {_sentence(error)}; `glacis {_command(arguments)}--help` shows what fits")
        return BAD_INPUT
    except InputError as error:
        warn(str(error))
        return BAD_INPUT
    except SystemExit as ending:
        # What rich makes of a closed pipe while cyclopts prints help.
        if isinstance(ending.__context__, BrokenPipeError):
            raise ending.__context__ from None
        return ending.code if isinstance(ending.code, int) else DONE
    except BrokenPipeError:
        raise
    except Exception as error:
        _tell_internal(error, is_verbose=bool({"-v", "--verbose"} & set(arguments)))
        return INTERNAL
    return code if isinstance(code, int) else DONE


def _sentence(error: CycloptsError) -> str:
    """What cyclopts found, on one line and without its full stop."""
    return " ".join(str(error).split()).rstrip(".")


def _command(arguments: Sequence[str]) -> str:
    named = next((text for text in arguments if not text.startswith("-")), "")
    return f"{named} " if named in app else ""


def _tell_internal(error: Exception, *, is_verbose: bool) -> None:
    if is_verbose:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    warn(f"glacis: internal error ({type(error).__name__}: {error}); {REPORT}")
