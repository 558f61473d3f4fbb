"""해답시's systems as real servers on loopback: for the demo and for tests, never for a real centre."""


class FakeCityError(Exception):
    """The root of this package's exceptions: one Korean sentence with what to do."""
