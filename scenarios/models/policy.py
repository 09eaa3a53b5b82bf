"""Library policies, as sheets with named values that lessons and scenarios quote."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from scenarios.quoting import references
from training.lib.markdown import MarkdownField, RenderedField

validate_key = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and hyphens, for example “block-at”.")
)


class Policy(models.Model):
    slug = models.SlugField(unique=True, validators=[validate_key], help_text=_("Its stable name in references."))
    title = models.CharField(max_length=120)
    purpose = MarkdownField(help_text=_("One paragraph: why the policy exists. Markdown."))
    purpose_html = RenderedField("purpose")
    text = MarkdownField(
        help_text=_("The sheet itself. Quote a value as {policy.value}, for example {computer-use.minutes}.")
    )
    text_html = RenderedField("text")

    class Meta:
        ordering = ["title"]
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.title


class PolicyValueQuerySet(models.QuerySet["PolicyValue"]):
    def quotable(self) -> dict[str, str]:
        """Every value in force by its reference, ``policy.value``: one query."""
        rows = self.values_list("policy__slug", "key", "value", "default")
        return {f"{slug}.{key}": value or default for slug, key, value, default in rows}

    def quoted_in(self, *texts: str) -> dict[str, str]:
        """The values that the texts quote; no query where they quote none."""
        wanted = references(*texts)
        return {name: value for name, value in self.quotable().items() if name in wanted} if wanted else {}


class PolicyValue(models.Model):
    """One named value. ``value`` is what this library filled in, in place of ``default``."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="values")
    key = models.CharField(max_length=50, validators=[validate_key])
    label = models.CharField(max_length=120)
    default = models.CharField(max_length=300, blank=True)
    value = models.CharField(
        _("your library's value"), max_length=300, blank=True, help_text=_("Empty: the default holds.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = PolicyValueQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "key"], name="policy_value_key_once")]

    def __str__(self) -> str:
        return f"{self.policy.slug}.{self.key}"
