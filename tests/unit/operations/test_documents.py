"""The documents say what is so: references are complete, links lead somewhere, nothing is told that is not there."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

from haedap.apps.centre.starting_set import NEUTRAL_PROMPTS
from haedap.apps.contacts.access_log import ACTIONS
from haedap.cli import app
from haedap.config import Settings, load_settings
from haedap.domain.ids import FlowKey
from haedap.flows import parse_flow
from haedap.operations import audit, demo_calls, fake_city, prompts, terms
from haedap.operations.checks import CHECKS
from haedap.web.http_api import api
from tests.support.centre import CHECKOUT

_DERIVED = {"database_url", "database_embedded"}
_DOCS = CHECKOUT / "docs"
_PAGES = (*sorted(CHECKOUT.glob("*.md")), CHECKOUT / "frontend/README.md", *sorted(_DOCS.rglob("*.md")))
_HANDED_ON = ("bench/*.py", "src/haedap/operations/*.py", "src/haedap/apps/*/management/commands/*.py")
"""Where the options of commands are that hand their arguments on."""
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`[^`\n]+`")


def test_every_setting_is_described() -> None:
    text = _reference("settings.md")
    missing = [field.name for field in fields(Settings) if field.name not in _DERIVED and f"`{field.name}`" not in text]
    assert not missing


def test_no_document_names_a_setting_that_is_not_there() -> None:
    known = {field.name for field in fields(Settings)} - _DERIVED | {"config"}
    first = re.findall(r"^\| (`[^|]+) \|", _reference("settings.md"), re.MULTILINE)
    in_tables = {("settings.md", name) for cell in first for name in re.findall(r"`([a-z_]+)`", cell)}
    by_variable = {
        (page.name, name.lower())
        for page in _PAGES
        for name in re.findall(r"\bHAEDAP_([A-Z_]+)", page.read_text(encoding="utf-8"))
    }
    in_files = {
        (page.name, key)
        for page in _PAGES
        for block in re.findall(r"^```toml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for key in tomllib.loads(block)
    }
    assert [named for named in sorted(in_tables | by_variable | in_files) if named[1] not in known] == []


def test_the_defaults_of_the_settings_are_those_of_the_code(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path)})
    told = {
        name: default
        for names, defaults in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", _reference("settings.md"), re.MULTILINE)
        for name, default in zip(re.findall(r"`([a-z_]+)`", names), defaults.split(", "), strict=False)
        if re.fullmatch(r"`[^`<]+`", default)
    }
    assert len(told) > 30
    assert {name: default for name, default in told.items() if default != f"`{_said(getattr(settings, name))}`"} == {}


def test_every_check_is_named() -> None:
    assert len(CHECKS) == len(_reference("commands.md").split("Names: `")[1].split("`")[0].split())


def test_every_command_is_described() -> None:
    text = _reference("commands.md")
    assert [command for command in _commands(typer.main.get_command(app), "haedap") if f"`{command}" not in text] == []


def test_every_option_is_described() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in _PAGES)
    apps = (app, audit.app, demo_calls.app, fake_city.app, prompts.app, terms.app)
    options = {option for each in apps for one in _parameters(typer.main.get_command(each)) for option in one.opts}
    assert {"--json", "--replay", "--every", "--fault", "--extension"} <= options
    assert [one for one in sorted(options) if one.startswith("--") and one not in text] == []


def test_every_command_of_make_is_described() -> None:
    told = re.findall(r"^([a-z-]+):.*## ", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    text = _reference("commands.md")
    assert [name for name in told if name != "help" and f"`make {name}`" not in text] == []


def test_no_document_names_a_command_that_is_not_there() -> None:
    known = {command.removeprefix("haedap ").split()[0] for command in _commands(typer.main.get_command(app), "haedap")}
    named = {
        (page.name, name)
        for page in _PAGES
        for name in re.findall(r"(?:`|bin/|^)haedap ([a-z][a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert [(page, name) for page, name in sorted(named) if name not in known] == []


def test_no_document_gives_a_command_an_option_that_no_command_has() -> None:
    """What `bench`, `manage` and the like hand on is looked for in the programs that get it."""
    ours = {option for one in _parameters(typer.main.get_command(app)) for option in one.opts}
    programs = "".join(path.read_text(encoding="utf-8") for place in _HANDED_ON for path in CHECKOUT.glob(place))
    named = {
        (page.name, option)
        for page in _PAGES
        for line in re.findall(r"(?:`|bin/|^)(haedap [a-z][^`\n]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        for option in re.findall(r"(?<![^\s\[])--[a-z-]+", line.partition(" #")[0])
    }
    assert len(named) > 40
    unknown = [(page, option) for page, option in sorted(named) if option not in ours]
    assert [one for one in unknown if not _takes(programs, one[1])] == [("http-api.md", "--api")]  # Django Ninja's


def test_no_document_names_a_measurement_or_a_target_that_is_not_there() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    known = {
        "make": set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)),
        "haedap bench": {path.stem for path in (CHECKOUT / "bench").glob("[a-z]*.py")},
    }
    named = {
        (page.name, *found)
        for page in _PAGES
        for code in (*_SPAN.findall(_prose(page)), *_CODE.findall(page.read_text(encoding="utf-8")))
        for found in re.findall(r"\b(haedap bench|make) ([a-z][a-z-]*)", code)
    }
    assert [one for one in sorted(named) if one[2] not in known[one[1]]] == []


def test_no_document_names_a_file_that_is_not_there() -> None:
    named = {
        (page.name, path)
        for page in _PAGES
        for path in re.findall(r"`((?:src|tests|bench|docs|setup|requirements|frontend/src)/[\w./*-]+)`", _prose(page))
        if "static/build" not in path
    }
    assert len(named) > 20
    assert [(page, path) for page, path in sorted(named) if not any(CHECKOUT.glob(path.rstrip("/")))] == []


def test_every_key_of_the_desk_is_listed() -> None:
    text = _reference("shortcuts.md")
    keys = (CHECKOUT / "frontend/src/desk/keys.ts").read_text(encoding="utf-8")
    table = keys.split("shortcuts: Readonly")[1].split("};")[0]
    labels = {
        *re.findall(r'plain\("(\w+)"\)', table),
        *(f"Alt+{key}" for key in re.findall(r'(?:letter\(|alt\("\w+", )"([^"]+)"\)', table)),
    }
    assert len(labels) == table.count(": ")
    # `Alt+1` … `Alt+4` stand in one row.
    assert {label for label in labels if f"`{label}`" not in text} <= {"Alt+2", "Alt+3"}


def test_the_access_log_and_its_page_have_the_same_actions() -> None:
    assert set(ACTIONS) == set(re.findall(r"`([a-z_]+\.[a-z_]+)`", _reference("access-log.md")))


def test_every_operation_of_the_api_is_described() -> None:
    """By the last word of its address, at the end of a code span."""
    text = "".join(map(_reference, ("http-api.md", "look-ups.md", "figures.md")))
    words = {path: re.sub(r"(/\{\w+\})+$", "", path).rpartition("/")[2] for path in api.get_openapi_schema()["paths"]}
    assert [path for path, word in words.items() if f"{word}`" not in text] == []


def test_no_document_names_an_operation_that_is_not_there() -> None:
    known = {re.sub(r"\{\w+\}", "{}", path) for path in api.get_openapi_schema()["paths"]}
    named = {
        (
            page.name,
            re.sub(r"\{\w+\}|<\w+>|/(?:ID|KEY)(?=/|$)", lambda found: "/{}" if found[0][0] == "/" else "{}", path),
        )
        for page in _PAGES
        for path in re.findall(r"`(?:GET |POST |PUT |DELETE )?(/api/[^`\s…]+)`", page.read_text(encoding="utf-8"))
    }
    assert [(page, path) for page, path in sorted(named) if path not in known] == []


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in _links(page) if not _leads(page, link)]
    assert broken == []


def test_every_document_is_in_the_list_of_documents() -> None:
    lists = (_DOCS / "README.md", _DOCS / "decisions/README.md")
    listed = {*lists, *((page.parent / link).resolve() for page in lists for link in _links(page))}
    assert [page.relative_to(_DOCS).as_posix() for page in sorted(_DOCS.rglob("*.md")) if page not in listed] == []


def test_the_decisions_are_listed_in_their_order() -> None:
    pages = [page.name for page in sorted((_DOCS / "decisions").glob("[0-9]*.md"))]
    assert _links(_DOCS / "decisions/README.md") == pages
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))


def test_the_two_first_pages_are_twins() -> None:
    """What is shown, linked and typed is the same, in the same order."""
    korean, english = ((CHECKOUT / name) for name in ("README.md", "README.en.md"))
    assert [link for link in _links(korean) if link != english.name] == [
        link for link in _links(english) if link != korean.name
    ]
    assert _typed(korean) == _typed(english)
    assert _prose(korean).count("\n#") == _prose(english).count("\n#")


def test_the_flow_of_a_first_centre_runs_with_what_a_centre_starts_with() -> None:
    page = (_DOCS / "howto/open-a-centre.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    prompts = NEUTRAL_PROMPTS | {"welcome", "closed"}
    parse_flow(FlowKey("main"), json.loads(block), queues={"general"}, hours={"main"}, prompts=prompts)


def test_every_package_says_what_it_is_for() -> None:
    packages = [*(CHECKOUT / "src/haedap").rglob("__init__.py"), CHECKOUT / "bench/__init__.py"]
    rooms = [path for path in packages if not {"migrations", "management", "templatetags"} & set(path.parts)]
    assert len(rooms) > 50
    silent = [path for path in rooms if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [path.relative_to(CHECKOUT).as_posix() for path in silent] == []


def test_every_room_of_the_house_is_on_its_plan() -> None:
    folders = [path.parent.name for path in (CHECKOUT / "src/haedap").glob("*/__init__.py")]
    plan = (_DOCS / "explain/architecture.md").read_text(encoding="utf-8")
    assert len(folders) > 10
    assert [room for room in sorted(folders) if not re.search(rf"^\| .*`{room}`", plan, re.MULTILINE)] == []


def test_every_picture_is_shown() -> None:
    shown = {(page.parent / link).resolve() for page in _PAGES for link in _links(page)}
    assert [picture.name for picture in sorted((_DOCS / "images").iterdir()) if picture not in shown] == []


def test_no_word_is_in_the_glossary_twice() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (_DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted({row for row in rows if rows.count(row) > 1}) == []


def test_no_file_names_a_package_registry() -> None:
    hosts = ("pypi." + "org", "registry." + "npmjs", "deb." + "debian.org", "archive." + "ubuntu")
    places = (
        "setup",
        "requirements",
        "Makefile",
        "pyproject.toml",
        "frontend/package.json",
        "frontend/package-lock.json",
    )
    found = [
        f"{path}: {host}"
        for path in _files(CHECKOUT / place for place in places)
        for host in hosts
        if host in path.read_text(encoding="utf-8")
    ]
    assert not found


def _said(value: object) -> str:
    """A setting's value as one writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _commands(command: object, name: str) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name
        return
    for part, one in below.items():
        yield from _commands(one, f"{name} {part}")


def _parameters(command: object) -> Iterator[Any]:
    """Those of a command and of all below it."""
    yield from getattr(command, "params", ())
    for one in getattr(command, "commands", {}).values():
        yield from _parameters(one)


def _takes(programs: str, option: str) -> bool:
    """As a literal, or as a parameter that Typer makes an option of."""
    return f'"{option}"' in programs or f"{option.strip('-').replace('-', '_')}: Annotated[" in programs


def _typed(page: Path) -> list[str]:
    """The commands of a page, without what is said of them."""
    text = page.read_text(encoding="utf-8")
    blocks = [line.partition("#")[0].strip() for block in _CODE.findall(text) for line in block.splitlines()[1:-1]]
    return [*blocks, *re.findall(r"`(\.venv/bin/[^`]+)`", text)]


def _prose(page: Path) -> str:
    return _CODE.sub("", page.read_text(encoding="utf-8"))


def _links(page: Path) -> list[str]:
    """The relative links of a page, pictures too."""
    text = _SPAN.sub("", _prose(page))
    return [
        link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("http://", "https://", "mailto:"))
    ]


def _leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or unquote(anchor) in _anchors(target))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def _files(places: Iterable[Path]) -> list[Path]:
    return [
        path
        for place in places
        for path in (place.rglob("*") if place.is_dir() else [place])
        if path.is_file() and "__pycache__" not in path.parts
    ]


def _reference(name: str) -> str:
    return (_DOCS / "reference" / name).read_text(encoding="utf-8")
