"""Things that exist in several languages, each a thing of its own that says which one it translates."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from scenarios.models.key import validate_key


class InLanguages(models.Model):
    """``translates`` is the slug of the one that this is a translation of; empty for one that is none."""

    slug = models.SlugField(
        unique=True, validators=[validate_key], help_text=_("Its stable name, used in its address.")
    )
    language = models.CharField(max_length=10, default="en")
    translates = models.SlugField(
        blank=True, validators=[validate_key], help_text=_("If it is a translation: the address of the original.")
    )

    class Meta:
        abstract = True


class InLanguagesQuerySet(models.QuerySet[Any]):
    # Which of them a reader can be shown.
    shown = Q(current__isnull=False)

    def in_other_languages(self, thing: InLanguages) -> Self:
        """The other versions of a thing: its original, and what translates the same."""
        original = thing.translates or thing.slug
        return self.filter(Q(slug=original) | Q(translates=original)).exclude(pk=thing.pk)

    def for_readers_of(self, language: str) -> Self:
        """Each thing once: its version in this language where there is one, otherwise the original."""
        language = language.partition("-")[0]
        here = self.model._default_manager.filter(self.shown, language=language)
        translated = here.filter(Q(translates=OuterRef("slug")) | Q(slug=OuterRef("translates")))
        return self.filter(Q(language=language) | (Q(translates="") & ~Exists(translated)))
