"""What choices are evidence of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Skill(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=400, help_text=_("What is seen when it is there."))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
