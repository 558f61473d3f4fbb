"""A real Asterisk, real sound and telephones that do exactly what a test says, for tests of the voice channel."""
