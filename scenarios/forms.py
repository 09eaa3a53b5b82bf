"""The forms that authors fill in: scenes, policies and what else has a name made from its words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scenarios.engine.graph import TENSION
from scenarios.engine.notes import MARK
from scenarios.guarding import GuardedForm
from scenarios.models import Policy, PolicyValue, Scenario
from scenarios.naming import NamedForm
from scenarios.starting import PATTERNS, offered_in, pattern

validate_language = RegexValidator(
    r"\A[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\Z", gettext_lazy("Write the language's code, such as “en”.")
)


def check_language(form: forms.BaseForm) -> None:
    if field := form.fields.get("language"):
        field.validators.append(validate_language)


class MeterForm(NamedForm):
    within = "scenario"
    in_table = True


class FlagForm(NamedForm):
    within = "scenario"
    in_table = True


class PublishedForm(GuardedForm):
    """What is published under an address, which is fixed from then on, in a language."""

    name, words = "slug", "title"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_language(self)

    def is_changeable(self) -> bool:
        return not self.instance.current_id


class ScenarioForm(PublishedForm):
    """It offers each policy once, in the scenario's language or, of a new one, in the author's; and what was chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("policies")
        if isinstance(field, forms.ModelMultipleChoiceField):
            known = self.instance if self.instance.pk else None
            offered = Policy.objects.for_readers_of(known.language if known else offered_in())
            field.queryset = offered | Policy.objects.filter(pk__in=known.policies.values("pk")) if known else offered


class NewScenarioForm(ScenarioForm):
    """A scenario that does not exist yet, and what it begins from."""

    pattern = forms.ChoiceField(
        label=gettext_lazy("Start from"),
        required=False,
        widget=forms.RadioSelect,
        choices=lambda: [("", _("An empty page")), *((name, _in_short(name)) for name in PATTERNS)],
        help_text=format_lazy(
            gettext_lazy("Whatever is marked {mark} is for you to write. It is not published before you have."),
            mark=MARK,
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """An author writes in the language in which they work, unless they say another."""
        initial = {"language": offered_in()} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)


def _in_short(name: str) -> str:
    said = pattern(name, offered_in())
    return f"{said['title']}: {said['summary']}"


class PolicyForm(NamedForm):
    name, words = "slug", "title"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_language(self)


class PolicyValueForm(NamedForm):
    """A value; in a translation it says of which words, which are the original's of now where nobody says otherwise."""

    within = "policy"
    in_table = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        written = {"default", "value"} & set(self.changed_data)
        if "of" in self.fields and "of" not in self.changed_data and (written or not cleaned.get("of")):
            cleaned["of"] = self._words_translated(cleaned, written)
        return cleaned

    def _words_translated(self, cleaned: Mapping[str, Any], written: set[str]) -> str:
        key = cleaned.get("key") or self.instance.key
        original = PolicyValue.objects.filter(policy__slug=self.instance.policy.translates, key=key).first()
        if original is None:
            return ""
        is_default_again = written == {"value"} and not cleaned.get("value")
        return original.default if is_default_again else original.words


class SkillForm(NamedForm):
    name, words = "slug", "name"


class SkillTranslationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a table, whose headings a screen reader does not read out as labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_language(self)
        what = str(self.instance) if self.instance.pk else "new translation"
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label or name}: {what}"


class SceneForm(GuardedForm):
    """A scene or an ending, by its kind."""

    words, within = "title", "scenario"
    takeover_meter = forms.ChoiceField(label=gettext_lazy("Meter"), required=False)

    def rows(self) -> list[models.Model]:
        return [self.instance, *self.instance.choices.all()]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields and (self.instance.ending or self.initial.get("ending")):
            self.fields["description"].label = _("How it turned out")
            self.fields["description"].help_text = _("Markdown.")
        labels = with_strangers(meters_of(self.instance.scenario), [self.instance.takeover_meter])
        chosen = self.fields["takeover_meter"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("— nothing: choices lead here —")), *labels.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ends = [cleaned.get("takeover_at_least"), cleaned.get("takeover_at_most")]
        bounded = any(end is not None for end in ends)
        if cleaned.get("takeover_meter") and not bounded and not self.errors:
            self.add_error("takeover_at_least", _("Say from which value on it takes over, or up to which one."))
        if bounded and not cleaned.get("takeover_meter"):
            self.add_error("takeover_meter", _("Say which meter it takes over by, or empty the two numbers."))
        if cleaned.get("ending") and not cleaned.get("description") and "description" not in self.errors:
            self.add_error("description", _("Say in a sentence or two how it turned out."))
        if not (cleaned.get("description") or cleaned.get("speech") or self.errors):
            self.add_error("description", _("Say what one sees here, or what the patron says, or both."))
        return cleaned


def meters_of(scenario: Scenario) -> dict[str, str]:
    return {TENSION: _("Tension")} | dict(scenario.meters.values_list("key", "label"))


def with_strangers(labels: Mapping[str, str], used: Iterable[str]) -> dict[str, str]:
    """The labels, and those keys that are in use although they are gone, so that an author can see and drop them."""
    gone = _("%(name)s (no longer in the scenario)")
    strangers = {key: gone % {"name": key} for key in used if key and key not in labels}
    return dict(labels) | strangers
