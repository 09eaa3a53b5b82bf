"""What choices are evidence of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SkillQuerySet(models.QuerySet["Skill"]):
    def names_in(self, language: str) -> dict[str, str]:
        """What each is called in a language, by its slug; where nobody has said so, what it is called at home."""
        said = SkillTranslation.objects.filter(skill__in=self, language=language.partition("-")[0])
        return dict(self.values_list("slug", "name")) | dict(said.values_list("skill__slug", "name"))


class Skill(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=400, help_text=_("What is seen when it is there."))
    position = models.PositiveSmallIntegerField(default=0)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class SkillTranslation(models.Model):
    """What a skill is called in another language."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=400)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["skill", "language"], name="skill_language_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
