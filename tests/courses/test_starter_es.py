"""The Spanish part of the starter: what it translates, all of it, and nothing else."""

from itertools import chain
from pathlib import Path

import pytest
import yaml

STARTER = Path("fixtures/starter")
PROSE = {
    "title", "summary", "introduction", "content_note", "aftercare", "picture_alt", "description", "speaker", "speech",
    "text", "consequence", "coaching", "label", "purpose", "default", "name", "explanation",
}  # fmt: skip
OWN = {"slug", "language", "translates", "of"}


def read(path):
    return yaml.safe_load(path.read_text())


def translations(kind):
    found = [read(path) for path in sorted((STARTER / kind).glob("*.yaml"))]
    return [pytest.param(said, id=said["slug"]) for said in found if said.get("translates")]


POLICIES = {param.values[0]["slug"]: param.values[0]["translates"] for param in translations("policies")}


def prose(thing, path=()):
    """Each text that somebody reads, by where it stands."""
    for name, said in thing.items():
        if isinstance(said, dict):
            yield from prose(said, (*path, name))
        elif name in PROSE or path[-1:] == ("flags",):
            yield ".".join((*path, name)), said


def structure(thing):
    """What is left of a thing without its words, with policies by the names of the originals."""
    if isinstance(thing, dict):
        told = dict(prose({name: said for name, said in thing.items() if not isinstance(said, dict)}))
        return {name: structure(said) for name, said in thing.items() if name not in told and name not in OWN}
    if isinstance(thing, list):
        return sorted(structure(said) for said in thing)
    return POLICIES.get(thing, thing)


def without_words_of_flags(scenario):
    return structure(scenario | {"flags": list(scenario.get("flags", {}))})


def order(thing):
    """The keys, in their order."""
    return [(name, order(said)) for name, said in thing.items()] if isinstance(thing, dict) else None


@pytest.mark.parametrize("said", translations("scenarios"))
def test_scenario_plays_as_its_original_does(said):
    original = read(STARTER / "scenarios" / f"{said['translates']}.yaml")
    assert without_words_of_flags(said) == without_words_of_flags(original)
    assert order(said["scenes"]) == order(original["scenes"])
    assert order(said["endings"]) == order(original["endings"])


def test_every_policy_is_there_in_spanish_once():
    slugs = {path.stem for path in (STARTER / "policies").glob("*.yaml")}
    assert sorted(POLICIES.values()) == sorted(slugs - POLICIES.keys())


@pytest.mark.parametrize("said", translations("policies"))
def test_policy_has_the_values_of_its_original_and_says_which_words_it_translates(said):
    original = read(STARTER / "policies" / f"{said['translates']}.yaml")
    words = {key: value["default"] for key, value in original["values"].items()}
    assert {key: value["of"] for key, value in said["values"].items()} == words


@pytest.mark.parametrize("said", [*translations("scenarios"), *translations("policies")])
def test_nothing_is_left_in_the_language_of_the_original(said):
    kind = said["format"].partition("/")[0]
    original = read(STARTER / {"scenario": "scenarios", "policy": "policies"}[kind] / f"{said['translates']}.yaml")
    english = dict(prose(original))
    alike = {place for place, words in prose(said) if words.strip() == str(english[place]).strip()}
    assert {place for place in alike if not english[place].isdecimal()} == set()
    assert dict(prose(said)).keys() == english.keys()


@pytest.mark.parametrize("said", [*translations("scenarios"), *translations("policies")])
def test_policies_are_quoted_in_the_language_of_the_text(said):
    told = "\n".join(str(words) for _, words in prose(said))
    assert [slug for slug in POLICIES.values() if f"{{{slug}." in told] == []


def test_every_skill_has_its_spanish_name():
    skills = read(STARTER / "skills.yaml")["skills"].values()
    assert [skill["name"] for skill in skills if "es" not in skill.get("translations", {})] == []
    names = chain.from_iterable((skill["name"], skill["translations"]["es"]["name"]) for skill in skills)
    assert len(set(names)) == 2 * len(skills)


MODULE = STARTER / "courses" / "everyone-welcome" / "a-place-for-everyone"
MODULO = STARTER / "courses" / "un-lugar-para-todas-las-personas" / "a-place-for-everyone"


def activity(path):
    """A lesson's front matter and body, or what the file of another activity says."""
    if path.suffix == ".yaml":
        return read(path)
    _, front, body = path.read_text().split("---\n", 2)
    return yaml.safe_load(front) | {"text": body}


def test_first_module_is_there_whole_and_in_order():
    activities = read(MODULO / "module.yaml")["activities"]
    assert activities == [*read(MODULE / "module.yaml")["activities"], "confidence-after"]
    assert {path.stem for path in MODULO.iterdir()} == {"module", *activities}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(MODULE.iterdir())])
def test_each_activity_has_its_spanish_one(path):
    english, spanish = activity(path), activity(MODULO / path.name)
    alike = [place for place, words in prose(spanish) if words == dict(prose(english))[place]]
    assert alike == []
    assert order(spanish) == order(english)
    same = {"scenario": ("scenarios", "translates"), "policy": ("policies", "translates")}
    for field, (folder, says) in same.items():
        if field in english:
            assert read(STARTER / folder / f"{spanish[field]}.yaml")[says] == english[field]
    assert [spanish.get(name) for name in ("kind", "minutes")] == [english.get(name) for name in ("kind", "minutes")]
    right = [
        [
            option.get("correct")
            for question in said.get("questions", {}).values()
            for option in question["options"].values()
        ]
        for said in (english, spanish)
    ]
    assert right[0] == right[1]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(MODULE.glob("*.md"))])
def test_each_lesson_has_the_parts_of_its_original(path):
    """As many headings, rows of tables and quoted scenes, so that nothing was passed over."""
    found = [
        [sum(line.startswith(mark) for line in file.read_text().splitlines()) for mark in ("## ", "| ", "- ", "> ")]
        for file in (path, MODULO / path.name)
    ]
    assert found[0][:3] == found[1][:3]
    assert bool(found[0][3]) == bool(found[1][3])
