"""How a server is set: where it listens, who may come, and how much is let in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from glacis.errors import InputError
from glacis.folders import data_folder

LOOPBACK = "127.0.0.1"
PORT = 8000
LEAST_TOKEN = 16
MOST_PORT = 65_535


@dataclass(frozen=True)
class Settings:
    """One server's settings.

    Attributes
    ----------
    token
        What a request must carry; empty if none is needed, which only loopback allows.
    body_bytes
        The largest body of a request.
    workers
        Threads of one answer; all processors if None.
    """

    host: str = LOOPBACK
    port: int = PORT
    token: str = ""
    studies: Path = field(default_factory=lambda: data_folder() / "studies")
    body_bytes: int = 4_000_000
    workers: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MOST_PORT:
            raise InputError(f"--port: must be 0 to {MOST_PORT} (got {self.port})")
        if not self.is_loopback and not self.token:
            raise InputError(
                f"--host {self.host}: others could reach it; give --token SECRET too, of at least "
                f"{LEAST_TOKEN} letters"
            )
        if self.token and (len(self.token) < LEAST_TOKEN or not self.token.isalnum()):
            raise InputError(f"--token: give at least {LEAST_TOKEN} letters and digits")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


__all__ = ["LOOPBACK", "PORT", "Settings"]
