"""People, and the tree of units that they work in."""

from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower, Replace
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, person: "Person") -> Self:
        """The units whose people's training the person may see."""
        from accounts import authority

        return self.filter(authority.oversight(person))


class Unit(models.Model):
    """A node of the library's organisation tree. ``path`` is the ids from the root down: ``/1/4/``."""

    class Kind(models.TextChoices):
        SYSTEM = "system"
        BRANCH = "branch"
        DEPARTMENT = "department"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BRANCH)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, unique=True, editable=False)
    supervisors: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(
        "Person", blank=True, related_name="supervised_units", help_text="They oversee this unit and all below it."
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint("parent", Lower("name"), name="unit_name_once_a_parent")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also writes the paths of this unit and of all below it, when it is new or has moved."""
        with transaction.atomic():
            old = self.path
            if not self.pk:
                self.path = uuid4().hex
                super().save(*args, **kwargs)
                kwargs = {}
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(*args, **{**kwargs, "force_insert": False})
            if old and old != self.path:
                below = Unit.objects.filter(path__startswith=old).exclude(pk=self.pk)
                below.update(path=Replace("path", models.Value(old), models.Value(self.path)))

    def clean(self) -> None:
        if self.pk and self.parent and self.parent.path.startswith(self.path or "-"):
            raise ValidationError({"parent": "A unit cannot be inside itself or inside a unit below it."})

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

        return self.filter(authority.oversight_of_people(person))

    def working(self) -> Self:
        """Who has not left."""
        return self.filter(is_active=True)


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

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField("works here", default=True, help_text="Off for somebody who has left.")
    is_staff = models.BooleanField("may open the admin site", default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonManager()

    if TYPE_CHECKING:
        supervised_units: "RelatedManager[Unit]"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="person_by_name")]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def delete(self, *args: object, **kwargs: object) -> Any:
        raise models.ProtectedError("A person is anonymised and never deleted.", {self})

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]
