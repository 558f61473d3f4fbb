"""How form fields look: KRDS' classes on Django's own widgets."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates


class KrdsRenderer(DjangoTemplates):
    """Adds the class to each widget as it is drawn."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget = context.get("widget")
        if widget is not None:
            _dress(widget)
        return super().render(template_name, context, request)


def _dress(widget: dict[str, Any]) -> None:
    kind = str(widget.get("type", ""))
    if widget.get("template_name", "").endswith("select.html"):
        css = "krds-form-select"
    elif kind in {"checkbox", "radio", "hidden"}:
        return
    else:
        css = "krds-input"
    attributes = widget["attrs"]
    attributes["class"] = f"{css} {attributes.get('class', '')}".strip()
