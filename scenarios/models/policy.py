"""Library policies, as sheets with named values that lessons and scenarios quote."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scenarios.models.key import validate_key
from scenarios.models.language import InLanguages, InLanguagesQuerySet
from scenarios.quoting import references
from training.lib.markdown import MarkdownField, RenderedField


class PolicyQuerySet(InLanguagesQuerySet):
    shown = models.Q()


class Policy(InLanguages):
    """A translation has values with the keys of the original's, each with the words that it translates."""

    title = models.CharField(max_length=120)
    purpose = MarkdownField(help_text=_("One paragraph: why the policy exists. Markdown."))
    purpose_html = RenderedField("purpose")
    text = MarkdownField(
        help_text=_("The sheet itself. Quote a value as {policy.value}, for example {computer-use.minutes}.")
    )
    text_html = RenderedField("text")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.title


class PolicyValueQuerySet(models.QuerySet["PolicyValue"]):
    def quotable(self) -> dict[str, str]:
        """Every value in force by its reference, ``policy.value``: one query."""
        return {name: said for values in self.in_force().values() for name, said in values.items()}

    def in_force(self) -> dict[str, dict[str, str]]:
        """The values of originals, under the empty language, and those of translations by their languages: one query.

        A translation holds while the original says what it translates. When a library changes the original, every
        language says the new value, in the original's words until somebody translates them.
        """
        parts = ("policy__slug", "policy__language", "policy__translates", "key", "value", "default", "of")
        rows = list(self.select_related("policy").only(*parts))
        said = {str(row): row.words for row in rows}
        found: dict[str, dict[str, str]] = {"": {}}
        for row in rows:
            original = said.get(f"{row.policy.translates}.{row.key}", row.of)
            language = row.policy.language if row.policy.translates else ""
            found.setdefault(language, {})[str(row)] = said[str(row)] if original == row.of else original
        return found

    def quotable_in(self, language: str) -> dict[str, str]:
        """What a text in this language would quote: originals, and their translations into it. One query."""
        found = self.in_force()
        return found[""] | found.get(language, {})

    def quoted_in(self, *texts: str) -> dict[str, str]:
        """The values that the texts quote; no query where they quote none."""
        wanted = references(*texts)
        return {name: value for name, value in self.quotable().items() if name in wanted} if wanted else {}


class PolicyValue(models.Model):
    """One named value. ``value`` is what this library filled in, in place of ``default``.

    In a translation ``of`` holds the original's words that these translate.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="values")
    key = models.CharField(max_length=50, validators=[validate_key])
    label = models.CharField(max_length=120)
    default = models.CharField(max_length=300, blank=True)
    value = models.CharField(
        _("your library's value"), max_length=300, blank=True, help_text=_("Empty: the default holds.")
    )
    of = models.CharField(
        _("the original's words"),
        max_length=300,
        blank=True,
        help_text=_("What this translates. Where the original says something else by now, that is quoted instead."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = PolicyValueQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "key"], name="policy_value_key_once")]

    def __str__(self) -> str:
        return f"{self.policy.slug}.{self.key}"

    @property
    def words(self) -> str:
        """What it says here: this library's value, or the default."""
        return self.value or self.default
