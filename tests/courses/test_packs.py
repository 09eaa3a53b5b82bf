"""Packs in and out: the same bytes, twice the same as once, and a broken one changes nothing."""

import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from courses import progressing
from courses.models import (
    Activity,
    ConfidenceStatement,
    Course,
    CourseEdition,
    Module,
    Option,
    Question,
)
from courses.packs import formats
from courses.packs.importing import import_packs
from courses.packs.references import known_with
from scenarios.exchange import SCENARIO, Faults, to_yaml
from scenarios.models import Choice, Edition, Policy, PolicyValue, Scenario, Scene, Skill, SkillTranslation
from tests.factories import PolicyFactory, SkillFactory, a_document

pytestmark = pytest.mark.django_db

STARTER = Path(__file__).resolve().parents[2] / "fixtures" / "starter"
TRANSLATED = "properties.skills.additionalProperties.properties.translations"
CONTENT = (
    Skill, SkillTranslation, Policy, PolicyValue, Scenario, Scene, Choice, Edition,
    Course, CourseEdition, ConfidenceStatement, Module, Activity, Question, Option,
)  # fmt: skip

FILES = {
    "pack.yaml": "format: pack/1\n",
    "skills.yaml": """\
format: skills/1
skills:
  clear-limits:
    name: Clear limits
    description: Says what will happen, once and calmly.
  recovery:
    name: Recovery
    description: Puts it right.
""",
    "policies/fines.yaml": """\
format: policy/1
slug: fines
title: Fines and fees
purpose: |
  So that books come back.
text: |
  A card is blocked at {fines.block-at}.

  | what | how much |
  |---|---|
  | late | nothing |
values:
  block-at:
    label: A card is blocked when it owes
    default: $25
  manager:
    label: 'Who decides: the manager'
    default: ''
    value: Ms Lee
""",
    "scenarios/desk.yaml": to_yaml(
        SCENARIO.canonical(
            a_document(
                policies=["fines"],
                introduction="Blocked at {fines.block-at}, says {fines.manager}.\n\nIt is *late*.",
                flags={"heard": "You listened"},
            )
        )
    ),
    "courses/welcome/course.yaml": """\
format: course/1
slug: welcome
title: Everyone welcome
language: en
summary: What a library is to those who walk in.
description: |
  Six modules.
trainer: Ms Trainer
trainer_qualification: Twenty years at the desk
confidence:
  stay-calm: I can stay calm.
  say-no: I can say no.
modules:
- second-thoughts
- calm
""",
    "courses/welcome/second-thoughts/module.yaml": """\
format: module/1
title: Second thoughts
activities:
- before
""",
    "courses/welcome/second-thoughts/before.yaml": """\
kind: confidence-check
title: Before you begin
minutes: 2
moment: before
""",
    "courses/welcome/calm/module.yaml": """\
format: module/1
title: Calm is a skill
summary: What your body does.
outcomes:
- Notice the first signs
activities:
- stress
- think
- check
- play
- sheet
""",
    "courses/welcome/calm/stress.md": """\
---
kind: lesson
title: 'Stress: in your own body'
minutes: 5
---
Breathe. The limit is {fines.block-at}.

> Slowly.
""",
    "courses/welcome/calm/think.md": """\
---
kind: reflection
title: Think back
minutes: 3
required: false
---
When did you last lose your temper?
""",
    "courses/welcome/calm/check.yaml": """\
kind: knowledge-check
title: What do you know?
minutes: 6
pass_mark: 80
questions:
  first-sign:
    text: |
      What is a first sign?
    options:
      jaw:
        text: A tight jaw
        correct: true
        explanation: Yes.
      joy:
        text: Joy
        explanation: Hardly.
  several:
    text: |
      Which help?
    multiple: true
    options:
      breath:
        text: A breath
        correct: true
        explanation: It does.
      water:
        text: Water
        correct: true
        explanation: It does too.
""",
    "courses/welcome/calm/play.yaml": """\
kind: scenario
title: At the desk
minutes: 5
scenario: desk
counts: first
""",
    "courses/welcome/calm/sheet.yaml": """\
kind: policy-acknowledgement
title: The sheet
minutes: 2
policy: fines
""",
}


@pytest.fixture
def pack(tmp_path):
    return make(tmp_path / "pack", FILES)


def make(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows():
    """Every row of content as it stands, and how much was logged."""
    dumps = {model.__name__: serializers.serialize("json", model._base_manager.order_by("pk")) for model in CONTENT}
    return dumps | {"LogEntry": LogEntry.objects.count()}


def edit(pack, name, find, replace):
    text = (pack / name).read_text()
    assert find in text
    (pack / name).write_text(text.replace(find, replace, 1))


def refused(*packs):
    """The faults of packs that are refused, as (file in the pack, what its line says, message); nothing was written."""
    before = rows()
    with pytest.raises(Faults) as refusal:
        import_packs(packs)
    assert rows() == before
    return [(*at(packs[0], fault), fault.message) for fault in refusal.value.faults]


def at(pack, fault):
    path = Path(fault.file)
    name = path.relative_to(pack).as_posix()
    return name, path.read_text().splitlines()[fault.line - 1].strip() if fault.line else ""


def call(*arguments):
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_import_then_export_gives_the_same_bytes(pack, tmp_path):
    import_packs([pack])
    call("export_content", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(pack)


def test_starter_comes_back_byte_for_byte(tmp_path):
    import_packs([STARTER])
    call("export_content", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(STARTER)


def test_import_publishes_what_it_brings(pack):
    out = call("import_content", pack)
    assert (Scenario.objects.get().current.number, Course.objects.get().current.number) == (1, 1)
    assert out == (
        f"Imported {pack}.\n"
        "Added: activity 6, confidence statement 2, course 1, module 2, option 4, policy 1, policy value 2,"
        " question 2, scenario 1, skill 2.\n"
        "Published: scenario “At the desk”, edition 1.\n"
        "Published: course “Everyone welcome”, edition 1.\n"
    )


def test_import_twice_changes_nothing(pack):
    import_packs([pack])
    before = rows()
    assert call("import_content", pack) == f"Imported {pack}.\nEverything was there already; nothing was changed.\n"
    assert rows() == before


def test_starter_twice_changes_nothing():
    import_packs([STARTER])
    before = rows()
    assert import_packs([STARTER]).is_empty
    assert rows() == before


def test_import_changes_only_what_changed(pack):
    import_packs([pack])
    before = {activity.slug: activity.pk for activity in Activity.objects.all()}
    edit(pack, "courses/welcome/calm/stress.md", "> Slowly.", "> **Very** slowly.")
    edit(pack, "scenarios/desk.yaml", "title: Settled", "title: All settled")
    ledger = import_packs([pack])
    assert (ledger.added, ledger.changed, ledger.removed) == ({}, {"activity": 1, "scenario": 1}, {})
    assert ledger.published == ["scenario “At the desk”, edition 2"]
    assert {activity.slug: activity.pk for activity in Activity.objects.all()} == before
    assert "<strong>Very</strong>" in Activity.objects.get(slug="stress").body_html


def test_order_of_modules_and_activities_is_the_packs(pack):
    import_packs([pack])
    edit(pack, "courses/welcome/course.yaml", "- second-thoughts\n- calm", "- calm\n- second-thoughts")
    edit(pack, "courses/welcome/calm/module.yaml", "- stress\n- think", "- think\n- stress")
    import_packs([pack])
    assert list(Module.objects.values_list("slug", flat=True)) == ["calm", "second-thoughts"]
    ordered = Activity.objects.filter(module__slug="calm").values_list("slug", flat=True)
    assert list(ordered) == ["think", "stress", "check", "play", "sheet"]
    assert Course.objects.get().current.number == 2


def test_library_keeps_the_value_that_it_filled_in(pack):
    import_packs([pack])
    PolicyValue.objects.filter(key="block-at").update(value="$40")
    edit(pack, "policies/fines.yaml", "default: $25", "default: $30")
    import_packs([pack])
    assert list(PolicyValue.objects.values_list("default", "value")) == [("$30", "$40"), ("", "Ms Lee")]
    edit(pack, "policies/fines.yaml", "default: $30", "default: $30\n    value: $50")
    import_packs([pack])
    assert PolicyValue.objects.get(key="block-at").value == "$50"


SPANISH = """\
format: policy/1
slug: multas
title: Multas
language: es
translates: fines
purpose: |
  Para que vuelvan los libros.
text: |
  Se bloquea desde {multas.block-at}.
values:
  block-at:
    label: Se bloquea desde
    of: $25
    default: veinticinco
"""


def test_policy_and_skill_in_another_language_come_back(pack, tmp_path):
    (pack / "policies" / "multas.yaml").write_text(SPANISH)
    spanish = "    translations:\n      es:\n        name: Reparar\n        description: Lo arregla.\n"
    with (pack / "skills.yaml").open("a") as file:
        file.write(spanish)
    import_packs([pack])
    assert PolicyValue.objects.quotable()["multas.block-at"] == "veinticinco"
    assert Skill.objects.names_in("es")["recovery"] == "Reparar"
    assert import_packs([pack]).is_empty
    call("export_content", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(pack)


def test_library_keeps_its_translation_of_the_value_that_it_filled_in(pack):
    (pack / "policies" / "multas.yaml").write_text(SPANISH)
    import_packs([pack])
    PolicyValue.objects.filter(policy__slug="fines", key="block-at").update(value="$40")
    PolicyValue.objects.filter(policy__slug="multas").update(value="cuarenta", of="$40")
    assert import_packs([pack]).is_empty
    assert PolicyValue.objects.quotable()["multas.block-at"] == "cuarenta"


def test_content_that_the_pack_does_not_name_stays(pack):
    SkillFactory(slug="patience", name="Patience")
    PolicyFactory(slug="noise", title="Noise")
    import_packs([pack])
    (pack / "policies" / "noise.yaml").unlink(missing_ok=True)
    assert set(Skill.objects.values_list("slug", flat=True)) == {"patience", "clear-limits", "recovery"}
    assert Policy.objects.filter(slug="noise").exists()


def test_pack_may_lean_on_what_the_site_has(pack, tmp_path):
    import_packs([pack])
    document = a_document("second", policies=["fines"], introduction="Blocked at {fines.block-at}.")
    text = to_yaml(SCENARIO.canonical(document))
    second = make(tmp_path / "second", {"pack.yaml": "format: pack/1\n", "scenarios/second.yaml": text})
    assert import_packs([second]).published == ["scenario “At the desk”, edition 1"]


def test_packs_imported_together_may_lean_on_each_other(pack, tmp_path):
    other = tmp_path / "other"
    (other / "policies").mkdir(parents=True)
    shutil.copy(pack / "pack.yaml", other)
    shutil.move(pack / "policies" / "fines.yaml", other / "policies")
    assert not import_packs([pack, other]).is_empty


def test_removed_activity_goes_if_nobody_began_it(pack):
    import_packs([pack])
    (pack / "courses/welcome/calm/think.md").unlink()
    edit(pack, "courses/welcome/calm/module.yaml", "- think\n", "")
    assert import_packs([pack]).removed == {"activity": 1}
    assert not Activity.objects.filter(slug="think").exists()


def test_removed_activity_that_somebody_began_is_refused(pack, alice):
    import_packs([pack])
    progressing.arrive(alice, Activity.objects.get(slug="think"))
    (pack / "courses/welcome/calm/think.md").unlink()
    edit(pack, "courses/welcome/calm/module.yaml", "- think\n", "")
    assert refused(pack) == [
        (
            "courses/welcome/calm/module.yaml",
            "activities:",
            "activities: people have begun the activity “think” of the module “calm”, which the pack does not have."
            " Put it back, or delete it in Admin first; what they did there goes with it.",
        )
    ]


def test_removed_module_goes_with_its_activities(pack, alice):
    import_packs([pack])
    shutil.rmtree(pack / "courses/welcome/second-thoughts")
    edit(pack, "courses/welcome/course.yaml", "- second-thoughts\n", "")
    began = Activity.objects.get(slug="before")
    progressing.arrive(alice, began)
    assert [(name, line) for name, line, _ in refused(pack)] == [("courses/welcome/course.yaml", "modules:")]
    began.progress.all().delete()
    assert import_packs([pack]).removed == {"activity": 1, "module": 1}


def test_activity_moved_to_another_module_keeps_its_progress(pack, alice):
    import_packs([pack])
    think = Activity.objects.get(slug="think")
    progressing.arrive(alice, think)
    shutil.move(pack / "courses/welcome/calm/think.md", pack / "courses/welcome/second-thoughts")
    edit(pack, "courses/welcome/calm/module.yaml", "- think\n", "")
    edit(pack, "courses/welcome/second-thoughts/module.yaml", "- before\n", "- before\n- think\n")
    import_packs([pack])
    think.refresh_from_db()
    assert (think.module.slug, think.progress.count()) == ("second-thoughts", 1)


def test_removed_statement_goes_unless_somebody_rated_it(pack, alice):
    import_packs([pack])
    edit(pack, "courses/welcome/course.yaml", "  say-no: I can say no.\n", "")
    ratings = {row.pk: 3 for row in ConfidenceStatement.objects.all()}
    activity = Activity.objects.get(slug="before")
    progressing.rate_confidence(alice, activity, ratings)
    assert [(name, line) for name, line, _ in refused(pack)] == [("courses/welcome/course.yaml", "confidence:")]
    ConfidenceStatement.objects.get(key="say-no").answers.all().delete()
    assert import_packs([pack]).removed == {"confidence statement": 1}


def test_removed_question_and_option_go(pack):
    import_packs([pack])
    edit(
        pack, "courses/welcome/calm/check.yaml", FILES["courses/welcome/calm/check.yaml"].partition("  several")[2], ""
    )
    edit(pack, "courses/welcome/calm/check.yaml", "  several", "")
    assert import_packs([pack]).removed == {"question": 1}
    assert Option.objects.count() == 2


FAULTS = [
    # a file, what to find in it, what to put there, the line that is named, and how its message begins
    ("pack.yaml", "pack/1", "pack/2", "format: pack/2", "format: expected pack/1, and this says pack/2."),
    ("pack.yaml", "format: pack/1\n", "format: pack/1\nname: x\n", "name: x", "“name” is not a field of a pack."),
    ("skills.yaml", "name: Recovery", "nam: Recovery", "nam: Recovery",
     "skills.recovery: “nam” is not a field of a skill. Did you mean “name”?"),
    ("policies/fines.yaml", "slug: fines", "slug: fees", "slug: fees",
     "slug: this says fees, and its place in the pack says fines. Make them the same."),
    ("policies/fines.yaml", "{fines.block-at}", "{fines.blok-at}", "A card is blocked at {fines.blok-at}.",
     "The text quotes {fines.blok-at}, and the policy has no such value. Add it, or correct the name."),
    ("scenarios/desk.yaml", "- fines", "- fees", "- fees",
     "policies: there is no policy “fees”. Add it, or correct the name."),
    ("scenarios/desk.yaml", "clear-limits: -1", "clear-limit: -1", "clear-limit: -1",
     "skills: there is no skill “clear-limit”. Add it, or correct the name."),
    ("scenarios/desk.yaml", "to: settled", "to: settled\n        policy: fees", "policy: fees",
     "policy: there is no policy “fees”. Add it, or correct the name."),
    ("scenarios/desk.yaml", "to: settled", "to: nowhere", "agree:",
     "“Let us look together.” leads to “nowhere”, which does not exist."
     " Add it, or lead the choice elsewhere."),
    ("scenarios/desk.yaml", "It is *late*.", "It is {noise.most}.", "It is {noise.most}.",
     "The text quotes {noise.most}, and there is no policy “noise”."),
    ("scenarios/desk.yaml", "minutes: 5", "minutes: five", "minutes: five",
     "minutes: expected a whole number, found the text “five”."),
    ("courses/welcome/course.yaml", "- calm", "- calmly", "- calmly",
     "modules: there is no module “calmly” in this folder. Add it, or take it off the list."),
    ("courses/welcome/course.yaml", "- calm\n", "", "modules:",
     "modules: the module “calm” is in this folder and not on the list. Add it, or take it out."),
    ("courses/welcome/course.yaml", "trainer: Ms Trainer\n", "", "format: course/1",
     "“trainer” is missing. A course needs it."),
    ("courses/welcome/calm/module.yaml", "- stress", "- stres", "- stres",
     "activities: there is no activity “stres” in this folder. Add it, or take it off the list."),
    ("courses/welcome/calm/module.yaml", "- stress\n", "", "activities:",
     "activities: the activity “stress” is in this folder and not on the list. Add it, or take it out."),
    ("courses/welcome/calm/stress.md", "---\nkind", "kind", "kind: lesson",
     "A page begins with front matter: fields between two lines of “---”."),
    ("courses/welcome/calm/stress.md", "minutes: 5", "minutes: a", "minutes: a",
     "minutes: expected a whole number, found the text “a”."),
    ("courses/welcome/calm/stress.md", "kind: lesson", "kind: scenario", "kind: scenario",
     "kind: expected lesson or reflection, found the text “scenario”."),
    ("courses/welcome/calm/stress.md", "The limit is {fines.block-at}", "The limit is {fines.x}",
     "Breathe. The limit is {fines.x}.",
     "The text quotes {fines.x}, and the policy has no such value. Add it, or correct the name."),
    ("courses/welcome/calm/check.yaml", "correct: true", "correct: false", "first-sign:",
     "No option of this question is right. Mark at least one with “correct: true”."),
    ("courses/welcome/calm/check.yaml", "    multiple: true\n", "", "several:",
     "2 options of this question are right. Say “multiple: true”, or mark one only."),
    ("courses/welcome/calm/check.yaml", "pass_mark: 80", "pass_mark: 180", "pass_mark: 180",
     "pass_mark: 180 is too much; 100 is the most."),
    ("courses/welcome/calm/check.yaml", "kind: knowledge-check", "kind: quiz", "kind: quiz",
     "kind: expected knowledge-check, scenario, confidence-check or policy-acknowledgement, found the text “quiz”."),
    ("courses/welcome/calm/check.yaml", "        explanation: Hardly.\n", "", "joy:",
     "questions.first-sign.options.joy: “explanation” is missing. An option needs it."),
    ("courses/welcome/calm/play.yaml", "scenario: desk", "scenario: table", "scenario: table",
     "scenario: there is no scenario “table”. Add it, or correct the name."),
    ("courses/welcome/calm/play.yaml", "counts: first", "count: first", "count: first",
     "“count” is not a field of an activity that is a scenario. Did you mean “counts”?"),
    ("courses/welcome/calm/sheet.yaml", "policy: fines", "policy: fees", "policy: fees",
     "policy: there is no policy “fees”. Add it, or correct the name."),
]  # fmt: skip


@pytest.mark.parametrize("already_there", [False, True])
@pytest.mark.parametrize(("name", "find", "replace", "line", "message"), FAULTS)
def test_broken_pack_changes_nothing_and_its_fault_is_named(pack, already_there, name, find, replace, line, message):
    if already_there:
        import_packs([pack])
        Skill.objects.filter(slug="clear-limit").delete()
    edit(pack, name, find, replace)
    found = refused(pack)
    assert [fault for fault in found if fault[:2] == (name, line) and fault[2].startswith(message)], found


def test_value_that_nobody_filled_in_cannot_be_quoted(pack):
    edit(pack, "policies/fines.yaml", "    value: Ms Lee\n", "")
    assert refused(pack) == [
        (
            "scenarios/desk.yaml",
            "Blocked at {fines.block-at}, says {fines.manager}.",
            "The text quotes {fines.manager}, which has neither a default nor a value. Give it one.",
        )
    ]


def test_fault_of_a_sheet_is_not_told_again_by_what_refers_to_it(pack):
    edit(pack, "skills.yaml", "name: Recovery", "nam: Recovery")
    edit(pack, "policies/fines.yaml", "title:", "titel:")
    assert {name for name, _, _ in refused(pack)} == {"skills.yaml", "policies/fines.yaml"}


def test_confidence_check_needs_statements(pack):
    edit(
        pack, "courses/welcome/course.yaml", "confidence:\n  stay-calm: I can stay calm.\n  say-no: I can say no.\n", ""
    )
    assert [(name, line) for name, line, _ in refused(pack)] == [
        ("courses/welcome/second-thoughts/before.yaml", "kind: confidence-check")
    ]


def test_course_needs_a_required_activity(pack):
    for path in pack.glob("courses/*/*/*.*"):
        if path.name not in ("module.yaml", "think.md"):
            edit(pack, path.relative_to(pack), "minutes:", "required: false\nminutes:")
    assert [(name, line) for name, line, _ in refused(pack)] == [("courses/welcome/course.yaml", "modules:")]


def test_every_fault_of_every_file_is_named_at_once(pack):
    edit(pack, "pack.yaml", "pack/1", "pack/2")
    edit(pack, "policies/fines.yaml", "title:", "titel:")
    edit(pack, "scenarios/desk.yaml", "to: settled", "to: nowhere")
    edit(pack, "courses/welcome/calm/play.yaml", "scenario: desk", "scenario: table")
    assert sorted({name for name, _, _ in refused(pack)}) == [
        "courses/welcome/calm/play.yaml",
        "pack.yaml",
        "policies/fines.yaml",
        "scenarios/desk.yaml",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("notes.txt", "This file is not part of a pack. Take it out, or correct its name."),
        ("extra/notes.yaml", "This folder is not part of a pack. Take it out, or correct its name."),
        ("policies/Fines 2.yaml", "This file is not part of a pack. Take it out, or correct its name."),
        ("scenarios/desk.yml", "This file is not part of a pack. Take it out, or correct its name."),
        ("courses/notes.yaml", "This file is not part of a pack. Take it out, or correct its name."),
        ("courses/welcome/notes.yaml", "This file is not part of a pack. Take it out, or correct its name."),
        ("courses/welcome/calm/notes.txt", "This file is not part of a pack. Take it out, or correct its name."),
        ("courses/welcome/calm/more/a.md", "This folder is not part of a pack. Take it out, or correct its name."),
        ("courses/welcome/calm/stress.yaml", "There is another activity “stress” in this folder. Rename one of them."),
    ],
)
def test_unknown_file_is_a_fault(pack, name, message):
    make(pack, {name: "kind: lesson\n"})
    assert message in [found for _, _, found in refused(pack)]


def test_hidden_files_and_files_for_people_are_passed_over(pack):
    make(pack, {".git/config": "x", ".DS_Store": "x", "courses/.hidden": "x", "README.md": "Hello.", "LICENSE": "MIT"})
    assert not import_packs([pack]).is_empty


@pytest.mark.parametrize("name", ["policies/more.yaml", "scenarios/more.yaml", "courses/welcome/calm/more.md"])
@pytest.mark.parametrize("target", ["/etc/passwd", "fines.yaml"])
def test_links_are_refused(pack, name, target):
    (pack / name).symlink_to(target)
    assert (name, "This is a link. A pack holds its own files.") in [(file, said) for file, _, said in links(pack)]


def links(pack):
    with pytest.raises(Faults) as refusal:
        import_packs([pack])
    return [
        (Path(fault.file).relative_to(pack).as_posix(), fault.line, fault.message) for fault in refusal.value.faults
    ]


def test_linked_folders_and_sheets_are_refused(pack, tmp_path):
    shutil.move(pack / "policies", tmp_path / "elsewhere")
    (pack / "policies").symlink_to(tmp_path / "elsewhere")
    shutil.move(pack / "skills.yaml", tmp_path / "skills.yaml")
    (pack / "skills.yaml").symlink_to(tmp_path / "skills.yaml")
    assert [(file, said) for file, _, said in links(pack) if "link" in said] == [
        ("policies", "This is a link. A pack holds its own files."),
        ("skills.yaml", "This is a link. A pack holds its own files."),
    ]


def test_what_is_no_pack_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for path, message in (
        (tmp_path / "none", "There is no such folder. Give the folder of a pack, for example fixtures/starter."),
        (tmp_path / "empty", "This folder is not a pack: it has no pack.yaml."),
    ):
        with pytest.raises(Faults) as refusal:
            import_packs([path])
        assert str(refusal.value) == f"{path}: {message}"


def test_import_command_lists_the_faults(pack):
    edit(pack, "scenarios/desk.yaml", "minutes: 5", "minutes: five")
    err = StringIO()
    with pytest.raises(CommandError, match="Nothing was imported: 1 fault, listed above") as refusal:
        call_command("import_content", str(pack), stderr=err)
    assert refusal.value.returncode == 1
    assert err.getvalue() == (
        f"{pack}/scenarios/desk.yaml:6: minutes: expected a whole number, found the text “five”.\n"
    )


def test_import_leaves_no_rows_where_a_later_step_fails(pack):
    """Something that nobody thought of, at the last row but one."""
    before = rows()

    def fail(**kwargs):
        raise RuntimeError

    post_save.connect(fail, sender=CourseEdition)
    try:
        with pytest.raises(RuntimeError):
            import_packs([pack])
    finally:
        post_save.disconnect(fail, sender=CourseEdition)
    assert rows() == before


def test_export_brings_the_same_pack_up_to_date(pack):
    import_packs([pack])
    Policy.objects.update(title="Fees")
    make(pack, {"README.md": "Hello."})
    assert call("export_content", pack) == f"Exported to {pack}: files written: 1.\n"
    assert "title: Fees\n" in (pack / "policies/fines.yaml").read_text()
    assert (pack / "README.md").read_text() == "Hello."


def test_export_never_writes_over_something_else(pack, tmp_path):
    import_packs([pack])
    taken = make(tmp_path / "taken", {"thesis.txt": "x"})
    other = make(tmp_path / "other", {"pack.yaml": "format: pack/1\n", "scenarios/other.yaml": "x"})
    linked = make(tmp_path / "linked", {"pack.yaml": "format: pack/1\n"})
    (linked / "courses").symlink_to(tmp_path)
    for folder, message in (
        (taken, f"{taken} is not empty, and not a pack. Export to an empty folder."),
        (other, f"{other}/scenarios/other.yaml is not part of this site's content."),
        (linked, f"{linked}/courses is a link."),
        (taken / "thesis.txt", f"{taken}/thesis.txt is not a folder."),
    ):
        before = contents(tmp_path)
        with pytest.raises(CommandError) as refusal:
            call("export_content", folder)
        assert str(refusal.value).startswith(message)
        assert contents(tmp_path) == before


def test_export_says_what_an_import_would_refuse(pack, tmp_path):
    import_packs([pack])
    Choice.objects.filter(key="agree").update(to=None)
    err = StringIO()
    call_command("export_content", str(tmp_path / "again"), stdout=StringIO(), stderr=err)
    assert "scenarios/desk.yaml" in err.getvalue()


def test_export_stays_inside_its_folder(pack, tmp_path):
    import_packs([pack])
    Policy.objects.update(slug="../../escaped")
    with pytest.raises(CommandError):
        call("export_content", tmp_path / "again" / "deep")
    assert not (tmp_path / "again").exists()


def test_words_typed_into_a_form_are_exported_as_blocks(pack, tmp_path):
    """A browser sends Windows line breaks, and Markdown ends lines in spaces."""
    import_packs([pack])
    Scenario.objects.update(introduction="One  \r\ntwo\r\n\r\nthree: {fines.block-at}")
    call("export_content", tmp_path / "again")
    text = (tmp_path / "again/scenarios/desk.yaml").read_text()
    assert "introduction: |\n  One  \n  two\n\n  three: {fines.block-at}\n" in text


def test_import_asks_the_database_little_for_what_it_knows(pack, django_assert_num_queries):
    with django_assert_num_queries(4):
        known_with([])


@given(st.data())
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_scrambled_pack_is_imported_or_refused_with_faults(tmp_path_factory, data):
    folder = make(tmp_path_factory.mktemp("scrambled"), FILES)
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[name].encode()
    start = data.draw(st.integers(0, len(content)))
    junk = data.draw(st.binary(max_size=5) | st.sampled_from([b"---\n", b"x: 1\n", b"\n  - a\n", b"{", b"fines"]))
    (folder / name).write_bytes(content[:start] + junk + content[start + data.draw(st.integers(0, 40)) :])
    before = rows()
    try:
        import_packs([folder])
    except Faults as refusal:
        found = refusal.faults
        assert rows() == before
        assert [fault for fault in found if not os.path.exists(fault.file)] == []
    else:
        again = rows()
        assert import_packs([folder]).is_empty
        assert rows() == again


@pytest.mark.parametrize(
    ("shape", "place", "model", "field"),
    [
        ("SKILLS", "properties.skills.additionalProperties.properties.name", Skill, "name"),
        ("SKILLS", "properties.skills.additionalProperties.properties.description", Skill, "description"),
        ("SKILLS", f"{TRANSLATED}.propertyNames", SkillTranslation, "language"),
        ("SKILLS", f"{TRANSLATED}.additionalProperties.properties.name", SkillTranslation, "name"),
        ("SKILLS", f"{TRANSLATED}.additionalProperties.properties.description", SkillTranslation, "description"),
        ("POLICY", "properties.language", Policy, "language"),
        ("POLICY", "properties.values.additionalProperties.properties.of", PolicyValue, "of"),
        ("POLICY", "$defs.title", Policy, "title"),
        ("POLICY", "$defs.title", PolicyValue, "label"),
        ("POLICY", "properties.values.additionalProperties.properties.default", PolicyValue, "default"),
        ("POLICY", "properties.values.additionalProperties.properties.value", PolicyValue, "value"),
        ("COURSE", "$defs.title", Course, "title"),
        ("COURSE", "properties.language", Course, "language"),
        ("COURSE", "properties.summary", Course, "summary"),
        ("COURSE", "properties.trainer", Course, "trainer"),
        ("COURSE", "properties.trainer_qualification", Course, "trainer_qualification"),
        ("COURSE", "properties.confidence.additionalProperties", ConfidenceStatement, "text"),
        ("MODULE", "$defs.title", Module, "title"),
        ("MODULE", "properties.summary", Module, "summary"),
        ("PAGE", "properties.title", Activity, "title"),
        ("ACTIVITY", "$defs.title", Activity, "title"),
        ("ACTIVITY", "$defs.key", Question, "key"),
        ("ACTIVITY", "$defs.option.properties.text", Option, "text"),
        ("ACTIVITY", "$defs.option.properties.explanation", Option, "explanation"),
    ],
)
def test_schemas_let_in_what_the_database_can_hold(shape, place, model, field):
    schema = getattr(formats, shape).schema
    for step in place.split("."):
        schema = schema[step]
    assert schema["maxLength"] == model._meta.get_field(field).max_length


@pytest.mark.parametrize("name", ["PACK", "SKILLS", "POLICY", "COURSE", "MODULE", "PAGE", "ACTIVITY"])
def test_schema_is_a_schema(name):
    shape = getattr(formats, name)
    shape.validator.check_schema(shape.schema)


def test_import_writes_nothing_about_people(pack, alice):
    before = serializers.serialize("json", Person.objects.order_by("pk"))
    import_packs([pack])
    assert serializers.serialize("json", Person.objects.order_by("pk")) == before
