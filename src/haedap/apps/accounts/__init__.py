"""People who use Haedap: accounts, roles, log-in."""
