"""가상 자료: a synthetic year, with the figures that a city has published and everything else invented.

`plan` (pure) decides all of it from a profile and a seed: `counts` how many of what, `arrivals` when, `shifts` who
answers and how long the citizens wait, `outcomes` what becomes of them. `tables` makes the rows of the read models of
it, and `writing` puts them into a centre.
"""


class YearError(Exception):
    """The year cannot be written. The message is a Korean sentence for whoever ran the command."""
