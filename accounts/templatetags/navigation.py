"""Where a signed-in person can go from any page."""

from dataclasses import dataclass

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import authority

register = template.Library()


@dataclass(frozen=True)
class Place:
    name: str
    url: str
    here: bool


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[Place]:
    """The entries of the site's navigation for this person."""
    request = context["request"]
    entries = [(_("My training"), reverse("courses:my-training"))]
    entries += [(_("Courses"), reverse("courses:course-list")), (_("Scenarios"), reverse("scenarios:list"))]
    if authority.oversees_anyone(request.user):
        entries.append((_("Reports"), reverse("courses:reports")))
    if request.user.is_staff:
        entries.append((_("Admin"), reverse("admin:index")))
    return [Place(name, url, _here(request.path, url)) for name, url in entries]


def _here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
