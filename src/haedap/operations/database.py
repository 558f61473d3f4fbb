"""Whether a database is fit for a centre, and what is to be done when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from haedap.operations import OperationsError

_OLDEST = 140_000
_FEWEST_CONNECTIONS = 20
"""What a centre holds before anybody calls or logs in; it takes some ten more by day."""
_QUERY = """
SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       current_setting('transaction_read_only') = 'on' AS read_only, '가' ~ '[[:alpha:]]' AS hangul,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS tables,
       has_database_privilege(current_database(), 'CREATE')
       OR EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') AS extensions,
       EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') AS trigrams,
       least(current_setting('max_connections')::int, nullif(rolconnlimit, -1), nullif(datconnlimit, -1))
       AS connections,
       current_user AS user, current_database() AS name
  FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()
"""
_REASONS = (
    ("session is read-only", "읽기 전용이라 쓸 수 있는 주 서버가 아닙니다"),
    ("invalid sslmode value", "sslmode의 값이 틀렸습니다"),
    ("root certificate file", "sslrootcert의 인증서 파일이 없거나 해답이 읽을 수 없습니다"),
    ("certificate verify failed", "서버의 인증서가 sslrootcert의 것으로 서명되지 않았습니다"),
    ("does not match host name", "서버 인증서의 이름이 주소와 다릅니다"),
    ("password authentication failed", "비밀번호가 틀렸거나 없는 계정입니다"),
    ("no password supplied", "비밀번호가 없습니다"),
    ("no pg_hba.conf entry", "그 서버의 pg_hba.conf가 이 접속을 허락하지 않습니다"),
    ("does not exist", "그 이름의 데이터베이스나 계정이 없습니다"),
    ("failed to resolve host", "그런 이름의 서버를 찾을 수 없습니다"),
    ("could not translate host name", "그런 이름의 서버를 찾을 수 없습니다"),
    ("Connection refused", "서버가 꺼져 있거나 포트가 다릅니다"),
    ("No such file or directory", "서버가 꺼져 있습니다"),
    ("server closed the connection unexpectedly", "서버까지 길이 없거나 서버가 연결을 끊었습니다"),
    ("timeout", "서버가 제때 응답하지 않습니다"),
    ("too many", "서버의 접속 수가 다 찼습니다"),
    ("connection slots are reserved", "서버의 접속 수가 다 찼습니다"),
    ("SSL", "SSL 설정이 서버와 맞지 않습니다"),
)
"""What libpq and the server say in English, and what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """What a database says of itself: whether Hangul are letters to it, and what its account may do there."""

    version: int
    encoding: str
    read_only: bool
    hangul: bool
    tables: bool
    extensions: bool
    trigrams: bool
    connections: int
    user: str
    name: str


def refuse_unfit_database(url: str) -> None:
    """Raise OperationsError when the external database does not answer or cannot hold a centre.

    The sentence says what to do, and never holds the password.
    """
    try:
        with _connect(url) as connection, _connect(url) as other:
            server = connection.cursor(row_factory=class_row(_Server)).execute(_QUERY.encode()).fetchone()
            own = _server_process(connection) == _server_process(connection) != _server_process(other)
    except psycopg.Error as error:
        raise OperationsError(
            f"DATABASE_URL의 데이터베이스에 연결할 수 없습니다({reason_in(error)}). "
            "주소와 계정을 확인하고 서버를 켜십시오."
        ) from None
    if not own:
        raise OperationsError(
            "DATABASE_URL의 주소는 서버의 접속을 문장마다 돌려쓰게 하는 프로그램(PgBouncer 등)입니다. "
            "해답의 잠금과 알림은 그런 접속에서 사라지므로, PostgreSQL의 주소를 바로 적거나 pool_mode를 session으로 "
            "바꾸십시오."
        )
    if server is not None and (sentence := _unfit(server)):
        raise OperationsError(sentence)


def _connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(url, autocommit=True, connect_timeout=5, client_encoding="UTF8")


def _server_process(connection: psycopg.Connection[tuple[Any, ...]]) -> object:
    """Who answers; a pooler that gives a connection to whoever asks next has another do it, or the same for two."""
    return connection.execute("SELECT pg_backend_pid()").fetchone()


def has_administrator(url: str) -> bool:
    """Whether somebody may log in to set the centre up; so it seems, too, while the database does not answer."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            found = connection.execute("SELECT 1 FROM account WHERE role = 'administrator' AND is_active LIMIT 1")
            return found.fetchone() is not None
    except psycopg.Error:
        return True


def reason_in(error: Exception) -> str:
    """Why there is no connection, in Korean where it is a known reason. The error is psycopg's, or Django's of it."""
    said = str(error).strip()
    known = next((korean for english, korean in _REASONS if english in said), None)
    return known or (said.splitlines()[0][:200] if said else type(error).__name__)


def _unfit(server: _Server) -> str:
    if server.version < _OLDEST:
        found, oldest = server.version // 10_000, _OLDEST // 10_000
        return f"DATABASE_URL의 서버는 PostgreSQL {found}입니다. {oldest} 이상으로 올리십시오."
    if server.encoding != "UTF8" or not server.hangul:
        return (
            "데이터베이스가 한글을 찾지 못합니다. 인코딩을 UTF8로, 로캘을 C.UTF-8이나 ko_KR.UTF-8로 하여 "
            "데이터베이스를 다시 만드십시오."
        )
    if server.read_only:
        return "DATABASE_URL의 데이터베이스는 읽기 전용입니다. 쓸 수 있는 서버(주 서버)의 주소를 지정하십시오."
    if not (server.tables and server.extensions):
        return (
            f"계정 {server.user}에게 데이터베이스 {server.name}에 표를 만들 권한이 없습니다. "
            f'관리자로 실행하십시오: ALTER DATABASE "{server.name}" OWNER TO "{server.user}";'
        )
    if not server.trigrams:
        return "DATABASE_URL의 서버에 확장 pg_trgm이 없습니다. 그 서버에 postgresql-contrib 꾸러미를 설치하십시오."
    if server.connections < _FEWEST_CONNECTIONS:
        return (
            f"데이터베이스 {server.name}에 계정 {server.user}의 연결은 {server.connections}개까지만 열립니다. "
            "서른 개쯤 열리도록 계정과 데이터베이스의 CONNECTION LIMIT이나 서버의 max_connections를 늘리십시오."
        )
    return ""
