"""Admin in Spanish: every page of people and courses opens in it."""

import re
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from courses.admin.activities import KINDS
from courses.models import Activity, Assignment
from courses.publishing import outline_of
from tests.admin_pages import page, said
from tests.factories import PersonFactory, a_course


def addresses():
    """Every page of people and courses in admin, with its addresses as the site stands."""
    for model in ("person", "unit"):
        yield from (reverse(f"admin:accounts_{model}_{name}") for name in ("changelist", "add"))
    for model in ("course", "assignment", "absence", "credit", "hourstarget", "waiver"):
        yield from (reverse(f"admin:courses_{model}_{name}") for name in ("changelist", "add"))
    yield from (reverse(f"admin:courses_{model}_changelist") for model in ("trainingrecord", "delivery"))
    yield from (reverse(f"admin:accounts_person_{name}") for name in ("roster", "duplicates"))
    yield from (reverse("admin:index"), reverse("admin:app_list", args=["accounts"]))


def pages_of(course):
    modules = list(course.modules.all())
    yield from (page(course, name) for name in ("change", "publish", "preview"))
    yield from (page(module) for module in modules)
    for activity in Activity.objects.filter(module__course=course):
        yield page(activity)
        yield reverse("admin:courses_course_preview_activity", args=[course.pk, activity.pk])
        if activity.kind == KINDS.KNOWLEDGE_CHECK:
            yield page(activity, "gift")


@pytest.fixture
def spanish(as_, erin):
    erin.language = "es"
    erin.save(update_fields=["language"])
    with override("en"):  # so that no other test finds the language of the last page
        yield as_(erin)


def shown(browser, address):
    response = browser.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


ENGLISH = re.compile(
    r">\s*(Home|People|Courses|Cancel|Name|Unit|Course|Person|Title|Minutes|Save|Add|Delete|Roles)\s*<"
)


def test_every_page_of_people_and_courses_opens_in_spanish(spanish, alice):
    course = a_course()
    twin = PersonFactory(name=alice.name)
    own = [page(alice), page(alice, "anonymise"), page(alice, "merge")]
    own.append(reverse("admin:accounts_person_merge_with", args=[alice.pk, twin.pk]))
    for address in (*addresses(), *pages_of(course), *own):
        text = shown(spanish, address)
        assert '<html lang="es"' in text, address
        assert ENGLISH.findall(text) == [], address


def test_what_would_change_is_told_in_spanish(spanish, units, alice):
    data = {"course": a_course().pk, "unit": units.circulation.pk, "due": "hire", "due_days": 30, "repeats": "no"}
    response = spanish.post(reverse("admin:courses_assignment_add"), data | {"grace_days": 0, "mandatory": "on"})
    text = response.content.decode()
    assert ["Todavía no se ha guardado nada" in text, "Se le pide a <strong>1</strong> persona" in text] == [True] * 2
    refused = spanish.post(reverse("admin:courses_assignment_add"), data | {"due_days": "", "grace_days": 0})
    assert "Esto es necesario." in refused.content.decode()


def test_roster_and_questions_are_answered_in_spanish(spanish, alice):
    a_course()
    file = SimpleUploadedFile("nomina.csv", b"email,name,left\nnia@example.org,Nia,\nalice@example.org,,perhaps\n")
    told = spanish.post(reverse("admin:accounts_person_roster"), {"file": file}).context["faults"]
    fault = "“perhaps” no dice si la persona ya no trabaja aquí. Escribe yes (sí), no, o el día: 2026-01-31."
    assert [(found.line, found.message) for found in told] == [(3, fault)]
    check = Activity.objects.get(kind=KINDS.KNOWLEDGE_CHECK)
    read = spanish.post(page(check, "gift"), {"text": "::One:: {}"}).context["read"]
    assert [remark.message for remark in read.remarks] == [
        "Es una pregunta de ensayo, que un cuestionario no puede hacer."
    ]


def test_what_is_kept_is_in_one_language_whoever_does_it(spanish, settings):
    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in settings.CACHES}
    course = a_course()
    with override("es"):
        assert outline_of(course) == course.current.outline
    file = SimpleUploadedFile("roster.csv", b"email,name\nnia@example.org,Nia\n")
    token = spanish.post(reverse("admin:accounts_person_roster"), {"file": file}).context["token"]
    response = spanish.post(reverse("admin:accounts_person_roster"), {"rehearsed": token}, follow=True)
    assert said(response) == ["Se importó roster.csv: 1 se incorpora, 0 sin cambios."]
    assert LogEntry.objects.get().change_message == "Imported the roster roster.csv: 1 joins, 0 unchanged."


@pytest.mark.parametrize(("rule", "words"), [
    ({"due": "hire", "due_days": 30, "repeats": "window", "window_from": 1, "window_to": 1, "grace_days": 14},
     "30 días después de la contratación, luego cada enero; 14 días de gracia"),
    ({"due": "date", "due_on": date(2031, 5, 3), "repeats": "rolling", "every_months": 12, "mandatory": False},
     "Hasta el 3 de mayo de 2031, luego cada 12 meses (recomendado)"),
    ({"repeats": "window", "window_from": 3, "window_to": 5}, "Cada año de marzo a mayo"),
    ({}, "Sin fecha"),
])  # fmt: skip
def test_rule_is_told_in_spanish(rule, words):
    with override("es"):
        assert Assignment(**rule).rule == words


def test_invitation_speaks_the_language_of_whoever_gets_it(spanish, alice, bob, mailoutbox):
    alice.language = "es"
    alice.save(update_fields=["language"])
    for person in (alice, bob):
        spanish.post(page(person, "invite"))
    subjects = ["Tu cuenta para la formación de la biblioteca", "Your account for library training"]
    assert [mail.subject for mail in mailoutbox] == subjects
