"""The form of another day: what is different on it, scene by scene, in the fields that a scene has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scenarios.engine.graph import TENSION, Document
from scenarios.naming import NamedForm
from training.lib.markdown import validate_markdown

PROSE = {"description": gettext_lazy("What one sees"), "speech": gettext_lazy("What the patron says")}
REACTIONS = {"consequence": gettext_lazy("How the patron reacts"), "coaching": gettext_lazy("What the coach says")}
LONGEST_HINT = 300


class DayForm(NamedForm):
    """Whatever is left empty is as on the ordinary day. ``day_form`` makes the class for a scenario's document."""

    within = "scenario"
    document: ClassVar[Document] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sets"] = self.instance.sets
        self.initial.update({f"start.{key}": value for key, value in self.instance.starts.items()})
        for scene, change in self.instance.changes.items():
            self.initial.update({f"{scene}.{name}": change.get(name) for name in PROSE})
            for choice, effect in change.get("choices", {}).items():
                place = f"{scene}.{choice}"
                self.initial.update({f"{place}.{name}": effect.get(name) for name in (*REACTIONS, "to")})
                self.initial.update(
                    {f"{place}.effect.{key}": value for key, value in effect.get("effects", {}).items()}
                )

    def clean(self) -> dict[str, Any]:
        cleaned, day = super().clean(), self.instance
        starts = {key: cleaned.get(f"start.{key}") for key in self.document["meters"]}
        day.starts = {key: value for key, value in starts.items() if value is not None}
        chosen = cleaned.get("sets", [])
        day.sets = [key for key in dict.fromkeys((*day.sets, *chosen)) if key in chosen]
        changes = {scene: self._scene(scene, said, cleaned) for scene, said in self.document["scenes"].items()}
        kept = {scene: change for scene, change in changes.items() if change}
        day.changes = {scene: kept[scene] for scene in (*day.changes, *kept) if scene in kept}
        return cleaned

    def _scene(self, scene: str, said: Document, cleaned: Mapping[str, Any]) -> Document:
        change = _filled({name: cleaned.get(f"{scene}.{name}") for name in PROSE})
        before = self.instance.changes.get(scene, {}).get("choices", {})
        choices = {key: self._choice(f"{scene}.{key}", key, before, cleaned) for key in said.get("choices", {})}
        kept = {key: value for key, value in choices.items() if value}
        ordered = {key: kept[key] for key in (*before, *kept) if key in kept}
        return change | ({"choices": ordered} if ordered else {})

    def _choice(self, place: str, key: str, before: Document, cleaned: Mapping[str, Any]) -> Document:
        effects = {meter: cleaned.get(f"{place}.effect.{meter}") for meter in self.document["meters"]}
        moved = {meter: value for meter, value in effects.items() if value is not None}
        # A choice's effects on a day stand in the place of all that it has: none at all is a change as well.
        none = "effects" in before.get(key, {}) and not before[key]["effects"] and not moved
        change = _filled({"to": cleaned.get(f"{place}.to")})
        change |= {"effects": moved} if moved or none else {}
        return change | _filled({name: cleaned.get(f"{place}.{name}") for name in REACTIONS})


def day_form(document: Document) -> type[DayForm]:
    """The form for a day of the scenario that this document is the ordinary one of."""
    fields: dict[str, forms.Field] = {}
    for key, meter in document["meters"].items():
        label = _("%(meter)s at the start") % {"meter": _label(key, meter)}
        fields[f"start.{key}"] = _number(label, meter["start"])
    flags = list(document.get("flags", {}).items())
    fields["sets"] = forms.MultipleChoiceField(
        label=_("Set from the beginning"), choices=flags, required=False, widget=forms.CheckboxSelectMultiple
    )
    for scene, said in document["scenes"].items():
        fields |= {f"{scene}.{name}": _prose(str(label), said.get(name, "")) for name, label in PROSE.items()}
        for key, choice in said.get("choices", {}).items():
            fields |= _fields_of(f"{scene}.{key}", choice, document)
    return type("DayForm", (DayForm,), {**fields, "document": document, "__module__": __name__})


def fieldsets_of(document: Document, changes: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """One for each scene, folded where the day leaves it as it is: a line for its words, two for each choice."""
    found = []
    for scene, said in document["scenes"].items():
        rows: list[Any] = [f"{scene}.{name}" for name in PROSE]
        for key in said.get("choices", {}):
            place = f"{scene}.{key}"
            effects = tuple(f"{place}.effect.{meter}" for meter in document["meters"])
            rows += [f"{place}.consequence", (f"{place}.to", *effects), f"{place}.coaching"]
        folded = () if scene in changes else ("collapse",)
        found.append((said["title"], {"fields": rows, "classes": folded}))
    return found


def _fields_of(place: str, choice: Document, document: Document) -> dict[str, forms.Field]:
    short = choice["text"] if len(choice["text"]) <= 80 else choice["text"][:79] + "…"
    nodes = document["scenes"] | document["endings"]
    places = [("", _("as on the ordinary day")), *((key, node["title"]) for key, node in nodes.items())]
    effects = choice.get("effects", {})
    return {
        f"{place}.consequence": _prose(_("To “%(choice)s”") % {"choice": short}, choice.get("consequence", "")),
        f"{place}.to": forms.ChoiceField(label=_("it leads to"), choices=places, required=False),
        **{
            f"{place}.effect.{key}": _number(
                _("and moves %(meter)s by") % {"meter": _label(key, meter).lower()}, effects.get(key, 0)
            )
            for key, meter in document["meters"].items()
        },
        f"{place}.coaching": _prose(_("and the coach says"), choice.get("coaching", "")),
    }


def _label(key: str, meter: Document) -> str:
    return str(meter.get("label") or (_("Tension") if key == TENSION else key.capitalize()))


def _prose(label: str, ordinary: str) -> forms.CharField:
    hint = ordinary if len(ordinary) <= LONGEST_HINT else ordinary[: LONGEST_HINT - 1] + "…"
    return forms.CharField(
        label=label,
        required=False,
        max_length=50_000,
        validators=[validate_markdown],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ordinarily: %(words)s") % {"words": hint} if hint else "",
    )


def _number(label: str, ordinary: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"placeholder": str(ordinary)})
    return forms.IntegerField(label=label, required=False, min_value=-1000, max_value=1000, widget=widget)


def _filled(change: Mapping[str, Any]) -> Document:
    return {name: value for name, value in change.items() if value}
