"""The web stack: settings, addresses, middleware, push hub. It meets the engine only in PostgreSQL."""
