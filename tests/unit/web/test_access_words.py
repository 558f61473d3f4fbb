"""Whatever the code can write to the access log, administrators read in their own words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from haedap import apps
from haedap.analytics.book.edits import Decision
from haedap.apps.briefs.models import BriefAnswer
from haedap.apps.cases import office_views
from haedap.apps.centre.sections import SECTIONS
from haedap.apps.contacts.access_words import DETAILS, VALUES, told
from haedap.apps.directory.editing import ACTS
from haedap.apps.lookups import models as lookups
from haedap.apps.lookups.policy import Level, Refusal, Way
from haedap.apps.supervision import flags
from haedap.apps.supervision.models import FlaggedNumber
from haedap.apps.yearbook.models import EditionFile
from haedap.domain.states import AgentState, PromiseOutcome

_SAID = ("how", "step", "list", "what")
_CHOSEN: dict[str, tuple[str, ...]] = {
    "how": (*ACTS, *Decision, *PromiseOutcome, *(f"downloaded {form}" for form in EditionFile.Form.values)),
    "step": tuple(office_views._STEPS),
    "list": tuple(SECTIONS),
    "kind": tuple(key for key, _word in flags.kinds()),
    "level": tuple(Level),
    "way": tuple(Way),
    "why": tuple(Refusal),
    "state": tuple(AgentState),
}
"""What the code takes out of a list of its own."""


Function = ast.FunctionDef | ast.AsyncFunctionDef


class Code:
    """The functions of the apps, and those among them that write to the access log, by themselves or by another."""

    def __init__(self) -> None:
        paths = sorted(Path(apps.__file__ or "").parent.rglob("*.py"))
        trees = {path: ast.parse(path.read_text()) for path in paths if "migrations" not in path.parts}
        self.calls = [(path, call) for path, tree in trees.items() for call in ast.walk(tree) if _calls(call)]
        self._local: dict[Path, dict[str, Function]] = {
            path: {each.name: each for each in ast.walk(tree) if isinstance(each, Function)}
            for path, tree in trees.items()
        }
        self._writers: set[Function] = set()
        while more := set(self._more_writers()):
            self._writers |= more

    def written(self) -> Iterator[tuple[str, str | None]]:
        """Details, each with a value that reaches it as a literal, or None."""
        for path, call in self.calls:
            for writer in self._meant(path, call):
                names = [each.arg for each in writer.args.args]
                known = {*names, *(each.arg for each in writer.args.kwonlyargs)}
                given = [*zip(names, call.args, strict=False), *((each.arg, each.value) for each in call.keywords)]
                for name, value in given:
                    if name == "detail" and isinstance(value, ast.Dict):
                        yield from _of_dict(value)
                    elif name in _SAID:
                        yield from ((name, text) for text in _texts(value))
                    elif writer.args.kwarg and writer.args.kwarg.arg == "detail" and name and name not in known:
                        yield name, None

    def _more_writers(self) -> Iterator[Function]:
        for path, functions in self._local.items():
            for function in set(functions.values()) - self._writers:
                inside = [call for call in ast.walk(function) if _calls(call)]
                if function.name == "log_access" or any(self._meant(path, call) for call in inside):
                    yield function

    def _meant(self, path: Path, call: ast.Call) -> list[Function]:
        """The writers that this may be a call of: one of the same file, else of any that has it under this name."""
        of = call.func.args[0] if isinstance(call.func, ast.Call) and call.func.args else call.func  # sync_to_async
        if isinstance(of, ast.Name) and of.id in self._local[path]:
            return [each for each in [self._local[path][of.id]] if each in self._writers]
        name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
        return [each for each in self._writers if each.name == name and not name.startswith("_")]


def _calls(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _of_dict(given: ast.Dict) -> Iterator[tuple[str, str | None]]:
    for key, value in zip(given.keys, given.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, None
            if key.value in _SAID:
                yield from ((key.value, text) for text in _texts(value))


def _texts(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return _texts(value.body) + _texts(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def test_everything_that_the_code_writes_has_a_word() -> None:
    found = {*Code().written(), *((key, str(value)) for key, values in _CHOSEN.items() for value in values)}
    assert {("how", "put_off"), ("how", "submitted"), ("step", "told"), ("list", "look-ups"), ("what", "duty")} <= found
    assert {key for key, _value in found} - {"at"} - set(DETAILS) == set()
    said = {(key, value) for key, value in found if key in {*_SAID, *_CHOSEN} and value}
    assert {(key, value) for key, value in said if value not in VALUES[key]} == set()


def test_names_that_people_gave_are_no_words_of_the_centre() -> None:
    assert dict(told({"schedule": "open", "sought": "removed", "how": "removed"})) == {
        "예약": "open",
        "찾을 말": "removed",
        "한 일": "삭제",
    }


def test_a_changed_role_reads_as_roles() -> None:
    changes = {"role": {"from": "agent", "to": "supervisor"}, "is_active": {"from": True, "to": False}}
    assert [value for _name, value in told({"changes": changes})] == [
        "역할: 변경 전: 상담사, 변경 후: 관리자, 로그인 허용: 변경 전: 예, 변경 후: 아니요"
    ]


def test_times_read_as_on_all_pages() -> None:
    detail = {"due_at": "2026-03-02T15:30:00+00:00", "deadline": None}
    assert [value for _name, value in told(detail)] == ["2026-03-03 00:30", "–"]
    assert [value for _name, value in told({"due_at": "tomorrow"})] == ["tomorrow"]


def test_words_of_other_apps_are_theirs() -> None:
    """Their apps lean on the one that shows the log: it cannot ask them."""
    for label in (*FlaggedNumber.Kind, *BriefAnswer.Kind):
        assert str(VALUES["kind"][label.value]) == str(label.label)
    for level in lookups.Level:
        assert str(VALUES["level"][level.value]) == str(level.label)
