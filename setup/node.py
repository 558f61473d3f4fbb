"""`python3 -m setup.node`: prints the PATH on which node and npm are found."""

import sys
from threading import Event

from setup import steps
from setup.commands import SetupError

if __name__ == "__main__":
    set_up = Event()
    set_up.set()  # nobody else is at it whom to wait for
    try:
        sys.stdout.write(steps.node_path(steps.here(tests=True), lambda _text: None, set_up) + "\n")
    except SetupError as error:
        sys.exit(f"해답: {error}")
