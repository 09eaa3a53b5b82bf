"""Publishing a draft, comparing its editions, and going back to one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import PersonRequest
from scenarios.admin.parts import WholeAdmin, url_of
from scenarios.differing import difference
from scenarios.drafting import document_of, write_draft
from scenarios.engine.check import errors
from scenarios.examining import examine, in_words
from scenarios.identifying import could_identify
from scenarios.impact import impact_of
from scenarios.models import Edition, Scenario
from scenarios.publishing import CannotPublish, is_same, publish


class PublishForm(forms.Form):
    """What the author says about an edition."""

    note = forms.CharField(label=gettext_lazy("What changed"), max_length=400, required=False)


class EditionForm(PublishForm):
    material = forms.TypedChoiceField(
        label=gettext_lazy("How much"),
        choices=[
            ("minor", gettext_lazy("A minor change: wording, spelling, a smoother line")),
            ("material", gettext_lazy("A material change: it teaches something else than before")),
        ],
        coerce=lambda value: value == "material",
        initial="minor",
        widget=forms.RadioSelect,
    )
    ask_again = forms.BooleanField(
        label=gettext_lazy(
            "Ask those who went through what changed to play it again, with the changes as their reading"
        ),
        required=False,
    )
    looked = forms.BooleanField(
        label=gettext_lazy("I have looked at each of these, and nothing in it tells who it was")
    )

    def __init__(self, *args: Any, is_first: bool, is_risky: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, is_asked in (("material", not is_first), ("ask_again", not is_first), ("looked", is_risky)):
            if not is_asked:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ask_again") and not cleaned.get("material"):
            self.add_error("ask_again", _("Ask for that only after a material change."))
        return cleaned


class EditionPages(WholeAdmin):
    """The pages of a scenario that are about its editions."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/publish/", wrap(self.publish), name="scenarios_scenario_publish"),
            path("<int:pk>/changes/", wrap(require_safe(self.changes)), name="scenarios_scenario_changes"),
            path("<int:pk>/go-back/", wrap(require_POST(self.go_back)), name="scenarios_scenario_go_back"),
        ]
        return own + super().get_urls()

    def publish(self, request: PersonRequest, pk: int) -> HttpResponse:
        """What would change, and for whom; then publish. Where there are errors, say how many."""
        scenario = self.may_change(request, pk)
        document = document_of(scenario)
        if count := len(errors(examine(document).findings)):
            return self._refused(request, scenario, count)
        changes = difference(scenario.current.document, document) if scenario.current else ()
        if scenario.current and is_same(scenario.current.document, document):
            number = scenario.current.number
            unchanged = _("Nothing has changed since edition %(number)s, so it stays the newest.")
            messages.info(request, unchanged % {"number": number})
            return redirect(url_of(scenario))
        risks = could_identify(document) if scenario.from_incident else ()
        form = EditionForm(request.POST or None, is_first=scenario.current is None, is_risky=bool(risks))
        if request.method == "POST" and form.is_valid():
            return self._published(request, scenario, form.cleaned_data)
        context = {
            "form": form,
            "changes": changes,
            "impact": impact_of(scenario, changes),
            "risks": [in_words(finding) for finding in risks],
            "title": _("Publish %(scenario)s") % {"scenario": scenario},
        }
        return self.page(request, scenario, "publish", context)

    def _published(self, request: PersonRequest, scenario: Scenario, said: dict[str, Any]) -> HttpResponse:
        try:
            edition = publish(
                scenario,
                by=request.user,
                note=said["note"],
                material=said.get("material", False),
                ask_again=said.get("ask_again", False),
            )
        except CannotPublish as refusal:
            return self._refused(request, scenario, len(errors(refusal.findings)))
        asked = edition.revisits.count()
        self.log_change(request, scenario, f"Published edition {edition.number}.")
        messages.success(request, _told(edition.number, asked))
        return redirect(url_of(scenario))

    def _refused(self, request: PersonRequest, scenario: Scenario, count: int) -> HttpResponse:
        message = ngettext(
            "Not published. There is one thing to mend first: see below.",
            "Not published. There are %(count)s things to mend first: see below.",
            count,
        )
        messages.error(request, message % {"count": count})
        return redirect(url_of(scenario) + "#findings")

    def changes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two editions side by side, or one and the draft."""
        scenario = self.may_change(request, pk)
        editions = list(scenario.editions.defer("document", "page"))
        numbers = {str(edition.number) for edition in editions}
        asked = [request.GET.get(name, "") for name in ("from", "to")]
        start, end = (number if number in numbers else "" for number in asked)
        start = start or (str(editions[0].number) if editions else "")
        context = {
            "editions": editions,
            "start": start,
            "end": end,
            "changes": difference(_said(scenario, start), _said(scenario, end)) if editions else (),
            "title": _("Changes of %(scenario)s") % {"scenario": scenario},
        }
        return self.page(request, scenario, "changes", context)

    def go_back(self, request: PersonRequest, pk: int) -> HttpResponse:
        """The draft says again what an older edition said. The edition stays, and so do the newer ones."""
        scenario = self.may_change(request, pk)
        number = request.POST.get("edition", "")
        found = get_object_or_404(Edition, scenario=scenario, number=int(number) if number.isdecimal() else 0)
        write_draft(scenario, found.document | {"slug": scenario.slug})
        self.log_change(request, scenario, f"Made the draft what edition {found.number} was.")
        again = _("The draft is what edition %(number)s was. Publish it to make it the newest.")
        messages.success(request, again % {"number": found.number})
        return redirect(url_of(scenario))

    def page(self, request: HttpRequest, scenario: Scenario, name: str, context: dict[str, Any]) -> HttpResponse:
        """One of the scenario's own pages, in admin's dress."""
        around = self.admin_site.each_context(request) | {
            "scenario": scenario,
            "scenario_url": url_of(scenario),
            "opts": self.opts,
            "values": {},
        }
        return render(request, f"admin/scenarios/{name}.html", around | context)


def _told(number: int, asked: int) -> str:
    """What has been published, and how many are asked to play it again."""
    published = _("Published as edition %(number)s. New attempts play it from now on.") % {"number": number}
    again = ngettext(
        "%(count)s person is asked to play it again.", "%(count)s people are asked to play it again.", asked
    )
    return f"{published} {again % {'count': asked}}" if asked else published


def _said(scenario: Scenario, number: str) -> dict[str, Any]:
    """An edition's document; the draft's where no number is given."""
    if not number:
        return document_of(scenario)
    document: dict[str, Any] = scenario.editions.get(number=int(number)).document
    return document
