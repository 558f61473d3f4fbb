"""Snapshots: the engine's state after a row of the journal, so that a start need not replay everything."""

from datetime import datetime

from haedap.store.connection import Connection, passing_errors

_KEPT = 3


async def save_snapshot(connection: Connection, seq: int, at: datetime, data: bytes) -> None:
    """Keep `data` (JSON) as the state after row `seq`, and two snapshots before it. Raises StoreUnavailableError."""
    with passing_errors():
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO router_snapshot (seq, at, data) VALUES (%s, %s, %s::jsonb)"
                " ON CONFLICT (seq) DO UPDATE SET at = excluded.at, data = excluded.data",
                (seq, at, data.decode()),
            )
            await connection.execute(
                "DELETE FROM router_snapshot WHERE seq NOT IN"
                " (SELECT seq FROM router_snapshot ORDER BY seq DESC LIMIT %s)",
                (_KEPT,),
            )


async def load_snapshots(connection: Connection) -> list[tuple[int, bytes]]:
    """(seq, JSON) of the kept snapshots, newest first. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute(
            "SELECT seq, data::text FROM router_snapshot ORDER BY seq DESC LIMIT %s", (_KEPT,)
        )
        return [(row[0], row[1].encode()) for row in await cursor.fetchall()]
