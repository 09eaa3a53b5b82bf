"""The admin page that takes a roster in: first what it would change, then the real thing."""

import re
import secrets
import zlib
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from accounts.http import PersonRequest
from accounts.importing import Change, Options, Plan, Refused, announce, import_roster, rehearse
from accounts.models import Person
from accounts.roster import LARGEST

KEPT_FOR = 3600
SHOWN = 200
# So many people are settled before the page answers; of more, it shows how far it is.
AT_ONCE = 2000
PROGRESS = "<!-- progress -->"


class RosterForm(forms.Form):
    """A file, and how it is meant."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=200)
    leavers = forms.BooleanField(
        label=gettext_lazy("People who are not in the file have left"),
        required=False,
        help_text=gettext_lazy(
            "Only if the file holds everybody who works here. They cannot sign in any more; their records stay."
        ),
    )
    make_units = forms.BooleanField(
        label=gettext_lazy("Make units that do not exist"),
        required=False,
        help_text=gettext_lazy("Otherwise a unit that nobody knows is a fault."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            said = _("This file is larger than %(most)s MB, which is the most.")
            raise forms.ValidationError(said % {"most": LARGEST // 1_000_000})
        return file


@dataclass(frozen=True)
class Kept:
    """What is kept from the first step to the second."""

    packed: bytes
    name: str
    options: Options
    digest: str


@dataclass(frozen=True)
class Lines:
    """The first of what a plan does of one kind; ``columns`` are the heads of the cells."""

    title: str
    columns: tuple[str, ...]
    cells: list[tuple[Any, ...]]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.cells)


class RosterPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """For the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.roster)
        return [path("roster/", view, name="accounts_person_roster"), *super().get_urls()]

    def roster(self, request: PersonRequest) -> HttpResponseBase:
        """GET: choose a file. POST of a file: rehearse. POST of what was rehearsed: write it."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if "rehearsed" in request.POST:
            return self._import(request, request.POST["rehearsed"])
        form = RosterForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            options = Options(form.cleaned_data["leavers"], form.cleaned_data["make_units"])
            return self._rehearse(request, form, file.read(), file.name, options)
        return self._roster_page(request, {"form": form})

    def _rehearse(
        self, request: PersonRequest, form: RosterForm | None, content: bytes, name: str, options: Options
    ) -> HttpResponse:
        plan = rehearse(content, options, today=timezone.localdate(), by=request.user)
        context: dict[str, Any] = {"plan": plan, "name": name, "form": form or RosterForm()}
        if plan.faults:
            context |= {"faults": plan.faults[:SHOWN], "more": max(len(plan.faults) - SHOWN, 0)}
        else:
            token = secrets.token_urlsafe(16)
            kept = Kept(zlib.compress(content, 1), name, options, plan.digest)
            cache.set(_place(request, token), kept, KEPT_FOR)
            context |= {"token": token, "kinds": shown(plan)}
        return self._roster_page(request, context)

    def _import(self, request: PersonRequest, token: str) -> HttpResponseBase:
        kept: Kept | None = cache.get(_place(request, token))
        if not kept:
            late = _("Nothing was imported: that was more than an hour ago. Please choose the file again.")
            messages.error(request, late)
            return redirect("admin:accounts_person_roster")
        content = zlib.decompress(kept.packed)
        try:
            plan = import_roster(
                content, kept.options, today=timezone.localdate(), by=request.user, expected=kept.digest
            )
        except Refused as why:
            refused = _("Nothing was imported. %(why)s This is what it would do now.")
            messages.error(request, refused % {"why": why})
            return self._rehearse(request, None, content, kept.name, kept.options)
        cache.delete(_place(request, token))
        with override("en"):  # what is kept is in one language
            _log(request, f"Imported the roster {kept.name}: {plan.in_words}.")
        messages.success(request, _("Imported %(name)s: %(counts)s.") % {"name": kept.name, "counts": plan.in_words})
        if len(plan.changed) > AT_ONCE:
            return self._settle_slowly(request, plan)
        for _done in announce(plan):
            pass
        return redirect("admin:accounts_person_changelist")

    def _settle_slowly(self, request: PersonRequest, plan: Plan) -> HttpResponseBase:
        """A page that grows while it works, so that neither browser nor proxy takes it for dead."""
        around = self.admin_site.each_context(request) | {
            "title": _("Import a roster"),
            "opts": self.opts,
            "plan": plan,
        }
        top, bottom = render_to_string("admin/accounts/roster_done.html", around, request).split(PROGRESS)
        total = len(plan.changed)
        line = _("%(done)s of %(total)s people")  # looked up now: the rest is written after the request
        lines = (f"<li>{line % {'done': f'{done:,}', 'total': f'{total:,}'}}</li>\n" for done in announce(plan))
        return StreamingHttpResponse(chain([top], lines, [bottom]))

    def _roster_page(self, request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
        around = self.admin_site.each_context(request) | {"title": _("Import a roster"), "opts": self.opts}
        return render(request, "admin/accounts/roster.html", around | context)


def shown(plan: Plan) -> list[Lines]:
    """What the plan does, by kind, the kinds that there are."""
    nodes = plan.units.nodes
    before = {pk: str(node) for pk, node in nodes.items()}
    kinds = [
        _lines(_("New units"), (_("Unit"),), plan.units.new, lambda node: (node,)),
        _lines(
            _("People who join"),
            (_("Name"), _("Email"), _("Job title"), _("Unit")),
            plan.joiners,
            lambda pair: (pair[0].name, pair[0].email, pair[0].job_title, pair[1] or ""),
        ),
        _lines(
            _("People who come back"),
            (_("Name"), _("Email"), _("Unit")),
            plan.returners,
            lambda change: (change.name, change.known.email, change.unit or ""),
        ),
        _lines(
            _("People who move"),
            (_("Name"), _("Unit now"), pgettext("roster", "Unit then")),
            plan.movers,
            lambda change: (change.name, before.get(change.known.unit_id, pgettext("roster", "none")), change.unit),
        ),
        _lines(
            _("Other names, job titles and first days"),
            (_("Name"), _("Now"), pgettext("roster", "Then")),
            plan.renamed,
            _renamed,
        ),
        _lines(
            _("People who have left"),
            (_("Name"), _("Email"), _("Unit")),
            plan.leavers,
            lambda known: (known.name, known.email, before.get(known.unit_id, "")),
        ),
    ]
    return [lines for lines in kinds if lines.total]


def _lines(title: str, columns: tuple[str, ...], found: list[Any], cells: Any) -> Lines:
    return Lines(title, columns, [cells(thing) for thing in found[:SHOWN]], len(found))


def _renamed(change: Change) -> tuple[str, str, str]:
    """What is different, as it is now and as it will be."""
    pairs = [
        (getattr(change.known, name), getattr(change, name))
        for name in ("name", "job_title", "hired_on")
        if getattr(change.known, name) != getattr(change, name)
    ]
    return change.known.name, *(
        ", ".join(str(value) or pgettext("roster", "none") for value in side) for side in zip(*pairs, strict=True)
    )  # type: ignore[return-value]


def _log(request: PersonRequest, message: str) -> None:
    """One line for all of it, in what admin keeps of what administrators did."""
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(Person),
        object_repr="Roster",
        action_flag=CHANGE,
        change_message=message,
    )


def _place(request: PersonRequest, token: str) -> str:
    """Whoever rehearsed is who may go on. What is no token of ours is a place where nothing is."""
    return f"roster-{request.user.pk}-{token if re.fullmatch(r'[A-Za-z0-9_-]{1,50}', token) else ''}"
