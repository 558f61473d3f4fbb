"""Answers as the desk may see them: fields by role, personal ones masked, wherever their values stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from haedap.apps.lookups.masking import masked, without_values
from haedap.apps.lookups.models import System
from haedap.apps.lookups.schemas import RecordOut, ValueOut
from haedap.connectors.configuration import Configuration, ConfiguredField
from haedap.connectors.port import Answer, Record, Value


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field as this centre has set it up. `roles`: empty means everybody who may use the system."""

    field: ConfiguredField
    personal: bool
    roles: frozenset[str]

    def visible(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles gets the field at all."""
        return not self.roles or bool(self.roles & roles)


def rules_of(system: System, about: Configuration) -> dict[str, FieldRule]:
    """The rules by field. A centre can make a field personal, and never less personal than its connector says."""
    found = {}
    for field in about.answer.fields:
        own: dict[str, Any] = system.fields.get(field.name, {})
        personal = field.personal or own.get("personal") is True
        found[field.name] = FieldRule(field, personal, frozenset(own.get("roles", ())))
    return found


def records(answer: Answer, rules: dict[str, FieldRule], roles: frozenset[str]) -> list[RecordOut]:
    """The records for somebody with these roles."""
    hidden = list(_hidden(answer, rules, roles))
    return [_record(record, rules, roles, hidden) for record in answer.records]


def sentence(text: str, answer: Answer, rules: dict[str, FieldRule], roles: frozenset[str]) -> str:
    """A sentence about the answer, such as the one to read out, without its personal values."""
    return without_values(text, _hidden(answer, rules, roles))


def plain(value: Value) -> Any:
    """A value as JSON has it: numbers as they are, the rest as text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def _hidden(answer: Answer, rules: dict[str, FieldRule], roles: frozenset[str]) -> Iterator[Value]:
    """Values that must not be read anywhere: personal, kept from this role, or never declared."""
    for record in answer.records:
        for name, value in record.values.items():
            rule = rules.get(name)
            if rule is None or rule.personal or not rule.visible(roles):
                yield value


def _record(record: Record, rules: dict[str, FieldRule], roles: frozenset[str], hidden: list[Value]) -> RecordOut:
    shown = [rule for rule in rules.values() if rule.visible(roles) and record.values.get(rule.field.name) is not None]
    return RecordOut(
        title=without_values(record.title, hidden),
        values=[_value(rule, record.values[rule.field.name], hidden) for rule in shown],
    )


def _value(rule: FieldRule, value: Value, hidden: list[Value]) -> ValueOut:
    field = rule.field
    if rule.personal:
        shown: Any = masked(value)
    elif isinstance(value, str):
        shown = without_values(value, hidden)
    elif isinstance(value, tuple):
        shown = [without_values(part, hidden) for part in value]
    else:
        shown = plain(value)
    kind = "text" if rule.personal else field.type.value
    return ValueOut(name=field.name, label=field.label, type=kind, unit=field.unit, value=shown, masked=rule.personal)
