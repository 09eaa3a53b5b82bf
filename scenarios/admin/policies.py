"""Policies with their values, and skills."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import PlainAdmin
from scenarios.admin.parts import url_of
from scenarios.forms import PolicyForm, PolicyValueForm, SkillForm, SkillTranslationForm
from scenarios.models import Policy, PolicyValue, Scenario, Skill, SkillTranslation
from scenarios.naming import NamedFormSet

PROSE = (
    "introduction", "summary", "content_note", "aftercare",
    "scenes__title", "scenes__description", "scenes__speech",
    "scenes__choices__text", "scenes__choices__consequence", "scenes__choices__coaching",
)  # fmt: skip


class PolicyValueInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PolicyValue
    form = PolicyValueForm
    formset = NamedFormSet
    fields = ("position", "label", "default", "value", "key")
    extra = 1
    verbose_name_plural = gettext_lazy("values")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """In a translation also what each value translates."""
        return ("position", "label", "of", "default", "value", "key") if obj and obj.translates else self.fields


class PolicyAdmin(PlainAdmin):
    """``courses`` registers a version that knows of lessons too."""

    form = PolicyForm
    inlines = (PolicyValueInline,)
    list_display = ("title", "value_count", "filled_in")
    search_fields = ("title", "text", "values__label")
    readonly_fields = ("to_translate", "used_in")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counts = {
            "value_count": Count("values"),
            "filled_in_count": Count("values", filter=~Q(values__value="")),
        }
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**counts)
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = ("title", "purpose", "text", "language", "translates", "slug")
        if not obj:
            return fields
        return (*fields, "to_translate", "used_in") if obj.translates else (*fields, "used_in")

    @admin.display(description=gettext_lazy("values"), ordering="value_count")
    def value_count(self, policy: Any) -> int:
        return int(policy.value_count)

    @admin.display(description=gettext_lazy("filled in by your library"))
    def filled_in(self, policy: Any) -> str:
        return _("%(filled)s of %(all)s") % {"filled": policy.filled_in_count, "all": policy.value_count}

    @admin.display(description=gettext_lazy("to translate again"))
    def to_translate(self, policy: Policy) -> SafeString | str:
        """The values that the original has changed since; until then its words are quoted."""
        said = PolicyValue.objects.quotable()
        rows = [(row.label, said[str(row)]) for row in policy.values.all() if said[str(row)] != row.words]
        if not rows:
            return _("Nothing: every value says what the original says.")
        return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{}: “{}”</li>", rows))

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, policy: Policy) -> SafeString | str:
        """What changes for readers when a value of this policy does."""
        places = self.uses(policy)
        if not places:
            return _("Nothing quotes it or rests on it yet.")
        rows = ((name, url_of(place), place) for name, place in places)
        return format_html('<ul class="plain">{}</ul>', format_html_join("", '<li>{}: <a href="{}">{}</a></li>', rows))

    def uses(self, policy: Policy) -> list[tuple[str, Model]]:
        """Every scenario that quotes one of its values or rests on it, with the word for what it is."""
        quoted = Q(policies=policy) | Q(scenes__choices__policy=policy)
        for field in PROSE:
            quoted |= Q(**{f"{field}__contains": f"{{{policy.slug}."})
        translations = Policy.objects.filter(translates=policy.slug)
        found = [(_("Translation"), row) for row in translations]
        return found + [(_("Scenario"), row) for row in Scenario.objects.filter(quoted).distinct()]


admin.site.register(Policy, PolicyAdmin)


class SkillTranslationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SkillTranslation
    form = SkillTranslationForm
    extra = 0
    verbose_name_plural = gettext_lazy("in other languages")


@admin.register(Skill)
class SkillAdmin(PlainAdmin):
    form = SkillForm
    inlines = (SkillTranslationInline,)
    fields = ("name", "description", "position", "slug")
    list_display = ("name", "description")
    search_fields = ("name", "description")
