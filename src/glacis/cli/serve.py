"""The command that opens the page."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from glacis.cli.output import say, warn


def serve(
    *,
    port: Annotated[int, Parameter(help="Port; 0 takes any that is free.")] = 8000,
    host: Annotated[
        str, Parameter(help="Address to listen on; beyond this machine only with --token.")
    ] = "127.0.0.1",
    token: Annotated[
        str, Parameter(help="What a visitor must know: at least 16 letters and digits.")
    ] = "",
    workers: Annotated[int | None, Parameter(help="Threads of an answer; changes none.")] = None,
    open_page: Annotated[
        bool, Parameter(name="--open", negative="", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Serve the page and the REST interface on this machine."""
    from glacis.web.serve import serve as served
    from glacis.web.settings import Settings

    settings = Settings(host=host, port=port, token=token, workers=workers)

    def started(address: str) -> None:
        say(f"glacis is at {address}")
        warn("Ctrl-C ends it.", style="dim")
        if open_page:
            import webbrowser

            webbrowser.open(address)

    served(settings, started=started)


__all__ = ["serve"]
