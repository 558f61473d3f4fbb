"""The vocabulary of a contact centre: ids, states, events, decisions, facts and the plan. Pure data.

Everything here is frozen, carries its own time where time matters, and travels as JSON (see `codec`).

* An *event* is what happened outside: a call arrived, an agent pressed a key, time passed.
* A *decision* is a request with an id to a channel; what becomes of it comes back as an event.
* A *fact* is what became true inside; facts make the record, the figures and the screens.
"""
