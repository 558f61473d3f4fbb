"""Who may see what. Every view declares its roles; the middleware closes what declares nothing."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final, TypeVar

from django.http import HttpRequest

from haedap.apps.accounts.models import Role

EVERYONE: Final = frozenset({"everyone"})
SIGNED_IN: Final = frozenset(Role.values)
AGENTS: Final = frozenset({Role.AGENT.value})
SUPERVISORS: Final = frozenset({Role.SUPERVISOR.value, Role.ADMINISTRATOR.value})
ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR.value})

_View = TypeVar("_View", bound=Callable[..., object])


def allow(roles: frozenset[str], *, old_password: bool = False) -> Callable[[_View], _View]:
    """Declare that `roles` may use the view; `old_password`: also before the first password has been changed."""

    def declare(view: _View) -> _View:
        view.haedap_roles = roles  # type: ignore[attr-defined]
        view.haedap_old_password = old_password  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: object) -> frozenset[str] | None:
    """The roles that may use `view`; None when it declares nothing."""
    return getattr(view, "haedap_roles", None)


def allows_old_password(view: object) -> bool:
    """Whether the view may be used before the first password has been changed."""
    return bool(getattr(view, "haedap_old_password", False))


def is_api(path: str) -> bool:
    """Whether `path` is answered in JSON."""
    return path.startswith("/api/")


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser: the server has already taken a trusted proxy's word for it.

    None when that is no address, as with a proxy that adds the port.
    """
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
