"""Training records: what an auditor is shown."""

import secrets
from collections.abc import Callable, Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import authority
from accounts.models import Person, Unit
from training.lib.immutable import Immutable, ImmutableQuerySet

# No letter or digit that is read as another; 16 of them are 80 bits.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# From a record to where its person works, also by way of the profile that theirs was merged into.
UNITS = ("person__unit__", "person__merged_into__unit__")


def new_code(choice: Callable[[str], str] = secrets.choice) -> str:
    """An unguessable code in four groups, such as ``K7QF-2MWX-9HTB-4RNE``."""
    letters = [choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def _either(own: Q, kept: Q) -> Q:
    """Where a profile was merged into another it is that one's unit that counts. What is empty stays so."""
    return (own & Q(person__merged_into__isnull=True)) | kept if own else own


class TrainingRecordQuerySet(ImmutableQuerySet):
    def visible_to(self, person: Person) -> Self:
        """Records of the people whom the person oversees, in whichever of their profiles."""
        return self.filter(_either(*(authority.oversight(person, way) for way in UNITS)))

    def below(self, unit: Unit) -> Self:
        """Records of the people who now work in the unit or below it, in whichever of their profiles."""
        return self.filter(_either(*(Q(**{f"{way}path__startswith": unit.path}) for way in UNITS)))

    def in_profiles(self, people: Collection[int]) -> Self:
        """Records of these people (by id), in whichever of their profiles."""
        return self.filter(person__in=Person.objects.in_profiles(people))

    def of(self, person: Person) -> Self:
        """The person's, also those of profiles that were merged into theirs."""
        return self.filter(person__in=Person.objects.profiles_of(person))

    def standing(self) -> Self:
        """Those that no later entry corrects."""
        return self.filter(corrected_by__isnull=True)


class TrainingRecord(Immutable):
    """That a person completed an edition of a course, with everything about it copied in.

    It refers to the person only, who is never deleted: content, course and enrolment may go, and it stays as it was.
    The fields are those that California's Labor Code 6401.9 asks for, which is the most exacting that we know.
    """

    code = models.CharField(max_length=19, unique=True, default=new_code, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="records")
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=120)
    unit = models.CharField(max_length=400)
    course_slug = models.CharField(max_length=50)
    course_title = models.CharField(max_length=120)
    edition = models.PositiveIntegerField()
    contents = models.JSONField()
    minutes = models.PositiveIntegerField()
    trainer = models.CharField(max_length=200)
    trainer_qualification = models.CharField(max_length=300)
    outcome = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField()

    objects = TrainingRecordQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-completed_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "course_slug"], name="record_by_person"),
            models.Index(fields=["-completed_at", "-id"], name="record_newest_first"),
            # All that is searched in, so that a search does not read the records themselves.
            models.Index(fields=["name", "course_title", "code", "id"], name="record_searched"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.course_title}"

    def get_absolute_url(self) -> str:
        return reverse("courses:record", args=[self.code])


class RecordName(models.Model):
    """A name that is in some training record: a search by name looks through these, and not through all records.

    Triggers keep them: see ``courses.reports.summaries.watching``.
    """

    name = models.CharField(max_length=150, primary_key=True)
    # PostgreSQL takes longer to make letters small than to look for them. SQLite makes those of English small.
    folded = models.GeneratedField(
        expression=Lower("name"), output_field=models.CharField(max_length=150), db_persist=True
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Correction(Immutable):
    """That one record was put right by another: both stay, and each names the other."""

    old = models.OneToOneField(TrainingRecord, models.PROTECT, related_name="corrected_by")
    new = models.OneToOneField(TrainingRecord, models.PROTECT, related_name="corrects")
    note = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return _("%(old)s is corrected by %(new)s") % {"old": self.old.code, "new": self.new.code}
