"""The admin pages about one person who is here twice: found, looked at, merged, and separated again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import merging, roles
from accounts.duplicates import Likely, Pair, likely, pair, said_to_be_two
from accounts.http import PersonRequest
from accounts.models import Person

PAGE = 25
# Of one name; who is looking for one of more searches for them.
MOST_SHOWN = 10
# No database holds an id beyond it.
LARGEST = 2**63


class OtherForm(forms.Form):
    """The other profile of a person."""

    email = forms.EmailField(label=gettext_lazy("Email address of the other profile"), max_length=254)

    def clean_email(self) -> Person:
        found: Person | None = Person.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address."))
        return found


class MergePages(admin.ModelAdmin):  # type: ignore[type-arg]
    """For the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        either = require_http_methods(["GET", "POST"])
        return [
            path("duplicates/", wrap(self.duplicates), name="accounts_person_duplicates"),
            path("<int:pk>/merge/", wrap(self.other), name="accounts_person_merge"),
            path("<int:pk>/merge/<int:duplicate>/", wrap(either(self.merge)), name="accounts_person_merge_with"),
            path("<int:pk>/separate/", wrap(require_POST(self.separate)), name="accounts_person_separate"),
            *super().get_urls(),
        ]

    def duplicates(self, request: PersonRequest) -> HttpResponse:
        """People who may be the same, the likeliest first."""
        self._allow(request)
        page = Paginator(likely(), PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "groups": _with_people(list(page.object_list))}
        return self._page(request, "duplicates", _("People who may be the same"), context)

    def other(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Ask which other profile is theirs."""
        self._allow(request)
        person = person_of(pk)
        form = OtherForm(request.GET if "email" in request.GET else None)
        if form.is_valid():
            return redirect("admin:accounts_person_merge_with", pk, form.cleaned_data["email"].pk)
        return self._page(request, "merge_other", _("Merge a duplicate"), {"person": person, "form": form})

    def merge(self, request: PersonRequest, pk: int, duplicate: int) -> HttpResponse:
        """GET shows both, and what merging does; POST does it."""
        self._allow(request)
        kept, other = person_of(pk), person_of(duplicate)
        if request.method == "POST":
            return self._merge(request, other, kept)
        context = {
            "person": kept,
            "duplicate": other,
            "profiles": [(profile, merging.described(profile), roles.in_words(profile)) for profile in (kept, other)],
            "refusal": merging.why_not(other, into=kept, by=request.user),
        }
        return self._page(request, "merge", _("Merge two profiles"), context)

    def separate(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Two people again."""
        self._allow(request)
        person = person_of(pk)
        try:
            kept = merging.separate(person)
        except merging.CannotMerge as why:
            messages.error(request, str(why))
        else:
            self.log_change(request, person, f"Separated from {kept.email}.")
            said = _("%(email)s and %(other)s are two profiles again.")
            messages.success(request, said % {"email": person.email, "other": kept.email})
        return redirect("admin:accounts_person_change", pk)

    def _merge(self, request: PersonRequest, duplicate: Person, kept: Person) -> HttpResponse:
        try:
            merging.merge(duplicate, into=kept, by=request.user, at=timezone.now())
        except merging.CannotMerge as why:
            messages.error(request, _("Nothing was merged. %(why)s") % {"why": why})
        else:
            self.log_change(request, duplicate, f"Merged into {kept.email}.")
            self.log_change(request, kept, f"{duplicate.email} was merged into this one.")
            said = _("%(email)s is now a part of %(other)s.")
            messages.success(request, said % {"email": duplicate.email, "other": kept.email})
        return redirect("admin:accounts_person_change", kept.pk)

    def _allow(self, request: PersonRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _page(self, request: PersonRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
        around = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return render(request, f"admin/accounts/{name}.html", around | context)


def person_of(pk: int) -> Person:
    """The person with this id; an id that no database could hold is nobody's."""
    if pk >= LARGEST:
        raise Http404
    found: Person = get_object_or_404(Person.objects.select_related("unit", "merged_into"), pk=pk)
    return found


Two = tuple[Person, Person]


def _with_people(found: list[Likely]) -> list[tuple[Likely, list[Person], list[Two], int]]:
    """Each with its people, the likeliest to be kept first, whom to compare, and how many more: two queries."""
    apart = said_to_be_two()
    wanted = [pk for one in found for pk in one.people[:MOST_SHOWN]]
    people = Person.objects.select_related("unit").in_bulk(wanted)
    groups = [sorted((people[pk] for pk in one.people[:MOST_SHOWN]), key=_likely_kept) for one in found]
    return [
        (one, group, _to_compare(group, apart), len(one.people) - len(group))
        for one, group in zip(found, groups, strict=True)
    ]


def _to_compare(group: list[Person], apart: set[Pair]) -> list[Two]:
    """Each person with the first one before them whom they may be."""
    maybe = (
        next(((kept, person) for kept in group[:at] if pair(kept.pk, person.pk) not in apart), None)
        for at, person in enumerate(group)
    )
    return [two for two in maybe if two]


def _likely_kept(person: Person) -> tuple[bool, float, int]:
    return (not person.is_active, -(person.last_login.timestamp() if person.last_login else 0), person.pk)
