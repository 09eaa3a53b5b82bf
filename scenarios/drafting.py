"""A draft's rows as a document, and a document as a draft's rows."""

from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from scenarios.engine.graph import FORMAT, TENSION, Document
from scenarios.engine.notes import MARK
from scenarios.models import Choice, Day, Flag, Meter, Policy, Scenario, Scene
from scenarios.naming import LAST_POSITION, free_name
from training.lib.markdown import to_html

PROSE = ("introduction", "aftercare", "description", "speech", "consequence", "coaching")


def document_of(scenario: Scenario) -> Document:
    """The draft as a document, in its canonical order; what is empty is left out. Seven queries, whatever its size."""
    scenes = list(scenario.scenes.prefetch_related("choices__to", "choices__policy"))
    document: Document = {
        "format": FORMAT,
        "slug": scenario.slug,
        "title": scenario.title,
        "language": scenario.language,
        "translates": scenario.translates,
        "summary": scenario.summary,
        "minutes": scenario.minutes,
        "picture": scenario.picture,
        "picture_alt": scenario.picture_alt,
        "content_note": scenario.content_note,
        "introduction": scenario.introduction,
        "aftercare": scenario.aftercare,
        "policies": [policy.slug for policy in scenario.policies.order_by("slug")],
        "meters": {TENSION: {"start": scenario.tension}}
        | {
            meter.key: {
                "label": meter.label,
                "start": meter.start,
                "minimum": meter.minimum,
                "maximum": meter.maximum,
            }
            for meter in scenario.meters.all()
        },
        "flags": {flag.key: flag.label for flag in scenario.flags.all()},
        "days": {day.key: _day(day) for day in scenario.days.all()},
        "scenes": {scene.key: _scene(scene) for scene in scenes if not scene.ending},
        "endings": {scene.key: _ending(scene) for scene in scenes if scene.ending},
    }
    return _filled(document, keep=("summary", "introduction", "scenes", "endings", "meters"))


@transaction.atomic
def write_draft(scenario: Scenario, document: Document) -> None:
    """Make the scenario's draft say what the document says; rows keep their identity where keys stay."""
    for name in ("slug", "title", "language", "summary", "minutes", "introduction"):
        setattr(scenario, name, document[name])
    scenario.translates = document.get("translates", "")
    scenario.picture, scenario.picture_alt = document.get("picture", ""), document.get("picture_alt", "")
    scenario.content_note, scenario.aftercare = document.get("content_note", ""), document.get("aftercare", "")
    scenario.tension = document["meters"][TENSION]["start"]
    scenario.save()
    policies = {policy.slug: policy for policy in Policy.objects.all()}
    scenario.policies.set([policies[slug] for slug in document.get("policies", ())])
    _write_meters_flags_and_days(scenario, document)
    scenes = _write_scenes(scenario, document)
    for key, value in document["scenes"].items():
        _write_choices(scenes[key], value.get("choices", {}), scenes, policies)


@transaction.atomic
def duplicate_scene(scene: Scene) -> Scene:
    """A copy of a scene with its choices, last in its scenario."""
    siblings = scene.scenario.scenes.all()
    choices = list(scene.choices.all())
    last = siblings.aggregate(last=Max("position"))["last"] or 0
    copy = Scene.objects.get(pk=scene.pk)
    copy.pk, copy._state.adding = None, True
    copy.title = f"{scene.title[:110]} (copy)"
    copy.key = free_name(copy.title, set(siblings.values_list("key", flat=True)), "scene")
    copy.position = min(last + 1, LAST_POSITION)
    copy.save()
    for choice in choices:
        choice.pk, choice.scene, choice._state.adding = None, copy, True
    Choice.objects.bulk_create(choices)
    return copy


def new_draft(document: Document) -> Scenario:
    """A scenario of its own that says what the document says, at an address that is free."""
    slug = free_name(document["slug"], set(Scenario.objects.values_list("slug", flat=True)), "scenario")
    scenario = Scenario(slug=slug)
    write_draft(scenario, document | {"slug": slug})
    return scenario


def duplicate_scenario(scenario: Scenario) -> Scenario:
    copy = new_draft(document_of(scenario) | {"title": f"{scenario.title[:110]} (copy)"})
    Scenario.objects.filter(pk=copy.pk).update(from_incident=scenario.from_incident)
    return copy


def next_unwritten(scenario: Scenario) -> Scene | None:
    """The first scene without words or without a choice, ending without words, or either with a note left in it."""
    empty = Q(description="", speech="") | Q(ending="", choices=None)
    places = ("description", "speaker", "speech", "choices__text", "choices__consequence", "choices__coaching")
    for place in places:
        empty |= Q(**{f"{place}__contains": MARK})
    return scenario.scenes.filter(empty).first()


def page_of(document: Document) -> Document:
    """The document as pages show it: Markdown turned into safe HTML."""

    def shown(value: Any, name: str = "", *, ending: bool = False) -> Any:
        if isinstance(value, dict):
            return {key: shown(item, key, ending=ending or name == "endings") for key, item in value.items()}
        if isinstance(value, str) and (name in PROSE or (ending and name == "text")):
            return to_html(value)
        return value

    page: Document = shown(document)
    return page


def _filled(value: Document, keep: tuple[str, ...] = ()) -> Document:
    return {key: item for key, item in value.items() if key in keep or item not in ("", None, {}, [])}


def _takes_over(scene: Scene) -> Document:
    bound = {"at_least": scene.takeover_at_least, "at_most": scene.takeover_at_most}
    return _filled({"meter": scene.takeover_meter, **bound}) if scene.takeover_meter else {}


def _day(day: Day) -> Document:
    return _filled({"label": day.label, "meters": day.starts, "sets": day.sets, "scenes": day.changes})


def _scene(scene: Scene) -> Document:
    return _filled(
        {
            "title": scene.title,
            "takes_over": _takes_over(scene),
            "description": scene.description,
            "speaker": scene.speaker,
            "speech": scene.speech,
            "choices": {choice.key: _choice(choice) for choice in scene.choices.all()},
        }
    )


def _ending(scene: Scene) -> Document:
    return _filled(
        {
            "kind": scene.ending,
            "title": scene.title,
            "text": scene.description,
            "score": scene.score,
            "takes_over": _takes_over(scene),
        },
        keep=("text",),
    )


def _choice(choice: Choice) -> Document:
    return _filled(
        {
            "text": choice.text,
            "to": choice.to.key if choice.to else "",
            "requires": _filled({"meters": choice.bounds, "has": choice.has, "lacks": choice.lacks}),
            "effects": choice.effects,
            "sets": choice.sets,
            "clears": choice.clears,
            "consequence": choice.consequence,
            "coaching": choice.coaching,
            "skills": choice.skills,
            "policy": choice.policy.slug if choice.policy else "",
        },
        keep=("to",),
    )


def _write_meters_flags_and_days(scenario: Scenario, document: Document) -> None:
    for rows in (scenario.meters, scenario.flags, scenario.days):
        rows.all().delete()
    Day.objects.bulk_create(
        Day(
            scenario=scenario,
            key=key,
            label=value["label"],
            starts=value.get("meters", {}),
            sets=value.get("sets", []),
            changes=value.get("scenes", {}),
        )
        for key, value in document.get("days", {}).items()
    )
    meters = {key: value for key, value in document["meters"].items() if key != TENSION}
    Meter.objects.bulk_create(Meter(scenario=scenario, key=key, **value) for key, value in meters.items())
    Flag.objects.bulk_create(
        Flag(scenario=scenario, key=key, label=label) for key, label in document.get("flags", {}).items()
    )


def _write_scenes(scenario: Scenario, document: Document) -> dict[str, Scene]:
    nodes = document["scenes"] | document["endings"]
    scenario.scenes.exclude(key__in=nodes).delete()
    for position, (key, value) in enumerate(nodes.items()):
        threshold = value.get("takes_over", {})
        fields = {
            "position": position,
            "title": value["title"],
            "ending": value.get("kind", ""),
            "score": value.get("score"),
            "description": value.get("text") or value.get("description", ""),
            "speaker": value.get("speaker", ""),
            "speech": value.get("speech", ""),
            "takeover_meter": threshold.get("meter", ""),
            "takeover_at_least": threshold.get("at_least"),
            "takeover_at_most": threshold.get("at_most"),
        }
        Scene.objects.update_or_create(scenario=scenario, key=key, defaults=fields)
    return {scene.key: scene for scene in scenario.scenes.all()}


def _write_choices(scene: Scene, choices: Document, scenes: dict[str, Scene], policies: dict[str, Policy]) -> None:
    scene.choices.exclude(key__in=choices).delete()
    for position, (key, value) in enumerate(choices.items()):
        requires = value.get("requires", {})
        fields = {name: value[name] for name in ("text", "effects", "sets", "clears", "skills") if name in value}
        fields |= {
            "position": position,
            "to": scenes.get(value["to"]),
            "bounds": requires.get("meters", {}),
            "has": requires.get("has", []),
            "lacks": requires.get("lacks", []),
            "consequence": value.get("consequence", ""),
            "coaching": value.get("coaching", ""),
            "policy": policies.get(value.get("policy", "")),
        }
        blank: Document = {"effects": {}, "sets": [], "clears": [], "skills": {}}
        Choice.objects.update_or_create(scene=scene, key=key, defaults=blank | fields)
