"""What an agent does: commands to the engine and telephone credentials."""
