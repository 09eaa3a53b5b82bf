"""The form of a choice: everything that it can do is picked, nothing typed as code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scenarios.forms import meters_of, with_strangers
from scenarios.models import Choice, Policy, Scenario, Scene, Skill
from scenarios.naming import LAST_POSITION, NamedForm, NamedFormSet, free_name

RATINGS = (("", "—"), ("1", gettext_lazy("helped")), ("0", gettext_lazy("neutral")), ("-1", gettext_lazy("hurt")))
FLAGS = {
    "has": gettext_lazy("These flags are set"),
    "lacks": gettext_lazy("These flags are not set"),
    "sets": gettext_lazy("Sets the flags"),
    "clears": gettext_lazy("Clears the flags"),
}


@dataclass(frozen=True)
class Vocabulary:
    """What the choices of a scene can speak of: meters, flags and skills by key, scenes and policies by id."""

    meters: Mapping[str, str]
    flags: Mapping[str, str]
    skills: Mapping[str, str]
    scenes: Mapping[int, Scene]
    policies: Mapping[int, Policy]


def vocabulary_of(scenario: Scenario, choices: Iterable[Choice]) -> Vocabulary:
    """For the choices of one of the scenario's scenes: five queries, whatever their number."""
    choices = list(choices)
    chosen = Q(pk__in={found.policy_id for found in choices if found.policy_id})
    policies = Policy.objects.for_readers_of(scenario.language) | Policy.objects.filter(chosen)
    return Vocabulary(
        meters=with_strangers(
            meters_of(scenario), (key for found in choices for key in (*found.effects, *found.bounds))
        ),
        flags=with_strangers(
            dict(scenario.flags.values_list("key", "label")),
            (key for found in choices for key in (*found.has, *found.lacks, *found.sets, *found.clears)),
        ),
        skills=with_strangers(
            dict(Skill.objects.values_list("slug", "name")), (key for found in choices for key in found.skills)
        ),
        scenes={scene.pk: scene for scene in scenario.scenes.all()},
        policies={policy.pk: policy for policy in policies.only("title", "slug")},
    )


class ChoiceForm(NamedForm):
    """One choice, with a field for each meter, flag and skill. ``choice_form`` makes the class for a scenario."""

    words, within = "text", "scene"
    vocabulary: ClassVar[Vocabulary]
    new_title = forms.CharField(label=gettext_lazy("or to a new one, titled"), max_length=120, required=False)
    new_kind = forms.ChoiceField(
        label=gettext_lazy("which is"),
        choices=[("", gettext_lazy("a scene")), *Scene.Ending.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.instance
        self.initial.update({f"effect-{key}": value for key, value in choice.effects.items()})
        self.initial.update({f"skill-{key}": value for key, value in choice.skills.items()})
        for key, bound in choice.bounds.items():
            self.initial.update({f"least-{key}": bound.get("at_least"), f"most-{key}": bound.get("at_most")})

    def clean(self) -> dict[str, Any]:
        cleaned, choice = super().clean(), self.instance
        meters = self.vocabulary.meters
        effects = {key: cleaned.get(f"effect-{key}") for key in meters}
        ratings = {key: cleaned.get(f"skill-{key}") for key in self.vocabulary.skills}
        choice.effects = _in_order(choice.effects, {key: value for key, value in effects.items() if value})
        choice.skills = _in_order(choice.skills, {key: value for key, value in ratings.items() if value is not None})
        choice.bounds = _in_order(choice.bounds, {key: bound for key in meters if (bound := self._bound(key))})
        for name in ("has", "lacks", "sets", "clears"):
            if name in cleaned:
                cleaned[name] = list(_in_order(dict.fromkeys(getattr(choice, name)), dict.fromkeys(cleaned[name])))
        self._contradictions(cleaned)
        if cleaned.get("to") and cleaned.get("new_title"):
            self.add_error("new_title", _("Pick a scene, or title a new one, not both."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Also makes the new scene that it leads to, to be written later."""
        if title := self.cleaned_data.get("new_title"):
            scenario = self.instance.scene.scenario
            self.instance.to = scene_titled(scenario, title, self.cleaned_data.get("new_kind", ""))
        return super().save(commit)

    def _bound(self, meter: str) -> dict[str, int]:
        ends = {
            "at_least": self.cleaned_data.get(f"least-{meter}"),
            "at_most": self.cleaned_data.get(f"most-{meter}"),
        }
        if None not in ends.values() and ends["at_least"] > ends["at_most"]:  # type: ignore[operator]
            message = _("This is less than “at least”: the choice would never be on offer.")
            self.add_error(f"most-{meter}", message)
        given = {end: value for end, value in ends.items() if value is not None}
        return _in_order(self.instance.bounds.get(meter, {}), given)

    def _contradictions(self, cleaned: Mapping[str, Any]) -> None:
        for one, other, message in (
            ("has", "lacks", _("This flag cannot be set and not set at once.")),
            ("sets", "clears", _("This flag cannot be set and cleared at once.")),
        ):
            if set(cleaned.get(one, ())) & set(cleaned.get(other, ())):
                self.add_error(other, message)


class ChoiceFormSet(NamedFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        if self.instance.ending and any(form not in self.deleted_forms for form in kept):
            raise forms.ValidationError(_("An ending has no choices. Delete them, or leave its kind empty."))


def scene_titled(scenario: Scenario, title: str, ending: str) -> Scene:
    """The scene of this title; where there is none, a new one at the end, with nothing written in it yet."""
    if found := scenario.scenes.filter(title__iexact=title).first():
        return found
    last = scenario.scenes.aggregate(last=Max("position"))["last"]
    key = free_name(title, set(scenario.scenes.values_list("key", flat=True)), "scene")
    position = 0 if last is None else min(last + 1, LAST_POSITION)
    return Scene.objects.create(scenario=scenario, title=title, key=key, ending=ending, position=position)


def choice_form(vocabulary: Vocabulary) -> type[ChoiceForm]:
    """The form of a choice in a scenario that has these meters, flags, skills and scenes."""
    fields: dict[str, forms.Field] = {
        "to": _picked(vocabulary.scenes, _by_kind(vocabulary.scenes.values()), _("Leads to")),
        "policy": _picked(vocabulary.policies, list(vocabulary.policies.items()), _("Policy it rests on")),
    }
    for key, label in vocabulary.meters.items():
        fields[f"effect-{key}"] = _number(label)
        fields[f"least-{key}"] = _number(_("%(meter)s at least") % {"meter": label})
        fields[f"most-{key}"] = _number(_("%(meter)s at most") % {"meter": label})
    for key, label in vocabulary.skills.items():
        fields[f"skill-{key}"] = forms.TypedChoiceField(
            label=label, choices=RATINGS, coerce=int, empty_value=None, required=False
        )
    for name, said in FLAGS.items():
        fields[name] = forms.MultipleChoiceField(
            label=said,
            choices=list(vocabulary.flags.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return type("ChoiceForm", (ChoiceForm,), {**fields, "vocabulary": vocabulary, "__module__": __name__})


def _by_kind(scenes: Iterable[Scene]) -> list[tuple[str, list[tuple[int, str]]]]:
    scenes = list(scenes)
    return [
        (_("Scenes"), [(scene.pk, scene.title) for scene in scenes if not scene.ending]),
        (_("Endings"), [(scene.pk, scene.title) for scene in scenes if scene.ending]),
    ]


def _picked(rows: Mapping[int, models.Model], choices: list[Any], label: str) -> forms.TypedChoiceField:
    """A select over rows that are read already, so that twenty forms cost no more queries than one."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "—"), *choices],
        coerce=lambda pk: rows.get(int(pk)),
        empty_value=None,
        required=False,
    )


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=-1000, max_value=1000)


def _in_order(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The new entries, those that were there before in the order that they had."""
    return {key: new[key] for key in (*old, *new) if key in new}
