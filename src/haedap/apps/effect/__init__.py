"""The effect: what articles and look-ups do for the calls, and what to connect next."""
