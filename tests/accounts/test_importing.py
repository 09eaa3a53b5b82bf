"""A roster comes in: whole or not at all, and the same file twice changes nothing."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.importing import Options, Refused, announce, import_roster, rehearse
from accounts.models import Person, Unit
from accounts.roster import LARGEST, read_roster
from courses.models import Assignment, Enrolment
from tests.admin_pages import said
from tests.factories import CourseFactory, PersonFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 3)
HEADER = "email,name,job title,unit,hired on,left\n"


def do(text, *, by=None, **options):
    content = text if isinstance(text, bytes) else text.encode()
    plan = import_roster(content, Options(**options), today=TODAY, by=by)
    assert list(announce(plan))[-1:] == ([len(plan.changed)] if plan.changed else [])
    return plan


def plan_of(text, **options):
    return rehearse(text.encode(), Options(**options), today=TODAY)


def faults(text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return [(fault.line, fault.message) for fault in rehearse(content, Options(**options), today=TODAY).faults]


def who(email):
    person = Person.objects.get(email=email)
    return (person.name, person.job_title, str(person.unit or ""), person.hired_on, person.is_active)


# What a file does.


def test_person_who_is_new_joins_without_a_password(units):
    do(HEADER + "Nia@Example.org,Nia New,Page,City Library > North Branch,2026-04-01,\n")
    assert who("nia@example.org") == ("Nia New", "Page", "North Branch", datetime.date(2026, 4, 1), True)
    assert not Person.objects.get().has_usable_password()


def test_person_who_is_known_moves_and_is_renamed(alice, units):
    plan = do("email,unit,name\nalice@example.org,south branch,Alice Married\n")
    assert who("alice@example.org")[:3] == ("Alice Married", "Library assistant", "South Branch")
    assert plan.in_words == "1 moves, 1 with another name, job title or first day, 0 unchanged"


def test_empty_cell_and_missing_column_leave_what_is_there(alice):
    before = who("alice@example.org")
    assert do("EMAIL;Job Title;Unit\nALICE@example.org;;\n").in_words == "1 unchanged"
    assert who("alice@example.org") == before


def test_who_left_is_not_asked_any_more_and_who_is_back_is(alice, units):
    Assignment.objects.create(course=CourseFactory(), unit=units.system, due="none")
    do(HEADER + "alice@example.org,,,,,yes\n")
    assert (who("alice@example.org")[-1], Enrolment.objects.count()) == (False, 0)
    assert do(HEADER + "alice@example.org,,,,,\n").in_words == "1 comes back, 0 unchanged"
    assert (who("alice@example.org")[-1], Enrolment.objects.get().person) == (True, alice)


@pytest.mark.parametrize(
    ("said", "works"), [("no", True), ("", True), ("X", False), ("2026-05-03", False), ("2026-05-04", True)]
)
def test_left_is_yes_no_or_a_day(alice, said, works):
    do(HEADER + f"alice@example.org,,,,,{said}\n")
    assert Person.objects.get().is_active is works


def test_who_is_not_in_the_file_stays_unless_it_is_ticked(alice, dave):
    do("email\nalice@example.org\n")
    assert who("dave@example.org")[-1]
    do("email\nalice@example.org\n", leavers=True)
    assert (who("alice@example.org")[-1], who("dave@example.org")[-1]) == (True, False)


def test_who_imports_and_the_last_administrator_never_leave(alice, erin):
    plan = do("email\nalice@example.org\n", leavers=True)
    assert ([known.name for known in plan.stay], who("erin@example.org")[-1]) == (["Erin Admin"], True)
    second = PersonFactory(is_superuser=True)
    plan = do(HEADER + f"erin@example.org,,,,,yes\n{second.email},,,,,yes\n", by=second)
    assert (who("erin@example.org")[-1], who(second.email)[-1]) == (False, True)


def test_same_file_twice_changes_nothing(alice, units):
    text = HEADER + "alice@example.org,Alice L.,Page,South Branch,2020-02-29,\nnia@example.org,Nia,,New Wing,,\n"
    do(text, leavers=True, make_units=True)
    before = list(Person.objects.order_by("pk").values()), list(Unit.objects.values())
    again = do(text, leavers=True, make_units=True)
    assert (again.is_empty, again.in_words) == (True, "2 unchanged")
    assert before == (list(Person.objects.order_by("pk").values()), list(Unit.objects.values()))


def test_who_joins_and_moves_is_asked_by_the_rules_of_the_unit(alice, units):
    Assignment.objects.create(course=CourseFactory(), unit=units.south, due="none")
    do("email,name,unit\nnia@example.org,Nia,South Branch\nalice@example.org,,South Branch\n")
    assert sorted(Enrolment.objects.values_list("person__email", flat=True)) == ["alice@example.org", "nia@example.org"]


# Units.


def test_unit_is_its_path_or_any_end_of_it_that_is_unique(units):
    for number, unit in enumerate(
        ("Circulation", "north branch > CIRCULATION", "City Library>North Branch>Circulation")
    ):
        do(f"email,name,unit\np{number}@example.org,P,{unit}\n")
    assert units.circulation.people.count() == 3


def test_unit_that_is_unclear_or_unknown_is_a_fault(units):
    Unit.objects.create(name="Circulation", parent=units.south)
    found = faults("email,name,unit\na@b.org,A,Circulation\nc@b.org,C,Nowhere\nd@b.org,D,A > > B\n")
    assert [line for line, _ in found] == [2, 3, 4]
    assert "Write the whole path, such as City Library > North Branch > Circulation." in found[0][1]
    assert "tick “Make units that do not exist”" in found[1][1]


def test_units_are_made_where_that_is_ticked_once_each(units):
    text = "email,name,unit\na@b.org,A,North Branch > Teens > Games\nb@b.org,B,City Library > North Branch > teens\n"
    assert do(text, make_units=True).in_words == "2 units made, 2 join, 0 unchanged"
    made = Unit.objects.get(name="Games")
    assert (made.parent.name, made.parent.parent) == ("Teens", units.north)
    assert made.path == f"{made.parent.path}{made.pk}/"


# Files.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_file_is_read_as_any_spreadsheet_writes_it(encoding, delimiter, ending):
    text = ending.join([delimiter.join(["Name", "E-Mail"]), delimiter.join(["Zoë Müller", "z@b.org"]), ""])
    (row,) = read_roster(text.encode(encoding), today=TODAY).rows
    assert (row.line, row.name, row.email) == (2, "Zoë Müller", "z@b.org")


def test_columns_that_nobody_knows_are_named_and_left(db):
    roster = read_roster(b"email,Locker,name\na@b.org,12,A\n", today=TODAY)
    assert (roster.unused, roster.rows[0].name) == (["Locker"], "A")


def test_line_is_where_the_row_begins():
    text = 'email,name\n\n"a@b.org","Two\nlines"\nnobody,X\n'
    roster = read_roster(text.encode(), today=TODAY)
    assert ([(row.line, row.name) for row in roster.rows], roster.faults[0].line) == ([(3, "Two lines")], 5)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A@b.org,A,,,,", "a@b.org is in line 2 as well"),
        (",A,,,,", "There is no email address"),
        ("nobody,A,,,,", "“nobody” is not an email address"),
        ("c@b.org,C,,,31.01.2026,", "is no date that we know"),
        ("c@b.org,C,,,2026-02-30,", "is no date that we know"),
        ("c@b.org,C,,,0001-01-01,", "is no date that we know"),
        ("c@b.org,C,,,٢٠٢٦-٠١-٠١,", "is no date that we know"),
        ("c@b.org,C,,,,perhaps", "does not say whether they left"),
        ("c@b.org,C,,,,,more", "more cells than columns (7, not 6)"),
        ("c@b.org,,,,,", "is new here, and has no name"),
        (f"c@b.org,{'C' * 151},,,,", "longer than 150 characters"),
        ("c@b.org,C\x07,,,,", "cannot be shown"),
    ],
)
def test_fault_names_its_line_and_nothing_is_written(db, row, message):
    text = HEADER + "a@b.org,A,,,,\n" + row + "\n"
    ((line, found),) = faults(text)
    assert (line, message in found) == (3, True), found
    with pytest.raises(Refused):
        do(text)
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "This file is empty"),
        (b" \n\n", 0, "This file is empty"),
        (b"\xef\xbb\xbf", 0, "This file is empty"),
        (b",,\n", 1, "has to be “email”"),
        (b"email\n", 0, "only names of columns"),
        (b"name\nAlice\n", 1, "has to be “email”"),
        (b"email,mail\na@b.org,a@b.org\n", 1, "Two columns are for “email”"),
        (b"email\na@b.org\nb\0@b.org\n", 3, "NUL byte"),
        (b"\x89PNG\r\n\x1a\n\x81", 0, "not a text file"),
        (b"PK\x03\x04rest", 0, "a spreadsheet or an archive"),
        (b'email,name\na@b.org,"never closed\n', 2, "quotation mark"),
        (b'email,name\na@b.org,"a"b\n', 2, "quotation mark"),
        (b"email\n" + b"x" * 200_000, 2, ""),
        (b"\xff\xfe\x00", 0, "not a text file"),
        (b"email" + b" " * LARGEST, 0, "larger than 30 MB"),
    ],
)
def test_file_that_is_none_is_refused_in_words(db, content, line, message):
    found = faults(content)
    assert (found[0][0], message in found[0][1]) == (line, True), found


@pytest.mark.django_db(transaction=False)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='email,;\t\n\r"@a.b>0 \0é', max_size=120).map(str.encode)))
def test_no_file_at_all_is_too_much(db, content):
    for beginning in (b"", HEADER.encode()):
        rehearse(beginning + content, Options(leavers=True, make_units=True), today=TODAY)


def test_queries_do_not_grow_with_the_rows(django_assert_num_queries, units, alice):
    for count in (10, 1000):
        rows = "".join(f"p{number}@example.org,P,North Branch\n" for number in range(count))
        with django_assert_num_queries(4):
            assert plan_of("email,name,unit\n" + rows).faults == []


def test_writing_is_done_in_batches(django_assert_max_num_queries, units):
    rows = [f"p{number}@example.org,P {number},North Branch\n" for number in range(1000)]
    with django_assert_max_num_queries(45):
        do("email,name,unit\n" + "".join(rows))
    with django_assert_max_num_queries(60):
        do("email,name,unit\n" + "".join(rows).replace("North", "South"))
    assert units.south.people.count() == 1000


def test_what_changed_meanwhile_is_not_written(alice, units):
    plan = plan_of("email,unit\nalice@example.org,South Branch\n")
    Person.objects.update(name="Alice Else")
    with pytest.raises(Refused, match="meanwhile"):
        import_roster(b"email,unit\nalice@example.org,South Branch\n", Options(), today=TODAY, expected=plan.digest)
    assert who("alice@example.org")[2] == "Circulation"


# The page.


@pytest.fixture
def office(as_, erin, settings):
    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in settings.CACHES}
    return as_(erin)


URL = "/admin/accounts/person/roster/"


def upload(browser, text, **more):
    file = StringIO(text) if isinstance(text, str) else text
    file.name = "roster.csv"
    return browser.post(URL, {"file": file, **more})


def go_on(browser, response):
    return browser.post(URL, {"rehearsed": response.context["token"]}, follow=True)


def test_page_rehearses_and_then_imports(office, alice, units):
    response = upload(office, "email,name,unit\nalice@example.org,,South Branch\nnia@b.org,Nia,South Branch\n")
    assert [kind.title for kind in response.context["kinds"]] == ["People who join", "People who move"]
    assert "City Library &gt; North Branch &gt; Circulation" in response.content.decode()
    assert Person.objects.filter(unit=units.south).count() == 0
    assert said(go_on(office, response)) == ["Imported roster.csv: 1 joins, 1 moves, 0 unchanged."]
    assert Person.objects.filter(unit=units.south).count() == 2


def test_page_shows_two_hundred_and_says_how_many_more(office):
    response = upload(office, "email,name\n" + "".join(f"p{n}@b.org,P\n" for n in range(203)))
    assert (len(response.context["kinds"][0].cells), "and 3 more." in response.content.decode()) == (200, True)
    response = upload(office, "email,name\n" + "nobody,P\n" * 203)
    assert (len(response.context["faults"]), "and 3 more." in response.content.decode()) == (200, True)


def test_page_of_a_large_roster_grows_while_it_works(office, units):
    Assignment.objects.create(course=CourseFactory(), unit=units.south, due="none")
    response = upload(office, "email,name,unit\n" + "".join(f"p{n}@b.org,P,South Branch\n" for n in range(2001)))
    done = office.post(URL, {"rehearsed": response.context["token"]})
    assert (done.streaming, Enrolment.objects.count()) == (True, 0)
    text = b"".join(done.streaming_content).decode()
    assert Enrolment.objects.count() == 2001
    assert [f"{n} of 2,001 people" in text for n in ("1,000", "2,000", "2,001")] == [True] * 3
    assert text.rstrip().endswith("</html>")


def test_page_shows_again_what_changed_meanwhile(office, alice):
    response = upload(office, "email,name\nalice@example.org,Alice New\n")
    Person.objects.filter(pk=alice.pk).update(name="Alice Else")
    again = go_on(office, response)
    assert "Nothing was imported." in said(again)[0]
    assert who("alice@example.org")[0] == "Alice Else"
    go_on(office, again)
    assert who("alice@example.org")[0] == "Alice New"


def test_page_goes_on_once_and_only_for_whoever_rehearsed(office, as_, units):
    response = upload(office, "email,name\nnia@b.org,Nia\n")
    other = as_(PersonFactory(is_staff=True, is_superuser=True))
    assert "Nothing was imported" in said(go_on(other, response))[0]
    go_on(office, response)
    assert "Nothing was imported" in said(go_on(office, response))[0]
    assert Person.objects.filter(email="nia@b.org").count() == 1


@pytest.mark.parametrize("posted", [{}, {"file": "text"}, {"rehearsed": "x" * 5000}, {"rehearsed": "\0"}])
def test_page_answers_garbage_in_words(office, posted):
    assert office.post(URL, posted, follow=True).status_code == 200


def test_page_is_for_administrators_only(as_, office, alice, bob, carol):
    assert URL in office.get(reverse("admin:accounts_person_changelist")).content.decode()
    assert [as_(person).get(URL).status_code for person in (alice, bob, carol)] == [302, 302, 403]
    assert upload(as_(carol), "email,name\nnia@b.org,Nia\n").status_code == 403


def test_who_joined_gets_a_link_for_a_password(client, mailoutbox, db):
    do("email,name\nnia@b.org,Nia\n")
    client.post(reverse("account_reset_password"), {"email": "nia@b.org"})
    assert [message.to for message in mailoutbox] == [["nia@b.org"]]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


# The command.


def run(tmp_path, text, *arguments):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    out = StringIO()
    call_command("import_roster", str(path), *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_command_rehearses_imports_and_names_faults(tmp_path, alice, erin):
    text = "email,name,unit\nalice@example.org,Alice,New Wing\n"
    with pytest.raises(CommandError, match="1 fault"):
        run(tmp_path, text)
    assert run(tmp_path, text, "--make-units", "--dry-run").startswith("This would be: 1 unit made, 1 moves")
    assert who("alice@example.org")[0] == "Alice Learner"
    assert "Erin Admin stays" in run(tmp_path, text, "--make-units", "--leavers")
    assert who("alice@example.org")[:3] == ("Alice", "Library assistant", "New Wing")


def test_command_says_which_file_cannot_be_read(db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_roster", "/nowhere.csv")
