"""Where the folders of a centre are, for root and for an ordinary user."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from haedap.settings_fields import ConfigError

_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_LONGEST_SOCKET = 100
"""For a folder that we choose: it leaves room for Asterisk's own name, too."""
_LONGEST_GIVEN = 107
_PLAIN = re.compile(r"[\w/.+-]+")
"""Anything else means something in the address of a database, or in PostgreSQL's list of folders."""


@dataclass(frozen=True, slots=True)
class HaedapFolders:
    """The three roots: the sources, what can be fetched again, and what is this centre's own."""

    checkout: Path
    cache: Path
    state: Path


def default_folders(environ: Mapping[str, str]) -> HaedapFolders:
    """The folders by `HAEDAP_CHECKOUT`, `HAEDAP_CACHE` and `HAEDAP_STATE`, else by who runs and where."""
    checkout = _named(environ, "HAEDAP_CHECKOUT") or Path(__file__).resolve().parents[2]
    cache = _named(environ, "HAEDAP_CACHE") or _default_cache(environ)
    return HaedapFolders(checkout, cache, _named(environ, "HAEDAP_STATE") or _default_state(checkout))


def reachable_by_others(path: Path) -> bool:
    """Whether a user who is neither owner nor in the group can read what lies at `path` (it may not exist yet)."""
    existing = [place for place in (path, *path.parents) if place.exists()]
    modes = [place.stat().st_mode for place in existing]
    return bool(modes[0] & stat.S_IROTH) and all(mode & stat.S_IXOTH for mode in modes if stat.S_ISDIR(mode))


def socket_folder(state: Path) -> Path:
    """A folder for the unix sockets of the centre at `state`, below /tmp when its own cannot hold any."""
    natural = state / "run"
    if holds_sockets(natural, _LONGEST_SOCKET):
        return natural
    return Path("/tmp") / f"haedap-{path_mark(state)}"  # noqa: S108 - made private and checked when it is made


def holds_sockets(folder: Path, longest: int = _LONGEST_GIVEN) -> bool:
    """Whether sockets may lie in `folder`: the kernel takes no path of 108 bytes or more, others take no spaces."""
    short = len(os.fsencode(folder)) + len(_SOCKET_NAME) <= longest
    return short and _PLAIN.fullmatch(str(folder)) is not None


def path_mark(path: Path) -> str:
    """A short name that tells folders of equal names apart."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _named(environ: Mapping[str, str], variable: str) -> Path | None:
    value = environ.get(variable, "").strip()
    try:
        return Path(value).expanduser().resolve() if value else None
    except RuntimeError:  # `~name` of nobody
        raise ConfigError(f"{variable}의 폴더를 찾을 수 없습니다: {value[:80]}. 절대 경로로 지정하십시오.") from None


def _default_cache(environ: Mapping[str, str]) -> Path:
    if os.geteuid() == 0:
        return Path("/var/cache/haedap")
    base = environ.get("XDG_CACHE_HOME", "").strip()
    return (Path(base) if base else Path.home() / ".cache") / "haedap"


def _default_state(checkout: Path) -> Path:
    """In the checkout, except where root's servers, which run as another user, could not get at it."""
    if os.geteuid() != 0 or reachable_by_others(checkout):
        return checkout / "var"
    return Path("/var/lib/haedap") / f"{checkout.name}-{path_mark(checkout)}"
