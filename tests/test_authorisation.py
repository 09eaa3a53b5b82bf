"""Every address, every role. Whatever is new joins a table here, or a test fails.

The objects in the addresses are alice's, or of her units; bob supervises her, dave is in another branch.
"""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Person
from courses.models import Return, TrainingRecord
from scenarios import playing
from scenarios.models import Attempt
from tests.factories import EnrolmentFactory, RefresherFactory, a_course, a_scenario

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "alice", "bob", "carol", "dave", "erin")

# The status of a GET for each role, in the order of ROLES. 302 for anonymous is the way to the sign-in page.
# fmt: off
SITE = {
    "courses:my-training":       (200, 200, 200, 200, 200, 200),
    "courses:seen":              (302, 200, 200, 200, 200, 200),
    "courses:course-list":       (302, 200, 200, 200, 200, 200),
    "courses:course":            (302, 200, 200, 200, 200, 200),
    "courses:module":            (302, 200, 200, 200, 200, 200),
    "courses:activity":          (302, 200, 200, 200, 200, 200),
    "courses:refresher":        (302, 200, 404, 404, 404, 404),
    "courses:policy":           (302, 200, 200, 200, 200, 200),
    "courses:return":           (302, 200, 404, 404, 404, 404),
    "courses:record":            (200, 200, 200, 200, 200, 200),
    "courses:reports":           (302, 404, 200, 404, 404, 200),
    "courses:register":          (302, 404, 200, 404, 404, 200),
    "courses:used":              (302, 200, 404, 404, 404, 404),
    "courses:my-hours":          (302, 200, 200, 200, 200, 200),
    "courses:hours":             (302, 404, 200, 404, 404, 200),
    "courses:together":          (302, 404, 200, 404, 404, 200),
    "courses:nudge":             (302, 404, 405, 404, 404, 405),
    "courses:course-report":     (302, 404, 200, 404, 404, 200),
    "courses:person-report":     (302, 404, 200, 404, 404, 200),
    "courses:person-hours":      (302, 404, 200, 404, 404, 200),
    "courses:scenario-report":   (302, 404, 200, 404, 404, 200),
    "scenarios:list":            (302, 200, 200, 200, 200, 200),
    "scenarios:introduction":    (302, 200, 200, 200, 200, 200),
    "scenarios:changes":         (302, 404, 404, 404, 404, 404),
    "scenarios:attempt":         (302, 200, 404, 404, 404, 404),
    "scenarios:debrief":         (302, 200, 404, 404, 404, 404),
    "scenarios:again":           (302, 405, 405, 405, 405, 405),
    "accounts:me":               (302, 200, 200, 200, 200, 200),
    "accounts:language":         (405, 405, 405, 405, 405, 405),
    "healthz":                   (200, 200, 200, 200, 200, 200),
    "account_login":             (200, 302, 302, 302, 302, 302),
    "account_logout":            (302, 200, 200, 200, 200, 200),
    "account_signup":            (200, 302, 302, 302, 302, 302),
    "account_inactive":          (200, 200, 200, 200, 200, 200),
    "account_reauthenticate":    (302, 200, 200, 200, 200, 200),
    "account_email":             (302, 302, 302, 302, 302, 302),
    "account_email_verification_sent": (200, 200, 200, 200, 200, 200),
    "account_confirm_email":     (200, 200, 200, 200, 200, 200),
    "account_change_password":   (302, 200, 200, 200, 200, 200),
    "account_set_password":      (302, 302, 302, 302, 302, 302),
    "account_confirm_login_code": (302, 302, 302, 302, 302, 302),
    "account_reset_password":    (200, 200, 200, 200, 200, 200),
    "account_reset_password_done": (200, 200, 200, 200, 200, 200),
    "account_reset_password_from_key": (200, 200, 200, 200, 200, 200),
    "account_reset_password_from_key_done": (200, 200, 200, 200, 200, 200),
}
# fmt: on


@pytest.fixture
def cast(alice, bob, carol, dave, erin):
    return {"anonymous": None, "alice": alice, "bob": bob, "carol": carol, "dave": dave, "erin": erin}


@pytest.fixture
def arguments(alice):
    """What stands in the addresses, by the name of the parameter."""
    scenario = a_scenario()
    course = a_course()
    EnrolmentFactory(person=alice, course=course)
    attempt = playing.start(alice, scenario, mode="recorded")
    for number, choice in enumerate(("listen", "agree"), 1):
        playing.decide(attempt.pk, alice, choice=choice, sequence=number)
    now = timezone.now()
    refresher = RefresherFactory(person=alice, skill="clear-limits")
    done = Return.objects.create(
        refresher=RefresherFactory(person=alice, skill="other"), person=alice, turn=1, rating=1, returned_at=now
    )
    record = TrainingRecord.objects.create(
        person=alice, name="Alice", edition=1, contents=[], minutes=1, started_at=now, completed_at=now
    )
    return {
        "course": course.slug,
        "module": "first",
        "activity": "lesson",
        "scenario": scenario.slug,
        "attempt": attempt.pk,
        "person": alice.pk,
        "code": record.code,
        "record": record.pk,
        "policy": "fines",
        "refresher": refresher.pk,
        "pk": done.pk,
        "key": "1-key",
        "uidb36": "1",
    }


def patterns(resolver=None, namespace=""):
    """Each named pattern outside the admin site, with its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)


def status(as_, person, url):
    return (as_(person) if person else Client()).get(url).status_code


def test_every_address_is_in_the_table():
    assert {name for name, _ in patterns()} == set(SITE)


def test_every_role_at_every_address(as_, cast, arguments):
    found = {}
    for name, parameters in patterns():
        url = reverse(name, kwargs={parameter: arguments[parameter] for parameter in parameters})
        found[name] = tuple(status(as_, cast[role], url) for role in ROLES)
    assert found == SITE


@pytest.mark.parametrize("name", ["reports", "course-report", "person-report", "scenario-report"])
def test_csv_is_for_those_who_see_the_page(as_, cast, arguments, name):
    parameters = dict(patterns())[f"courses:{name}"]
    url = reverse(f"courses:{name}", kwargs={parameter: arguments[parameter] for parameter in parameters})
    assert tuple(status(as_, cast[role], f"{url}?format=csv") for role in ROLES) == SITE[f"courses:{name}"]


def test_supervisor_reaches_nobody_outside_their_units(as_, bob, cast, arguments):
    reached = [
        role for role in ROLES[1:] if status(as_, bob, reverse("courses:person-report", args=[cast[role].pk])) == 200
    ]
    assert reached == ["alice", "bob"]


def test_missing_and_forbidden_look_alike(as_, dave, arguments):
    browser = as_(dave)
    forbidden = browser.get(reverse("scenarios:attempt", args=[arguments["attempt"]]))
    missing = browser.get(reverse("scenarios:attempt", args=[999_999]))
    assert (forbidden.status_code, missing.status_code) == (404, 404)
    token = rb'name="csrfmiddlewaretoken" value="[^"]+"'
    assert re.sub(token, b"", forbidden.content) == re.sub(token, b"", missing.content)


def test_nobody_else_decides_tries_again_or_looks_back(as_, cast, alice):
    attempt = playing.start(alice, a_scenario(), mode="recorded")
    for role in ("bob", "carol", "dave", "erin"):
        browser = as_(cast[role])
        posted = browser.post(reverse("scenarios:attempt", args=[attempt.pk]), {"choice": "listen", "sequence": 1})
        again = browser.post(reverse("scenarios:again", args=[attempt.pk]), {"sequence": 1})
        assert (posted.status_code, again.status_code) == (404, 404)
    assert (attempt.decisions.count(), Attempt.objects.count()) == (0, 1)


def test_practice_is_nobody_elses(alice, bob, erin):
    playing.start(alice, a_scenario(), mode="practice")
    assert [list(Attempt.objects.visible_to(person)) for person in (bob, erin)] == [[], []]


def test_person_who_left_is_signed_out(as_, alice):
    browser = as_(alice)
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    assert browser.get(reverse("courses:course-list")).status_code == 302


def test_admin_is_closed_to_all_but_authors_and_administrators(as_, cast):
    found = {role: status(as_, cast[role], reverse("admin:index")) for role in ROLES}
    assert found == {"anonymous": 302, "alice": 302, "bob": 302, "carol": 200, "dave": 302, "erin": 200}


def test_authors_list_content_and_nothing_about_people(as_, carol, erin):
    def lists(person):
        names = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
        return {name for name in names if status(as_, person, reverse(f"admin:{name}_changelist")) == 200}

    about_people = {
        "accounts_person",
        "accounts_unit",
        "courses_absence",
        "courses_credit",
        "courses_delivery",
        "courses_hourstarget",
        "courses_waiver",
        "courses_assignment",
        "courses_trainingrecord",
    }
    assert about_people <= lists(erin)
    assert lists(carol) & about_people == set()
    assert {"scenarios_scenario", "scenarios_policy", "courses_course"} <= lists(carol)
