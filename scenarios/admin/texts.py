"""A scenario as one text to write, as a script to read aloud, and as files to take away."""

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import PersonRequest
from scenarios.admin.editions import EditionPages
from scenarios.admin.parts import url_of
from scenarios.drafting import document_of, page_of
from scenarios.engine.graph import Ending, Scene, from_document
from scenarios.exchange import Fault, Faults
from scenarios.exchange.files import LARGEST
from scenarios.exchange.scenario import SCENARIO
from scenarios.exchange.twine import to_twee
from scenarios.exchange.writing import to_yaml
from scenarios.models import PolicyValue
from scenarios.quoting import texts
from scenarios.whole import rewrite, text_of

FORMATS = {"yaml": "application/yaml", "twee": "text/plain"}


class TextForm(forms.Form):
    """The whole draft, and what it said when it was opened."""

    text = forms.CharField(
        label=gettext_lazy("The scenario"), max_length=LARGEST, widget=forms.Textarea(attrs={"rows": 40})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def is_of(self, now: str) -> bool:
        """Whether it was made from what the draft says now. Whoever sends it again has been told."""
        if self.cleaned_data["seen"] == now:
            return True
        told: Any = self.data.copy()  # type: ignore[attr-defined]
        told["seen"] = now
        self.data = told
        self.add_error(
            None, _("Somebody changed the draft after you had opened it. Yours is still below, not saved yet.")
        )
        return False


class TextPages(EditionPages):
    """The pages of a scenario that show all of it as text."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/text/", wrap(self.text), name="scenarios_scenario_text"),
            path("<int:pk>/script/", wrap(require_safe(self.script)), name="scenarios_scenario_script"),
            path("<int:pk>/file/", wrap(require_safe(self.file)), name="scenarios_scenario_file"),
        ]
        return own + super().get_urls()

    def text(self, request: PersonRequest, pk: int) -> HttpResponse:
        """The draft in one box. What is wrong is named by its line, and nothing that was written is lost."""
        scenario = self.may_change(request, pk)
        now = text_of(scenario)
        seen = sha256(now.encode()).hexdigest()
        faults: tuple[Fault, ...] = ()
        form = TextForm(request.POST or None, initial={"text": now, "seen": seen})
        if request.method == "POST" and form.is_valid() and form.is_of(seen):
            try:
                rewrite(scenario, form.cleaned_data["text"])
            except Faults as refused:
                faults = refused.faults
            else:
                self.log_change(request, scenario, "Rewrote it as text.")
                messages.success(request, _("Saved."))
                return redirect(url_of(scenario))
        context = {"form": form, "faults": faults, "now": now, "title": _("Edit as text")}
        return self.page(request, scenario, "text", context)

    def script(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All scenes in order, to print: for a reading round, or a translator."""
        scenario = self.may_change(request, pk)
        document = document_of(scenario)
        try:
            graph = from_document(page_of(document))
        except ValidationError as error:
            raise Http404 from error
        nodes: list[Scene | Ending] = [*graph.scenes.values(), *graph.endings.values()]
        context = {
            "scenario": scenario,
            "scenario_url": url_of(scenario),
            "graph": graph,
            "numbers": {node.key: number for number, node in enumerate(nodes, 1)},
            "values": PolicyValue.objects.quoted_in(*texts(document)),
        }
        return render(request, "admin/scenarios/script.html", context)

    def file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as a file of a pack, or as a Twee 3 story."""
        scenario = self.may_change(request, pk)
        kind = request.GET.get("format", "yaml")
        if kind not in FORMATS:
            raise Http404
        document: dict[str, Any] = document_of(scenario)
        content = to_twee(document) if kind == "twee" else to_yaml(SCENARIO.canonical(document))
        name = f"{scenario.slug}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=f"{FORMATS[kind]}; charset=utf-8", headers=headers)
