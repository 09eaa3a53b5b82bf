"""Who may see whom, and who may do what: the only place that knows.

Administrators are superusers. A supervisor oversees the units that name them and all units below. Authors are the
members of the group of that name; what they may edit, each app says in its AppConfig.
"""

from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.models import Person

AUTHORS = "Authors"


def oversight(person: Person, units: str = "") -> Q:
    """A condition on units: those that the person oversees; an empty one for an administrator, who oversees all.

    ``units`` is what leads to the units in a query for something else, such as ``unit__``. The paths stand in the query
    as they are, so that the database knows how many people it is about before it begins.
    """
    if not (person.is_authenticated and person.is_active):
        return Q(pk__in=[])
    if person.is_superuser:
        return Q()
    below = [Q(**{f"{units}path__startswith": path}) for path in _supervised_paths(person)]
    return reduce(or_, below) if below else Q(pk__in=[])


def _supervised_paths(person: Person) -> list[str]:
    """One query, or none for whoever is signed in: see ``accounts.backends``."""
    known: str | None = getattr(person, "supervised_paths", None)
    if known is None:
        return list(person.supervised_units.order_by().values_list("path", flat=True))
    return known.split(",") if known else []


def supervisors_of(person: Person) -> QuerySet[Person]:
    """Who oversees the person by their unit or one above it, and works here. Administrators see everyone besides."""
    above = person.unit.path.strip("/").split("/") if person.unit else []
    found: QuerySet[Person] = Person.objects.working().filter(supervised_units__in=above).distinct()
    return found


def oversees_anyone(person: Person) -> bool:
    """Whether Reports has anything to show to this person."""
    return person.is_superuser or bool(_supervised_paths(person))


def may_author(person: Person) -> bool:
    """Whether the person may see drafts."""
    return person.is_staff and person.has_perm("scenarios.change_scenario")


def grant_authors(**kwargs: object) -> None:
    """Give the authors' group what the apps say that authors edit; runs after each migrate."""
    from django.contrib.auth.models import Group, Permission

    models = [model for config in apps.get_app_configs() for model in getattr(config, "authored_models", ())]
    actions = ("add", "change", "delete", "view")
    wanted = Permission.objects.filter(
        content_type__model__in=models, codename__in=[f"{action}_{model}" for action in actions for model in models]
    )
    group, _ = Group.objects.get_or_create(name=AUTHORS)
    group.permissions.set(wanted)
