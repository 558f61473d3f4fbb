"""The adapter to LDAP, against a real OpenLDAP."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from haedap.apps.offices.errors import SourceError
from haedap.apps.offices.rows import read
from haedap.apps.offices.sources.ldap import LdapDirectory
from tests.support.patience import PATIENCE

BASE = "dc=haedap,dc=example"
USER, PASSWORD = f"cn=reader,{BASE}", "Haedap-시험-2026"
MANY = 1100

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
sizelimit 500
limits * size.soft=500 size.hard=500 size.prtotal=unlimited
disallow bind_anon
require bind
database mdb
suffix "{base}"
rootdn "{user}"
rootpw {password}
directory {folder}/data
maxsize 67108864
"""


class Directory:
    """A running slapd."""

    def __init__(self, url: str) -> None:
        self.url = url

    def source(self, password: str = PASSWORD, base: str = BASE, **more: object) -> LdapDirectory:
        return LdapDirectory(self.url, base, USER, password, **more)  # type: ignore[arg-type]


def entry(dn: str, *classes: str, **attributes: str | list[str]) -> str:
    lines = [("dn", dn), *(("objectClass", name) for name in classes)]
    for name, values in attributes.items():
        lines += [(name, value) for value in ([values] if isinstance(values, str) else values)]
    return "".join(f"{name}:: {base64.b64encode(value.encode()).decode()}\n" for name, value in lines) + "\n"


def people() -> str:
    team = f"ou=부과팀,ou=세정과,{BASE}"
    sea = f"cn=이바다,{team}"
    found = [
        entry(BASE, "dcObject", "organization", dc="haedap", o="해답시"),
        entry(f"ou=세정과,{BASE}", "organizationalUnit", ou="세정과"),
        entry(team, "organizationalUnit", ou="부과팀"),
        entry(
            f"cn=김하늘,{team}",
            "inetOrgPerson",
            cn="김하늘",
            sn="김",
            displayName="김하늘",
            employeeNumber="E1",
            title="주무관",
            telephoneNumber="02-0000-1001",
            internationaliSDNNumber="1001",
            mail="e1@haedap.example",
            uid="e1",
            description=["재산세 부과", "재산세 감면"],
            secretary=[sea],
        ),
        entry(sea, "inetOrgPerson", cn="이바다", sn="이", employeeNumber="E2"),
        entry(f"ou=수도과,{BASE}", "organizationalUnit", ou="수도과"),
    ]
    found += [
        entry(
            f"cn=직원{number},ou=수도과,{BASE}",
            "inetOrgPerson",
            cn=f"직원{number}",
            sn="직",
            employeeNumber=f"W{number}",
        )
        for number in range(MANY)
    ]
    return "".join(found)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    slapd = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert slapd, "slapd is missing: make setup-tests"
    folder = tmp_path_factory.mktemp("ldap")
    (folder / "data").mkdir()
    configuration = folder / "slapd.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, base=BASE, user=USER, password=PASSWORD), encoding="utf-8"
    )
    (folder / "people.ldif").write_text(people(), encoding="utf-8")
    subprocess.run([slapd, "-T", "add", "-q", "-f", configuration, "-l", folder / "people.ldif"], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"ldap://127.0.0.1:{port}"
    server = subprocess.Popen([slapd, "-h", url, "-f", configuration, "-d", "0"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield Directory(url)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert server.poll() is None, "slapd has ended"
        assert time.monotonic() < deadline, "slapd does not answer"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def test_everybody_is_read_past_the_size_limit_of_a_page(directory: Directory) -> None:
    found = read(directory.source().rows())
    assert found.problems == []
    assert len(found.entries) == MANY + 2
    sky = next(person for person in found.entries if person.code == "E1")
    assert sky.department == ("세정과", "부과팀")
    assert (sky.name, sky.title, sky.telephone, sky.extension) == ("김하늘", "주무관", "+82200001001", "1001")
    assert (sky.email, sky.messenger) == ("e1@haedap.example", "e1")
    assert sky.duties == ("재산세 부과", "재산세 감면")
    assert sky.deputies == ("E2",)
    assert next(person for person in found.entries if person.code == "E2").name == "이바다"


def test_own_attributes_and_filter(directory: Directory) -> None:
    source = directory.source(search_filter="(employeeNumber=E1)", fields={"department": "title", "name": "sn"})
    assert [(entry.name, entry.department) for entry in read(source.rows()).entries] == [("김", ("주무관",))]


def test_a_part_of_the_tree(directory: Directory) -> None:
    source = directory.source(base=f"ou=세정과,{BASE}")
    assert {entry.code for entry in read(source.rows()).entries} == {"E1", "E2"}


def test_a_wrong_password(directory: Directory) -> None:
    with pytest.raises(SourceError, match="로그인을 거절") as caught:
        directory.source(password="wrong").rows()
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(("base", "search_filter"), [("dc=nowhere", "(cn=*)"), (BASE, "(((")])
def test_a_wrong_base_or_filter(directory: Directory, base: str, search_filter: str) -> None:
    with pytest.raises(SourceError, match="제대로 응답하지"):
        directory.source(base=base, search_filter=search_filter).rows()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SourceError, match="제대로 응답하지"):
        LdapDirectory(f"ldap://127.0.0.1:{port}", BASE).rows()


def test_a_password_stays_off_open_lines() -> None:
    with pytest.raises(SourceError, match="ldaps"):
        LdapDirectory("ldap://directory.haedap.example", BASE, USER, PASSWORD).rows()
