"""`python -m haedap` is the `haedap` command; Ctrl-C while it is still being read ends it without a word."""

import signal

_LISTENS = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _LISTENS:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from haedap.cli import main  # noqa: E402

if _LISTENS:
    signal.signal(signal.SIGINT, signal.default_int_handler)
main()
