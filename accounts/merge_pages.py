"""The admin pages about one person who is here twice: found."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from accounts.duplicates import Likely, likely
from accounts.http import PersonRequest
from accounts.models import Person

PAGE = 25
# Of one name; who is looking for one of more searches for them.
MOST_SHOWN = 10


class MergePages(admin.ModelAdmin):  # type: ignore[type-arg]
    """For the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.duplicates)
        return [path("duplicates/", view, name="accounts_person_duplicates"), *super().get_urls()]

    def duplicates(self, request: PersonRequest) -> HttpResponse:
        """People who may be the same, the likeliest first."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        page = Paginator(likely(), PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "groups": _with_people(list(page.object_list)), "title": "People who may be the same"}
        around = self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, "admin/accounts/duplicates.html", around | context)


def _with_people(found: list[Likely]) -> list[tuple[Likely, list[Person], int]]:
    """Each with its people, the first of them, and how many more there are: one query."""
    shown = {one: one.people[:MOST_SHOWN] for one in found}
    wanted = [pk for people in shown.values() for pk in people]
    people: dict[int, Any] = Person.objects.select_related("unit").in_bulk(wanted)
    return [(one, [people[pk] for pk in pks], len(one.people) - len(pks)) for one, pks in shown.items()]
