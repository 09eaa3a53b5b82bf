"""One person, one record: two profiles become one, and two again; nothing is lost."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.urls import reverse
from django.utils import timezone

from accounts.importing import Options, import_roster
from accounts.leaving import anonymise
from accounts.merging import CannotMerge, merge, separate
from accounts.models import Person, Unit
from courses import assigning, progressing
from courses.models import Absence, Acknowledgement, Assignment, Course, Enrolment, Submission, TrainingRecord
from courses.publishing import publish
from courses.reports.people import figures
from courses.reports.person import entries
from courses.reports.summaries.reading import Places, summaries
from courses.reports.summaries.tree import Tree
from courses.reports.team import team
from scenarios import playing
from scenarios.models import Attempt, Scenario
from tests.admin_pages import page, said
from tests.factories import CourseFactory, PersonFactory, a_course

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def alicia(units):
    """Alice once more, who was hired by another branch under another address."""
    return PersonFactory(name="Alice Learner", email="alicia@example.org", unit=units.south)


@pytest.fixture
def join(erin):
    return lambda duplicate, kept: merge(duplicate, into=kept, by=erin, at=NOW())


def again(person):
    return Person.objects.get(pk=person.pk)


def assign(course, units, **rule):
    given = Assignment.objects.create(course=course, unit=units.system, **{"due": "hire", "due_days": 30} | rule)
    assigning.settle_all()
    return given


def take(person, course, *slugs):
    """The person does these activities, or all of them."""
    for module in course.modules.all():
        for activity in module.activities.all():
            if not slugs or activity.slug in slugs:
                progressing.complete(person, activity)


def everything():
    """Every row that a merge could touch, as text."""
    models = (Person, Enrolment, TrainingRecord, Attempt, Submission, Acknowledgement)
    rows = [row for model in models for row in model.objects.order_by("pk")]
    progress = [row for enrolment in Enrolment.objects.order_by("pk") for row in enrolment.progress.order_by("pk")]
    return serializers.serialize("json", [*rows, *progress], indent=1)


def rounds(person):
    return [
        (row.round, row.superseded, bool(row.completed_at), bool(row.stands_for_id))
        for row in Enrolment.objects.filter(person=person).order_by("course", "round")
    ]


# What merging does.


def test_duplicate_works_no_more_and_cannot_sign_in(alice, alicia, join, as_):
    browser = as_(alicia)
    join(alicia, alice)
    alicia = again(alicia)
    assert (alicia.merged_into, alicia.is_active, alicia.was_active) == (alice, False, True)
    assert browser.get(reverse("courses:course-list")).status_code == 302


def figures_for(person):
    now, tree = timezone.now(), Tree.of(Unit.objects.all(), everything=True)
    courses, places = list(Course.objects.values_list("pk", flat=True)), Places(tree.tops)
    wanted = [("staff", 0), *(("rounds", pk) for pk in courses)]
    return figures(summaries(team(person), tree, wanted, places, now), courses, places, now, of_one=False)


def test_what_the_duplicate_completed_counts_for_the_kept_person(alice, alicia, units, join, erin):
    course = a_course()
    assign(course, units)
    take(alicia, course)
    before = figures_for(erin)
    join(alicia, alice)
    assert rounds(alice) == [(1, True, False, False), (2, False, True, True)]
    after = figures_for(erin)
    assert (before.people - after.people, before.completed, after.completed) == (1, 1, 1)
    assert (
        Enrolment.objects.current().filter(person=alice).get().completed_at == TrainingRecord.objects.get().completed_at
    )


def test_what_was_begun_goes_on(alice, alicia, units, join):
    course = a_course()
    assign(course, units)
    take(alicia, course, "lesson")
    join(alicia, alice)
    newest = Enrolment.objects.newest().get(person=alice)
    assert (newest.started_at is not None, newest.progress.count(), newest.due_on is not None) == (True, 1, True)
    take(again(alice), course)
    assert TrainingRecord.objects.get().person == alice


def test_what_was_begun_in_both_stays_as_the_kept_person_has_it(alice, alicia, units, join):
    course = a_course()
    for person in (alice, alicia):
        take(person, course, "lesson")
    join(alicia, alice)
    assert rounds(alice) == [(1, False, False, False)]


def test_completed_in_both_the_later_one_is_the_newest(alice, alicia, units, join):
    course = a_course()
    take(alice, course)
    take(alicia, course)
    join(alicia, alice)
    assert rounds(alice) == [(1, True, True, False), (2, False, True, True)]


def test_round_that_is_asked_again_stays_open_after_what_the_duplicate_completed(alice, alicia, units, join):
    course = a_course()
    given = assign(course, units, repeats="rolling", every_months=1)
    take(alicia, course)
    long_ago = NOW() - datetime.timedelta(days=90)
    Enrolment.objects.filter(person=alicia, completed_at__isnull=False).update(completed_at=long_ago)
    join(alicia, alice)
    assert rounds(alice) == [(1, True, True, True), (2, False, False, False)]
    assert Enrolment.objects.newest().get(person=alice).assignment == given


def test_assignment_and_leave_of_the_duplicate_are_the_kept_persons(alice, alicia, units, join):
    course, other = CourseFactory(), CourseFactory()
    given = Assignment.objects.create(course=course, person=alicia, due="none")
    assign(other, units)
    Absence.objects.create(person=alicia, course=other, reason="", starts_on=NOW().date() - datetime.timedelta(1))
    join(alicia, alice)
    assert Enrolment.objects.get(person=alice, course=course).assignment == given
    assert not Enrolment.objects.get(person=alice, course=other).is_open
    assert assigning.enrol(Assignment.objects.get(pk=given.pk)) == 1


def test_records_attempts_and_checks_of_both_show_on_one_page(alice, alicia, units, join, bob, as_):
    take(alicia, a_course())
    desk = Scenario.objects.get()
    attempt = playing.start(alicia, desk, mode="recorded")
    playing.start(alicia, desk, mode="practice")
    before = [(entry.what, entry.title) for entry in entries(alicia)]
    join(alicia, alice)
    assert sorted({(entry.what, entry.title) for entry in entries(alice)}) == sorted(set(before))
    assert list(TrainingRecord.objects.of(alice)) == list(TrainingRecord.objects.visible_to(bob))
    assert attempt.person == alicia
    assert TrainingRecord.objects.get().code in as_(alice).get("/").content.decode()


def test_who_completed_an_older_edition_in_the_duplicate_is_asked_again(alice, alicia, join):
    course = a_course()
    take(alicia, course)
    join(alicia, alice)
    publish(course, by=None, anew=True)
    course.refresh_from_db()
    assert assigning.ask_again(course, Person.objects.all(), because="edition 2 has new rules") == 1
    assert Enrolment.objects.newest().get(person=alice).asked_again == "edition 2 has new rules"


def test_merged_profile_is_not_asked_and_not_counted_by_settling(alice, alicia, units, join):
    assign(CourseFactory(), units)
    before = Enrolment.objects.filter(person=alicia).values().get()
    join(alicia, alice)
    assigning.settle_all()
    assert Enrolment.objects.filter(person=alicia).values().get() == before


def test_reports_of_course_and_scenario_count_both_profiles_as_one(alice, alicia, units, join, bob, as_):
    """Also where the duplicate alone did something, and for who oversees the kept profile only."""
    course = a_course()
    check, desk = course.modules.get().activities.get(slug="knowledge-check"), Scenario.objects.get()
    right = {"single": ["yes"], "several": ["one", "two"]}
    progressing.submit(alicia, check, {})
    progressing.submit(alicia, check, right)
    playing.start(alicia, desk, mode="recorded")
    join(alicia, alice)

    def shown():
        (line,) = as_(bob).get(f"/reports/courses/{course.slug}/").context["checks"]
        played = as_(bob).get("/reports/scenarios/desk/").context["played"]
        return (line.answered, line.passed, line.first_time), (played.people, played.unfinished)

    assert shown() == ((1, 1, 0), (1, 1))
    progressing.submit(again(alice), check, right)
    playing.start(again(alice), desk, mode="recorded")
    assert shown() == ((1, 1, 0), (1, 2))


# And back.


@pytest.mark.parametrize("rule", [{}, {"repeats": "rolling", "every_months": 1}])
@pytest.mark.parametrize("done", [(), ("lesson",), None])
@pytest.mark.parametrize("mine", [(), ("lesson",), None])
def test_merged_and_separated_every_row_is_as_it_was(alice, alicia, units, join, rule, done, mine):
    course, own = a_course(), CourseFactory()
    assign(course, units, **rule)
    Assignment.objects.create(course=own, person=alicia, due="none")
    assigning.settle_all()
    for person, slugs in ((alicia, done), (alice, mine)):
        if slugs != ():
            take(person, course, *(slugs or ()))
    before = everything()
    join(alicia, alice)
    assert everything() != before
    assert separate(alicia) == alice
    assert everything() == before


def test_duplicate_who_had_left_has_left_again(alice, alicia, join):
    Person.objects.filter(pk=alicia.pk).update(is_active=False)
    join(alicia, alice)
    separate(alicia)
    assert not again(alicia).is_active


def test_what_was_done_since_stays_with_the_kept_person(alice, alicia, units, join):
    course = a_course()
    take(alicia, course, "lesson")
    join(alicia, alice)
    take(again(alice), course)
    separate(alicia)
    assert rounds(alice) == [(1, False, True, False)]
    assert rounds(alicia) == [(1, False, False, False)]


# What is refused.


def refused(duplicate, kept, by):
    with pytest.raises(CannotMerge) as why:
        merge(duplicate, into=kept, by=by, at=NOW())
    return str(why.value)


def test_merging_is_refused_in_words(alice, alicia, bob, dave, erin, join):
    assert "one profile" in refused(alice, alice, erin)
    assert "signed in" in refused(erin, alice, erin)
    assert "only administrator" in refused(erin, alice, bob)
    Person.objects.filter(pk=dave.pk).update(is_active=False)
    assert "Keep alice@example.org" in refused(alice, dave, erin)
    join(alicia, alice)
    assert "was merged into another profile already" in refused(alicia, bob, erin)
    assert "was merged into another profile already" in refused(bob, alicia, erin)
    assert "Profiles were merged into alice@example.org" in refused(alice, bob, erin)
    anonymise(bob)
    assert "anonymised" in refused(again(bob), alice, erin)


def test_separating_what_was_not_merged_is_refused(alice, alicia, join):
    with pytest.raises(CannotMerge):
        separate(alice)
    join(alicia, alice)
    anonymise(again(alice))
    assert again(alicia).name == f"Former colleague {alicia.pk}"
    with pytest.raises(CannotMerge):
        separate(alicia)


# The roster knows of it.


def test_roster_with_the_old_address_is_about_the_kept_person(alice, alicia, erin, join):
    join(alicia, alice)
    options, today = Options(leavers=True), datetime.date(2026, 5, 3)
    plan = import_roster(b"email,job title\nalicia@example.org,Senior\n", options, today=today, by=erin)
    assert (again(alice).job_title, again(alice).is_active, plan.leavers) == ("Senior", True, [])
    both = b"email,job title\nalicia@example.org,Page\nalice@example.org,Senior\n"
    assert import_roster(both, options, today=today, by=erin).in_words == "3 unchanged"


# The pages.


def test_pages_find_show_merge_and_separate(as_, erin, alice, alicia, units):
    office = as_(erin)
    take(alicia, a_course())
    link = reverse("admin:accounts_person_merge_with", args=[alice.pk, alicia.pk])
    pages = reverse("admin:accounts_person_duplicates"), reverse("admin:accounts_person_merge", args=[alice.pk])
    assert link in office.get(pages[0]).content.decode()
    assert "Nobody here has this address." in office.get(pages[1], {"email": "x@y.org"}).content.decode()
    assert office.get(pages[1], {"email": "ALICIA@example.org"})["Location"] == link
    shown = office.get(link).content.decode()
    assert ("1 round of courses completed" in shown, "1 training record<" in shown) == (True, True)
    answer = office.post(link, follow=True)
    assert said(answer) == ["alicia@example.org is now a part of alice@example.org."]
    assert ">alicia@example.org is now a part of" in answer.content.decode()
    assert "Nothing was merged." in said(office.post(link, follow=True))[0]
    merged = office.get(page(alicia)).content.decode()
    assert ("Separate them again" in merged, 'name="is_active"' in merged) == (True, False)
    assert "alicia@example.org" in office.get(page(alice)).content.decode()
    assert said(office.post(page(alicia, "separate"), follow=True)) == [
        "alicia@example.org and alice@example.org are two profiles again."
    ]
    assert LogEntry.objects.count() == 3


def test_pages_are_for_administrators_only(as_, alice, alicia, bob, carol, erin):
    pages = [page(alice, "merge"), reverse("admin:accounts_person_merge_with", args=[alice.pk, alicia.pk])]
    for person, status in ((alice, 302), (bob, 302), (carol, 403)):
        browser = as_(person)
        assert [browser.get(url).status_code for url in pages] == [status] * 2
        assert browser.post(pages[1]).status_code == browser.post(page(alicia, "separate")).status_code == status
    assert Person.objects.merged().count() == 0


def test_pages_of_nobody_are_not_found(as_, erin, alice):
    office = as_(erin)
    for url in (f"/admin/accounts/person/{'9' * 30}/merge/", f"/admin/accounts/person/{alice.pk}/merge/0/"):
        assert office.get(url).status_code == 404
    assert office.get(page(alice, "merge"), {"email": "\0"}).status_code == 200
