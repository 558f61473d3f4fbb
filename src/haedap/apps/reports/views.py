"""The pages of reports, their files, and the contacts behind each figure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from haedap.analytics.dimensions import Dimension
from haedap.analytics.measures import Definition, Unit
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api as contacts
from haedap.apps.reports import files, naming, numbers
from haedap.apps.reports.asking import (
    PAGE,
    Behind,
    Report,
    contacts_behind,
    definition_of,
    last_month,
    report_of,
)
from haedap.apps.reports.drawing import drawings_of
from haedap.apps.reports.forms import OWN_SIDES, SIDES, Asked, AskedForm
from haedap.apps.reports.names import name_of, names_of
from haedap.apps.reports.periods import Kind, Period
from haedap.clock import centre_time
from haedap.web.documents import DocumentError


class CountedForm(forms.Form):
    """Which of the contacts behind a figure, and from which on."""

    counted = forms.TypedChoiceField(
        label=gettext_lazy("counted"),
        required=False,
        choices=[("", gettext_lazy("all")), ("yes", gettext_lazy("counted")), ("no", gettext_lazy("not counted"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    offset = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)


@access.allow(access.SUPERVISORS)
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """통계: a period from one side. It shows no citizen's data, and agents only after a reason was given."""
    form = AskedForm(request.GET)
    if not form.is_valid():
        return _page(request, form, None, own=False)
    if Dimension.AGENT in form.asked.where and not naming.may(request, form.asked.period):
        return redirect(f"{reverse('report_agents')}?{form.asked.query}")
    return _page(request, form, form.asked, own=False)


@access.allow(access.AGENTS)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """내 실적: an agent's own figures, and nobody else's."""
    form = AskedForm(request.GET, OWN_SIDES)
    return _page(request, form, _own(request, form.asked) if form.is_valid() else None, own=True)


@access.allow(access.SUPERVISORS)
@require_GET
def report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The report as a file. Written to the access log."""
    asked_form = AskedForm(request.GET)
    if form not in files.FORMS:
        raise Http404
    if not asked_form.is_valid():
        return redirect(f"{reverse('reports')}?{request.GET.urlencode()}")
    asked = asked_form.asked
    named = naming.may(request, asked.period)
    if Dimension.AGENT in asked.where and not named:
        return redirect(f"{reverse('report_agents')}?{asked.query}")
    _log(request, "report.exported", asked, form=form, named=named and asked.by is Dimension.AGENT)
    return files.download(report_of(asked, centre_time(), named=named), form)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    """Telling agents apart: a step of its own, with a reason, for the days that are looked at."""
    form = AskedForm(request.GET)
    if not form.is_valid():
        return redirect("reports")
    reason = naming.NamingForm(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        naming.grant(request, form.asked.period)
        _log(request, "report.agents_named", form.asked, why=reason.cleaned_data["reason"])
        return redirect(f"{reverse('reports')}?{form.asked.query}")
    context = {"form": reason, "asked": form.asked}
    return render(request, "reports/agents.html", context, status=400 if reason.errors else 200)


@access.allow(access.SUPERVISORS)
@require_GET
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """A figure's formula and the contacts behind it."""
    form = AskedForm(request.GET)
    if form.is_valid() and Dimension.AGENT in form.asked.where and not naming.may(request, form.asked.period):
        return redirect(f"{reverse('report_agents')}?{form.asked.query}")
    return _figure(request, key, form, form.asked if form.is_valid() else None, own=False)


@access.allow(access.AGENTS)
@require_GET
def my_figure(request: HttpRequest, key: str) -> HttpResponse:
    """The same of an agent's own contacts."""
    form = AskedForm(request.GET, OWN_SIDES)
    return _figure(request, key, form, _own(request, form.asked) if form.is_valid() else None, own=True)


def _own(request: HttpRequest, asked: Asked) -> Asked:
    return asked.of(Dimension.AGENT, account_of(request).pk)


def _page(request: HttpRequest, form: AskedForm, asked: Asked | None, *, own: bool) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "own": own, "page": "my_reports" if own else "reports"}
    if asked is None:
        return render(request, "reports/report.html", context, status=400)
    named = asked.by is Dimension.AGENT and naming.may(request, asked.period)
    found = report_of(asked, centre_time(), named=named)
    figure_page = "my_report_figure" if own else "report_figure"
    context |= {
        "asked": asked,
        "query": asked.query,
        "report": found,
        "side": SIDES[asked.by],
        "twice": found.before == found.year_before,
        **_drawn(found),
        "latest": _latest(asked, account_of(request).pk if own else None) if found.empty else None,
        "nearby": _nearby(asked),
        "narrowed": _narrowed(asked, own=own),
        "figure_page": figure_page,
        "columns": [(each, reverse(figure_page, args=[each.key])) for each in found.columns],
        "file_forms": () if own else tuple(files.FORMS),
        "may_name": asked.by is Dimension.AGENT and not named,
    }
    return render(request, "reports/report.html", context)


def _drawn(found: Report) -> dict[str, Any]:
    """The charts; where they cannot be drawn the figures are shown all the same."""
    try:
        drawings = [(drawing, drawing.chart.svg) for drawing in drawings_of(found)]
    except DocumentError as error:
        return {"drawings": (), "not_drawn": str(error)}
    return {"drawings": drawings}


def _latest(asked: Asked, agent: int | None) -> tuple[str, str] | None:
    """Name and address of the last month that has contacts, for who looks at a time without any."""
    month = last_month(agent)
    return (month.name, Asked(month, asked.by).query) if month and month != asked.period else None


def _nearby(asked: Asked) -> list[tuple[str, str, bool]]:
    """Names and addresses of the periods that are looked at most, and whether it is this one."""
    today = timezone.localdate(centre_time())
    day, week, month = (Period.with_day(kind, today) for kind in (Kind.DAY, Kind.WEEK, Kind.MONTH))
    periods = [
        (_("Today"), day),
        (_("Yesterday"), day.previous),
        (_("This week"), week),
        (_("Last week"), week.previous),
        (_("This month"), month),
        (_("Last month"), month.previous),
        (_("This year"), Period.of_year(today.year)),
        (_("Last year"), Period.of_year(today.year - 1)),
    ]
    return [(name, Asked(period, asked.by, asked.where).query, period == asked.period) for name, period in periods]


def _narrowed(asked: Asked, *, own: bool) -> list[tuple[str, str, str]]:
    """What the question is narrowed to: the side, the value, and the address without it."""
    return [
        (str(SIDES[side]), name_of(side, value), asked.without(side).query)
        for side, value in asked.where.items()
        if not (own and side is Dimension.AGENT)
    ]


def _figure(request: HttpRequest, key: str, form: AskedForm, asked: Asked | None, *, own: bool) -> HttpResponse:
    definition, choice = definition_of(key), CountedForm(request.GET)
    if definition is None:
        raise Http404
    context: dict[str, Any] = {"definition": definition, "form": form, "choice": choice, "own": own}
    if asked is None or not choice.is_valid():
        return render(request, "reports/figure.html", context, status=400)
    counted, offset = choice.cleaned_data["counted"], choice.cleaned_data["offset"] or 0
    found = contacts_behind(asked, key, counted=counted, offset=offset)
    queues = names_of(Dimension.QUEUE, {row["queue"] for row in found.rows})
    paths = names_of(Dimension.TOPIC, {row["topic"] for row in found.rows})
    context |= {
        "asked": asked,
        "narrowed": _narrowed(asked, own=own),
        "page": "my_reports" if own else "reports",
        "rows": [
            {**row, "id": UUID(row["id"]), "queue_name": queues[row["queue"]], "topic_name": paths[row["topic"]]}
            for row in found.rows
        ],
        "value": numbers.written(found.value, definition.unit),
        "made_of": _made_of(found, definition),
        "newer": _address(asked, request, offset - PAGE) if offset else "",
        "older": _address(asked, request, offset + PAGE) if found.more else "",
    }
    return render(request, "reports/figure.html", context)


def _made_of(found: Behind, definition: Definition) -> str:
    """Of how many contacts a share or a mean is; nothing for a count, which says it itself."""
    values = {"hits": f"{found.hits:,}", "population": f"{found.population:,}"}
    match definition.unit:
        case Unit.CONTACTS:
            return ""
        case Unit.RATIO:
            return _("%(hits)s of %(population)s contacts") % values
        case _:
            return _("mean of %(population)s contacts") % values


def _address(asked: Asked, request: HttpRequest, offset: int) -> str:
    counted = request.GET.get("counted", "")
    return f"?{asked.query}&{urlencode({'counted': counted, 'offset': max(0, offset)})}"


def _log(request: HttpRequest, action: str, asked: Asked, *, why: str = "", **detail: Any) -> None:
    contacts.log_access(
        action,
        account=account_of(request).pk,
        address=access.client_address(request),
        reason=why,
        detail={"since": asked.period.since.isoformat(), "until": asked.period.last.isoformat(), **detail},
    )
