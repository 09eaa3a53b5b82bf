"""Importing scenarios: a rehearsal that shows what would be made, then the real thing."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.http import PersonRequest
from scenarios.admin.overview import Found
from scenarios.admin.parts import url_of
from scenarios.admin.texts import TextPages
from scenarios.engine.check import Finding, errors
from scenarios.examining import examine, in_words
from scenarios.exchange import Faults
from scenarios.exchange.foreign import APPROXIMATED, DROPPED, KEPT, Remark, Story
from scenarios.importing import LARGEST, make_drafts, read_stories

KEPT_FOR = 3600
OUTCOMES = {
    DROPPED: gettext_lazy("Left out"),
    APPROXIMATED: gettext_lazy("Came in changed"),
    KEPT: gettext_lazy("Came in as it was"),
}


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), max_length=200)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            message = _("This file is larger than %(most)s MB, which is the most.")
            raise forms.ValidationError(message % {"most": LARGEST // 1_000_000})
        return file


@dataclass(frozen=True)
class Rehearsed:
    """What one story would become."""

    story: Story
    scenes: int
    endings: int
    choices: int
    mistakes: tuple[Found, ...]
    groups: tuple[tuple[str, tuple[Remark, ...]], ...]


class ImportPages(TextPages):
    """The page that takes files in."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.bring_in)
        return [path("import/", view, name="scenarios_scenario_import"), *super().get_urls()]

    def bring_in(self, request: PersonRequest) -> HttpResponse:
        """GET: choose a file. POST of a file: rehearse. POST of what was rehearsed: make the drafts."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "rehearsed" in request.POST:
            return self._make(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                stories = read_stories(file.read(), file.name)
            except Faults as refused:
                context["faults"] = refused.faults
            else:
                token = secrets.token_urlsafe(16)
                cache.set(_place(request, token), stories, KEPT_FOR)
                context |= {"rehearsed": [_rehearsed(story) for story in stories], "token": token, "name": file.name}
        return self._import_page(request, context)

    def _make(self, request: PersonRequest) -> HttpResponse:
        stories = cache.get(_place(request, request.POST["rehearsed"][:100]))
        if not stories:
            messages.error(
                request, _("Nothing was imported: that was more than an hour ago. Please choose the file again.")
            )
            return redirect("admin:scenarios_scenario_import")
        chosen = [story for number, story in enumerate(stories) if str(number) in request.POST.getlist("story")]
        if not chosen:
            messages.error(request, _("Nothing was imported: no story was chosen."))
            return redirect("admin:scenarios_scenario_import")
        made = make_drafts(chosen)
        for scenario in made:
            self.log_addition(request, scenario, "Imported.")
        cache.delete(_place(request, request.POST["rehearsed"][:100]))
        message = ngettext(
            "Imported as a draft. Nobody sees it yet.", "Imported as %(count)s drafts. Nobody sees it yet.", len(made)
        )
        messages.success(request, message % {"count": len(made)})
        return redirect(url_of(made[0]) if len(made) == 1 else reverse("admin:scenarios_scenario_changelist"))

    def _import_page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        around = self.admin_site.each_context(request) | {"title": _("Import"), "opts": self.opts}
        return render(request, "admin/scenarios/import.html", around | context)


def _place(request: PersonRequest, token: str) -> str:
    """Whoever rehearsed is who may go on. What is no token of ours is a place where nothing is."""
    return f"import-{request.user.pk}-{token if re.fullmatch(r'[A-Za-z0-9_-]{1,50}', token) else ''}"


def _rehearsed(story: Story) -> Rehearsed:
    document = story.document
    return Rehearsed(
        story=story,
        scenes=len(document["scenes"]),
        endings=len(document["endings"]),
        choices=sum(len(scene.get("choices", ())) for scene in document["scenes"].values()),
        mistakes=tuple(_found(finding) for finding in errors(examine(document).findings)),
        groups=tuple(
            (str(label), found)
            for outcome, label in OUTCOMES.items()
            if (found := tuple(remark for remark in story.remarks if remark.outcome == outcome))
        ),
    )


def _found(finding: Finding) -> Found:
    """There is no page to mend it on yet."""
    return Found(in_words(finding), finding.scene, url="", way="")
