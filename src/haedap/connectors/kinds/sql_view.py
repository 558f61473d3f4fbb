"""A view in a city's own PostgreSQL, read with an account that can do nothing else.

The statement is put together from identifiers and bound values by psycopg; no text of a configuration or of a citizen
ever becomes SQL. Only the columns of the configured fields are fetched. Each look-up has its own connection, in a
read-only transaction with a time limit in the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec
import psycopg
from msgspec import Meta
from psycopg import sql
from psycopg.rows import dict_row

from haedap.connectors.configuration import Configuration, request_problems
from haedap.connectors.configured import Kind, Plan, Reply
from haedap.connectors.port import ConnectorError, FailureCode, Setting
from haedap.connectors.reading import MOST_RECORDS
from haedap.connectors.schema import Problem
from haedap.connectors.template import Filled

_IDENTIFIER = r"^[A-Za-z_가-힣][A-Za-z0-9_$가-힣]{0,62}$"
_Identifier = Annotated[str, Meta(pattern=_IDENTIFIER)]
_PASSWORD = "password"  # noqa: S105 - the name of the setting
_TLS = Annotated[str, Meta(pattern="^(disable|prefer|require|verify-ca|verify-full)$")]


class SqlViewSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`match`: columns and the templates of the values they must have.

    All of them must agree; those whose value is empty are left out, and one at least has to remain.
    """

    host: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\s,]+$")]
    """A host, or the folder of a unix socket."""
    database: Annotated[str, Meta(min_length=1, max_length=63)]
    user: Annotated[str, Meta(min_length=1, max_length=63)]
    view: Annotated[tuple[_Identifier, ...], Meta(min_length=1, max_length=2)]
    """`["view"]` or `["schema", "view"]`."""
    match: Annotated[dict[_Identifier, str], Meta(min_length=1, max_length=10)]
    order: Annotated[tuple[_Identifier, ...], Meta(max_length=5)] = ()
    newest_first: bool = False
    """Whether the order is turned round."""
    most: Annotated[int, Meta(ge=1, le=MOST_RECORDS)] = 100
    port: Annotated[int, Meta(ge=1, le=65535)] = 5432
    encryption: _TLS = "verify-full"
    """sslmode. What is less than verify-full belongs into the city's own network only."""
    authority: Annotated[str, Meta(max_length=300)] = ""
    """The file of the certificate that signs the server's; empty: the system's own list."""
    without_password: bool = False
    """For servers that know the account by its system user."""


class _SqlViewExchange:
    def __init__(self, plan: Plan) -> None:
        system: SqlViewSystem = plan.system
        self._failing = plan.failing
        self._match = Filled(dict(system.match))
        self._most = system.most
        self._configuration, self._system = plan.configuration, system
        milliseconds = int(plan.configuration.limits.seconds * 1000)
        self._connection: dict[str, Any] = {
            "host": system.host,
            "port": system.port,
            "dbname": system.database,
            "user": system.user,
            "password": plan.secrets.get(_PASSWORD) or None,
            "sslmode": "disable" if system.host.startswith("/") else system.encryption,
            "sslrootcert": system.authority or ("system" if system.encryption == "verify-full" else None),
            "connect_timeout": max(2, -(-milliseconds // 1000)),
            "client_encoding": "UTF8",
            "application_name": "haedap",
            "options": f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}",
        }

    async def close(self) -> None:
        """Nothing is kept between look-ups."""

    async def ask(self, values: Mapping[str, Any]) -> Reply:
        matched = {column: value for column, value in self._match.fill(values).items() if value}
        if not matched:
            raise self._nothing_to_match()
        try:
            rows = await self._rows(matched)
        except psycopg.Error as error:
            raise self._failure(error) from None
        except (UnicodeError, ValueError):
            raise self._failing.refused("a value cannot be sent to the database") from None
        if len(rows) > self._most:
            raise self._failing.refused(f"more than {self._most} rows match")
        return Reply(rows)

    async def _rows(self, matched: Mapping[str, str]) -> list[dict[str, Any]]:
        statement = _statement(self._configuration, self._system, matched)
        async with await self._connected() as connection:
            await connection.set_read_only(True)
            cursor = await connection.execute(statement, list(matched.values()))
            return await cursor.fetchall()

    async def _connected(self) -> psycopg.AsyncConnection[dict[str, Any]]:
        """A refusal brings no SQLSTATE; that the server asked for a password tells it from one that is not there."""
        try:
            return await psycopg.AsyncConnection.connect(**self._connection, row_factory=dict_row)
        except psycopg.OperationalError as error:
            if error.pgconn is not None and (error.pgconn.used_password or error.pgconn.needs_password):
                reason = "the database does not let this account in"
                raise self._failing.misconfigured(reason, FailureCode.KEY) from None
            raise

    def _nothing_to_match(self) -> ConnectorError:
        subject = self._configuration.subject
        return self._failing.subject(subject[0].manifest()) if subject else self._failing.misconfigured("no condition")

    def _failure(self, error: psycopg.Error) -> ConnectorError:
        """By its class of SQLSTATE; the server's sentence may quote values and stays out."""
        state = error.sqlstate or ""
        reason = f"the database failed: {type(error).__name__} {state}".strip()
        if state == psycopg.errors.QueryCanceled.sqlstate:
            return self._failing.temporary(reason, FailureCode.TIMEOUT)
        if state[:2] == "22":
            return self._failing.refused(reason)
        if state[:2] == "28":
            return self._failing.misconfigured(reason, FailureCode.KEY)
        if state[:2] in {"3D", "3F", "42", "25"}:
            return self._failing.misconfigured(reason)
        return self._failing.temporary(reason, FailureCode.SYSTEM if state else FailureCode.UNREACHABLE)


def _columns(configuration: Configuration) -> list[str]:
    answer = configuration.answer
    return list(dict.fromkeys(field.place for field in (*answer.fields, *answer.facts)))


def _statement(configuration: Configuration, system: SqlViewSystem, matched: Iterable[str]) -> sql.Composed:
    """Compared as text, so that a number in the view and one that a citizen said can meet."""
    direction = sql.SQL(" DESC") if system.newest_first else sql.SQL("")
    order = [sql.Identifier(column) + direction for column in system.order]
    return sql.SQL("SELECT {columns} FROM {view} WHERE {match}{order} LIMIT {most}").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, _columns(configuration))),
        view=sql.Identifier(*system.view),
        match=sql.SQL(" AND ").join(sql.SQL("{}::text = %s").format(sql.Identifier(name)) for name in matched),
        order=sql.SQL(" ORDER BY ") + sql.SQL(", ").join(order) if order else sql.SQL(""),
        most=sql.Literal(system.most + 1),
    )


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from request_problems(dict(system.match), configuration, "system.match")
    for column in _columns(configuration):
        try:
            msgspec.convert(column, _Identifier)
        except msgspec.ValidationError:
            yield Problem("answer.fields", f"“{column[:40]}”은(는) 열 이름이 아닙니다. at에 뷰의 열 이름을 적으십시오.")


def _settings(system: Any) -> tuple[Setting, ...]:
    return () if system.without_password else (Setting(name=_PASSWORD, label="비밀번호", secret=True),)


SQL_VIEW = Kind(
    name="sql_view",
    title="SQL 뷰 (PostgreSQL)",
    system=SqlViewSystem,
    problems=_problems,
    settings=_settings,
    open=_SqlViewExchange,
)
