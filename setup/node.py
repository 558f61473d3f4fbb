"""`python3 -m setup.node`: prints the PATH on which node and npm are found."""

import sys
from threading import Event

from setup import steps

if __name__ == "__main__":
    sys.stdout.write(steps.node_path(steps.here(tests=True), lambda _text: None, Event()) + "\n")
