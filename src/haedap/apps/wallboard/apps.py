"""Django registration."""

from django.apps import AppConfig


class WallboardConfig(AppConfig):
    """The app `wallboard`."""

    name = "haedap.apps.wallboard"
    label = "wallboard"

    def ready(self) -> None:
        """Let log-outs and changed accounts reach open sockets."""
        from haedap.apps.wallboard.wake import connect_signals

        connect_signals()
