"""Some weeks after a course: did you use it? And records whose retention ended."""

import csv
import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from courses.correcting import correct
from courses.models import Correction, TrainingRecord, Use
from courses.retiring import ended, remove, write
from tests.courses.test_assigning import a_short_course
from tests.courses.test_register import record
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def asked(browser):
    return [ask.key for ask in browser.get("/").context["mine"].asks if ask.kind == "use"]


@pytest.mark.parametrize(("ago", "is_asked"), [(74, False), (76, True), (179, True), (181, False)])
def test_it_is_asked_two_to_six_months_later(as_, alice, ago, is_asked):
    made = record(alice, ago=ago)
    assert asked(as_(alice)) == ([str(made.pk)] if is_asked else [])


def test_answer_is_kept_once_and_not_asked_again(as_, alice):
    made, browser = record(alice, ago=80), as_(alice)
    address = reverse("courses:used", args=[made.pk])
    assert "Welcome" in browser.get(address).content.decode()
    for answer in ("helped", "forgot"):
        assert browser.post(address, {"answer": answer}).url == "/"
    assert (Use.objects.get().answer, asked(browser)) == ("helped", [])


@pytest.mark.parametrize("answer", ["", "maybe", "\0", "x" * 9999])
def test_no_answer_is_asked_for_again(as_, alice, answer):
    made = record(alice, ago=80)
    response = as_(alice).post(reverse("courses:used", args=[made.pk]), {"answer": answer})
    assert (response.status_code, Use.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", ["bob", "dave", "erin"])
def test_nobody_answers_for_another(as_, request, alice, role):
    made = record(alice, ago=80)
    browser = as_(request.getfixturevalue(role))
    assert browser.post(reverse("courses:used", args=[made.pk]), {"answer": "helped"}).status_code == 404
    assert Use.objects.count() == 0


@pytest.mark.parametrize(("people", "shown"), [(4, []), (5, [5, 0, 0, 0])])
def test_figure_is_shown_of_a_group_only(as_, bob, units, people, shown):
    course = a_short_course(title="Welcome", slug="welcome")
    for _ in range(people):
        person = PersonFactory(unit=units.north)
        Use.objects.create(record=record(person), person=person, answer="helped", answered_at=timezone.now())
    context = as_(bob).get(reverse("courses:course-report", args=[course.slug])).context
    assert [count for _, count in context["uses"]] == shown


# Retention.


def retire(path, *options):
    call_command("retire_records", str(path), *options, verbosity=0, stdout=io.StringIO())


@pytest.fixture
def old(alice, settings):
    settings.RECORDS_KEPT_YEARS = 7
    record(alice, ago=100)
    return record(alice, ago=9 * 366, name="=HYPERLINK(1)")


def test_what_is_kept_no_longer_is_written_to_a_file_and_stays(old, tmp_path):
    retire(tmp_path / "old.csv")
    rows = list(csv.DictReader((tmp_path / "old.csv").open(encoding="utf-8-sig", newline="")))
    assert [(row["code"], row["name"], row["contents"]) for row in rows] == [(old.code, "'=HYPERLINK(1)", "First")]
    assert TrainingRecord.objects.count() == 2


def test_told_to_it_takes_them_away_with_what_names_them(old, tmp_path, alice, erin):
    Use.objects.create(record=old, person=alice, answer="helped", answered_at=timezone.now())
    new = correct(old, by=erin, note="x", minutes=1)
    retire(tmp_path / "old.csv", "--remove")
    assert not TrainingRecord.objects.filter(pk__in=[old.pk, new.pk]).exists()
    assert (TrainingRecord.objects.count(), Correction.objects.count(), Use.objects.count()) == (1, 0, 0)


def completed(person, years, **more):
    at = timezone.now() - datetime.timedelta(days=366 * years)
    return record(person, started_at=at - datetime.timedelta(days=366 * 20), completed_at=at, **more)


@pytest.mark.parametrize(
    ("years", "gone"),
    [
        ((9, 9), True),
        ((9, 1), False),  # the correction is kept, and says what it corrects
        ((1, 9), False),  # else the wrong record would stand again
        ((1, 9, 9, 9), False),
        ((9, 1, 9, 9), False),
        ((9, 9, 9, 9), True),
    ],
)
def test_record_and_its_corrections_go_together(alice, erin, years, gone):
    made = [completed(alice, years[0])]
    for number, later in enumerate(years[1:]):
        at = timezone.now() - datetime.timedelta(days=366 * later)
        made.append(correct(made[-1], by=erin, note="x", completed_at=at, minutes=number))
    standing = set(TrainingRecord.objects.standing())
    removed = remove(ended(timezone.now(), 7))
    assert removed == (len(years) if gone else 0)
    assert set(TrainingRecord.objects.standing()) == (set() if gone else standing)


def test_nothing_is_removed_that_was_not_written(old, alice, erin, tmp_path):
    """Somebody corrects a record to an old day between the writing and the removing."""
    ids = ended(timezone.now(), 7)
    late = completed(alice, 12)
    with (tmp_path / "old.csv").open("w") as file:
        assert (write(ids, file), remove(ids)) == (1, 1)
    assert TrainingRecord.objects.filter(pk=late.pk).exists()


def test_file_is_for_its_owner_only(old, tmp_path):
    retire(tmp_path / "old.csv")
    assert (tmp_path / "old.csv").stat().st_mode & 0o777 == 0o600


def test_absurd_number_of_years_is_refused(old, tmp_path, settings):
    settings.RECORDS_KEPT_YEARS = 9999
    with pytest.raises(CommandError, match="write 1000 at most"):
        retire(tmp_path / "old.csv", "--remove")


def test_without_a_setting_every_record_is_kept(old, tmp_path, settings):
    settings.RECORDS_KEPT_YEARS = 0
    with pytest.raises(CommandError, match="kept for ever"):
        retire(tmp_path / "old.csv", "--remove")
    assert TrainingRecord.objects.count() == 2


@pytest.mark.parametrize("place", ["there.csv", "no/such/folder.csv"])
def test_file_that_cannot_be_written_removes_nothing(old, tmp_path, place):
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(CommandError, match="Nothing was removed"):
        retire(tmp_path / place, "--remove")
    assert ((tmp_path / "there.csv").read_text(), TrainingRecord.objects.count()) == ("mine", 2)


def test_leap_day_ends_like_any_other(alice):
    now = datetime.datetime(2028, 2, 29, 12, tzinfo=datetime.UTC)
    assert list(ended(now, 7)) == []
