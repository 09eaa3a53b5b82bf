"""The admin pages on which two people are said to be two, so that they are not shown as likely duplicates again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.duplicates import tell_apart
from accounts.http import PersonRequest
from accounts.merge_pages import LARGEST, PAGE, MergePages, person_of
from accounts.models import Distinct


class DistinctPages(MergePages):
    """For the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        apart, back = require_http_methods(["GET", "HEAD"])(self.distinct), require_POST(self.together)
        return [
            path("distinct/", wrap(apart), name="accounts_person_distinct"),
            path("distinct/<int:pk>/", wrap(back), name="accounts_person_together"),
            path("<int:pk>/distinct/<int:other>/", wrap(require_POST(self.apart)), name="accounts_person_apart"),
            *super().get_urls(),
        ]

    def distinct(self, request: PersonRequest) -> HttpResponse:
        """Who was said to be two people, by whom and when, the newest first."""
        self._allow(request)
        notes = Distinct.objects.select_related("one", "other", "said_by")
        page = Paginator(notes, PAGE).get_page(request.GET.get("page"))
        return self._page(request, "distinct", _("Said to be two people"), {"page": page})

    def apart(self, request: PersonRequest, pk: int, other: int) -> HttpResponse:
        """These are two people."""
        self._allow(request)
        one, two = person_of(pk), person_of(other)
        if one == two:
            raise Http404
        if tell_apart(one, two, by=request.user):
            self.log_change(request, one, f"Said to be somebody else than {two.email}.")
        said = _("%(one)s and %(other)s are two people, and are not shown here again.")
        messages.success(request, said % {"one": one.email, "other": two.email})
        return redirect("admin:accounts_person_duplicates")

    def together(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Take it back: they may be one."""
        self._allow(request)
        note = Distinct.objects.select_related("one", "other").filter(pk=pk).first() if pk < LARGEST else None
        if note is None:
            raise Http404
        note.delete()
        self.log_change(request, note.one, f"No longer said to be somebody else than {note.other.email}.")
        messages.success(request, _("Taken back: they are shown again if they are alike."))
        return redirect("admin:accounts_person_distinct")
