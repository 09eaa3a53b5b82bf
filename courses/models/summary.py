"""What reports count of very many people, kept beside what it sums up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Stands for the people of no unit; and, in what is summed up, for everybody.
NOWHERE = 0
# Of what is outdated: not what was counted in a unit, but which units are below which.
TREE = -1


class Summary(models.Model):
    """What was counted of the people in one place: ``own``, and with what is whole of the units below it ``total``.

    ``place`` is the id of a unit, or NOWHERE. ``kind`` and ``subject`` say what it is about, such as the rounds of one
    course; see ``courses.reports.summaries``. Both texts are JSON, and ``total`` is empty where there is nothing below.
    Where there is a row for NOWHERE, all places are counted: one without a row has nothing.
    """

    kind = models.CharField(max_length=8)
    subject = models.BigIntegerField()
    place = models.BigIntegerField()
    own = models.TextField()
    total = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("summaries")
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "place"], name="summary_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} in {self.place}"


class Outdated(models.Model):
    """That something changed of what a summary counts: a trigger writes it, in the transaction of the change.

    ``made_in`` is that transaction on PostgreSQL, where one must not rely on what another has not committed.
    """

    kind = models.CharField(max_length=8)
    subject = models.BigIntegerField()
    place = models.BigIntegerField()
    made_in = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name, verbose_name_plural = _("outdated summary"), _("outdated summaries")
        indexes = [models.Index(fields=["kind", "subject", "place", "made_in"], name="outdated_by_summary")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} in {self.place}"
