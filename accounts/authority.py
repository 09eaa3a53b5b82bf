"""Who may see whom, and who may do what: the only place that knows.

Administrators are superusers. A supervisor oversees the units that name them and all units below. Authors are the
members of the group of that name; what they may edit, each app says in its AppConfig.
"""

from django.apps import apps
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from accounts.models import Person, Unit

AUTHORS = "Authors"


def oversight(person: Person) -> Q:
    """A condition on units: those that the person oversees."""
    if not (person.is_authenticated and person.is_active):
        return Q(pk__in=[])
    if person.is_superuser:
        return Q()
    here = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = Unit.objects.filter(supervisors=person).alias(here=here).filter(here__startswith=F("path"))
    return Q(Exists(above))


def oversight_of_people(person: Person) -> Q:
    """A condition on people: those in the units that the person oversees; for an administrator, everyone."""
    condition = oversight(person)
    return Q(unit__in=Unit.objects.filter(condition)) if condition else Q()


def supervisors_of(person: Person) -> QuerySet[Person]:
    """Who oversees the person by their unit or one above it, and works here. Administrators see everyone besides."""
    above = person.unit.path.strip("/").split("/") if person.unit else []
    found: QuerySet[Person] = Person.objects.working().filter(supervised_units__in=above).distinct()
    return found


def oversees_anyone(person: Person) -> bool:
    """Whether Reports has anything to show to this person."""
    supervises = getattr(person, "supervises", None)
    return person.is_superuser or (person.supervised_units.exists() if supervises is None else supervises)


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
