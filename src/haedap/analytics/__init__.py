"""Every figure of the centre, defined once: as an Ibis expression, compiled to the SQL that is run.

* `tables`: the read models as Ibis sees them, and the interval and settings of one question (`Scope`).
* `conditions`: what figures ask of a contact, and how a fact keeps the answers.
* `measures`: what each figure is, with its name, unit, formula and cohort rule.
* `queries`: the compiled statements; `figures`: the figures of a day put together for a screen.
"""


class AnalyticsError(Exception):
    """A question about figures cannot be answered as asked; the message is one Korean sentence."""
