"""관제: supervisors see the floor, take part in talks, and protect agents from abuse."""
