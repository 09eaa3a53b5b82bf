"""Questions in Moodle's GIFT format into a knowledge check: first what they would become, then the real thing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.http import PersonRequest
from courses.gift import Questions, read_gift
from courses.gift.adding import TooMany, add_questions
from courses.models import Activity
from scenarios.admin.parts import PartAdmin, url_of
from scenarios.exchange import Faults
from scenarios.exchange.twine import decoded

LARGEST = 1_000_000


class GiftForm(forms.Form):
    """A file, or its text. The text is what was rehearsed, so that the second step needs nothing kept."""

    text = forms.CharField(
        label=gettext_lazy("Questions in GIFT"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("or a file of them"), required=False, max_length=200)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            said = _("This file is larger than %(most)s MB, which is the most.")
            raise forms.ValidationError(said % {"most": LARGEST // 1_000_000})
        return file

    def clean(self) -> dict[str, Any]:
        """Of a file, its text."""
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            cleaned["text"] = decoded(file.read(), file.name)[0]
        if not (self.errors or cleaned.get("text", "").strip()):
            self.add_error("text", _("Choose a file, or write or paste its text."))
        return cleaned


class GiftPages(PartAdmin):
    """The page of a knowledge check that takes questions in."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.gift)
        return [path("<int:pk>/gift/", view, name="courses_activity_gift"), *super().get_urls()]

    def gift(self, request: PersonRequest, pk: int) -> HttpResponse:
        """POST shows what the text would become; with ``confirmed``, it becomes that."""
        activity: Activity = self.may_change(request, pk)
        if activity.kind != Activity.Kind.KNOWLEDGE_CHECK:
            raise Http404
        form = GiftForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            text = form.cleaned_data["text"]
            try:
                read = read_gift(text, "text")
                if "confirmed" in request.POST and read.questions:
                    return self._add(request, activity, read)
                context |= {"read": read, "form": GiftForm(initial={"text": text})}
            except (Faults, TooMany) as refused:
                context["faults"] = refused.faults if isinstance(refused, Faults) else [{"message": str(refused)}]
        return self._gift_page(request, activity, context)

    def _add(self, request: PersonRequest, activity: Activity, read: Questions) -> HttpResponse:
        added = add_questions(activity, read)
        self.log_change(request, activity, f"Imported {len(added)} questions.")
        said = ngettext("Added %(n)s question.", "Added %(n)s questions.", len(added))
        messages.success(request, said % {"n": len(added)})
        return redirect(url_of(activity))

    def _gift_page(self, request: HttpRequest, activity: Activity, context: dict[str, Any]) -> HttpResponse:
        around = self.admin_site.each_context(request) | self._around(request, activity)
        around |= {
            "title": _("Import questions"),
            "opts": self.opts,
            "activity": activity,
            "page_url": url_of(activity),
        }
        return render(request, "admin/courses/gift.html", around | context)
