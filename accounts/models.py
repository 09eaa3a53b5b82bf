"""People, and the tree of units that they work in."""

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.signals import unit_moved

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


YEARS = range(1900, 2101)
OUT_OF_REACH = _("Take a day from 1900 to 2100.")


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write it like America/New_York or Europe/Berlin."))


def validate_days(**days: datetime.date | None) -> None:
    """Raises ValidationError, by field, for days of years that make no sense here: no rule can count from them."""
    wrong = {name: OUT_OF_REACH for name, day in days.items() if day and day.year not in YEARS}
    if wrong:
        raise ValidationError(wrong)


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, person: "Person") -> Self:
        """The units whose people's training the person may see."""
        from accounts import authority

        return self.filter(authority.oversight(person))

    def time_zones(self) -> dict[int | None, ZoneInfo]:
        """The time zone of each unit by its id, its own or the nearest above; of no unit, the site's. One query."""
        zones: dict[int | None, ZoneInfo] = {None: ZoneInfo(settings.TIME_ZONE)}
        for pk, parent, name in Unit.objects.order_by("path").values_list("pk", "parent", "time_zone"):
            zones[pk] = ZoneInfo(name) if name else zones[parent]
        return zones


class Unit(models.Model):
    """A node of the library's organisation tree. ``path`` is the ids from the root down: ``/1/4/``."""

    class Kind(models.TextChoices):
        SYSTEM = "system", _("System")
        BRANCH = "branch", _("Branch")
        DEPARTMENT = "department", _("Department")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BRANCH)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, unique=True, editable=False)
    supervisors: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(
        "Person", blank=True, related_name="supervised_units", help_text=_("They oversee this unit and all below it.")
    )
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Such as America/New_York: training is due at the end of a day there. Empty: as above it."),
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint("parent", Lower("name"), name="unit_name_once_a_parent")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also writes the paths of this unit and of all below it, when it is new or has moved; says if it has."""
        with transaction.atomic():
            before = Unit.objects.filter(pk=self.pk).values_list("path", "time_zone").first()
            if not self.pk:
                self.path = uuid4().hex
                super().save(*args, **kwargs)
                kwargs = {}
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(*args, **{**kwargs, "force_insert": False})
            if before and before[0] != self.path:
                below = Unit.objects.filter(path__startswith=before[0]).exclude(pk=self.pk)
                below.update(path=Replace("path", models.Value(before[0]), models.Value(self.path)))
            if before and before != (self.path, self.time_zone):
                unit_moved.send(Unit, unit=self)

    def clean(self) -> None:
        if self.pk and self.parent and self.parent.path.startswith(self.path or "-"):
            raise ValidationError({"parent": _("A unit cannot be inside itself or inside a unit below it.")})

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2

    @property
    def indented(self) -> str:
        """The name, set in by its depth, for lists in the order of the tree."""
        return "\u2003" * self.depth + self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: "Person") -> Self:
        """The people whose training the person may see; for most people, nobody."""
        from accounts import authority

        return self.filter(authority.oversight(person, "unit__"))

    def working(self) -> Self:
        """Who has not left."""
        return self.filter(is_active=True)

    def merged(self) -> Self:
        """Profiles that turned out to be of somebody who is here already."""
        return self.filter(merged_into__isnull=False)

    def profiles_of(self, person: "Person") -> Self:
        """The person, and the profiles that were merged into theirs."""
        return self.in_profiles([person.pk])

    def in_profiles(self, people: "Collection[int] | models.QuerySet[Any]") -> Self:
        """These people (by id), and the profiles that were merged into theirs."""
        return self.filter(models.Q(pk__in=people) | models.Q(merged_into__in=people))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person: Person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "Person":
        found: Person = self.get(email__iexact=email)
        return found


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who works, or worked, at the library. A person is anonymised and never deleted."""

    class Reminders(models.TextChoices):
        EACH = "each", _("as they come up, at most one mail a day")
        WEEKLY = "weekly", _("what I have to do as it comes up, and everything else once a week, on Mondays")
        MANDATORY = "mandatory", _("only for what I have to do")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=10, blank=True, help_text=_("Of the pages; empty: as their browser asks."))
    reminders = models.CharField(_("reminders by mail"), max_length=10, choices=Reminders, default=Reminders.EACH)
    is_active = models.BooleanField(_("works here"), default=True, help_text=_("Off for somebody who has left."))
    is_staff = models.BooleanField(_("may open the admin site"), default=False)
    hired_on = models.DateField(
        _("hired on"), default=timezone.localdate, help_text=_("Some training is due so many days after.")
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # The day on which somebody who had left came back: nobody is late for what was due while they were away.
    back_on = models.DateField(null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A profile that turned out to be of somebody who is here already keeps all that is its own, and works no more.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", db_index=False
    )
    merged_at = models.DateTimeField(null=True, blank=True, editable=False)
    was_active = models.BooleanField(null=True, editable=False, help_text="Before it was merged.")

    objects = PersonManager()

    if TYPE_CHECKING:
        supervised_units: "RelatedManager[Unit]"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name", "id"], name="person_by_name"),
            # Of those few only: an index full of nothing would look useless to SQLite, and it would read all of it.
            models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="person_merged"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(is_active=False),
                name="person_merged_is_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Of somebody who had left and works here again, the day is noted."""
        is_whole = self.pk and kwargs.get("update_fields") is None
        if is_whole and self.is_active and Person.objects.filter(pk=self.pk, is_active=False).exists():
            self.back_on = timezone.localdate()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def delete(self, *args: object, **kwargs: object) -> Any:
        raise models.ProtectedError("A person is anonymised and never deleted.", {self})

    @property
    def mail_language(self) -> str:
        """The language that they chose for themselves, or else the library's: a mail has no browser that asks."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Distinct(models.Model):
    """That two people who might be one are two: who said so, and when. ``one`` has the smaller id."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pair of two people")
        verbose_name_plural = _("pairs of two people")
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="distinct_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="distinct_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} ({self.one.email}), {self.other} ({self.other.email})"
