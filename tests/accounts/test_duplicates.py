"""One person who is here twice is found, by name and by address."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.duplicates import OTHER_ORDER, SAME_ADDRESS, SAME_NAME, likely, tell_apart, words
from accounts.leaving import anonymise
from accounts.models import Distinct
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
URL = "/admin/accounts/person/duplicates/"


def found():
    return [(one.people, one.reasons, one.is_strong) for one in likely()]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Zoë Müller", "zoe  MULLER", SAME_NAME),
        ("Ann-Marie O'Neil", "Ann Marie O’Neil", SAME_NAME),
        ("Ada Byron", "Byron, Ada", OTHER_ORDER),
        ("ﬁn Strauß", "Fin Strauss", SAME_NAME),
    ],
)
def test_names_are_compared_as_one_hears_them(one, other, why):
    people = tuple(sorted(PersonFactory(name=name).pk for name in (one, other)))
    ((pks, reasons, strong),) = found()
    assert (tuple(sorted(pks)), reasons, strong) == (people, (why,), False)


def test_same_address_at_another_domain_is_found_and_a_shared_one_is_not():
    one, other = (
        PersonFactory(email="ada.b@city.org", name="Ada B"),
        PersonFactory(email="Ada.B@county.org", name="Bea"),
    )
    for number in range(6):
        PersonFactory(email=f"info@{number}.org")
    assert found() == [((one.pk, other.pk), (SAME_ADDRESS,), False)]


def test_two_reasons_or_one_unit_come_first(units):
    for name in ("Ada", "Bea", "Cid"):
        for domain in ("a.org", "b.org"):
            PersonFactory(
                name=name,
                email=f"cid@{domain}" if name == "Cid" else f"{name}.{domain}@x.org",
                unit=units.north if name == "Bea" or domain == "a.org" else units.south,
            )
    assert [strong for _, _, strong in found()] == [True, True, False]


def test_nobody_is_found_by_having_no_name_or_being_anonymised():
    for _ in range(2):
        PersonFactory(name="…")
        anonymise(PersonFactory(name="Ada"))
    assert (found(), words("…")) == ([], [])


def test_queries_do_not_grow_with_people(django_assert_num_queries):
    for count in (2, 40):
        for number in range(count):
            PersonFactory(name=f"Ada {number // 2} of {count}")
        with django_assert_num_queries(2):
            assert likely()


def test_page_shows_them_in_pages(as_, erin):
    for _ in range(13):
        PersonFactory(name="Aaron A")
    for number in range(60):
        PersonFactory(name=f"Ada {number // 2}")
    first = as_(erin).get(URL)
    text = first.content.decode()
    assert ("Aaron A" in text, "and 3 more." in text, "Page 1 of 2" in text) == (True, True, True)
    assert as_(erin).get(URL, {"page": "\0"}).status_code == 200


def test_page_is_for_administrators_only(as_, alice, bob, carol, erin):
    assert [as_(person).get(URL).status_code for person in (alice, bob, carol, erin)] == [302, 302, 403, 200]
    assert URL in as_(erin).get(reverse("admin:accounts_person_changelist")).content.decode()


# Two people after all.


def apart(office, one, other):
    return office.post(reverse("admin:accounts_person_apart", args=[one.pk, other.pk]), follow=True)


def test_people_said_to_be_two_come_up_no_more_until_it_is_taken_back(as_, erin):
    one, other = PersonFactory(name="Ada B"), PersonFactory(name="Ada B")
    office = as_(erin)
    assert "These are two people" in office.get(URL).content.decode()
    apart(office, other, one)
    assert (found(), Distinct.objects.count()) == ([], 1)
    note = Distinct.objects.get()
    listed = office.get(reverse("admin:accounts_person_distinct")).content.decode()
    assert (note.said_by, one.email in listed, other.email in listed) == (erin, True, True)
    office.post(reverse("admin:accounts_person_together", args=[note.pk]))
    assert (len(found()), Distinct.objects.count()) == (1, 0)
    assert LogEntry.objects.count() == 2


def test_saying_it_twice_keeps_the_first_note(as_, alice, bob, erin, carol):
    assert (tell_apart(bob, alice, by=erin), tell_apart(alice, bob, by=carol)) == (True, False)
    assert Distinct.objects.get().said_by == erin


def test_third_of_a_name_still_comes_up(as_, erin):
    """Of three, who is neither of the others goes; the two that nobody compared stay."""
    first, second, third = (PersonFactory(name="Ada B") for _ in range(3))
    office = as_(erin)
    apart(office, first, second)
    assert [people for people, *_ in found()] == [(first.pk, second.pk, third.pk)]
    [(_, _, twos, _)] = office.get(URL).context["groups"]
    assert [{two.pk for two in both} for both in twos] == [{first.pk, third.pk}]
    apart(office, first, third)
    assert [people for people, *_ in found()] == [(second.pk, third.pk)]
    apart(office, second, third)
    assert found() == []


def test_two_people_with_one_address_before_the_at_are_apart_for_every_reason(erin):
    one, other = (PersonFactory(name="Ada B", email=f"ada@{domain}.org") for domain in "ab")
    assert found()[0][1] == (SAME_NAME, SAME_ADDRESS)
    tell_apart(one, other, by=erin)
    assert found() == []


def test_only_administrators_say_so_and_nobody_of_nobody(as_, alice, bob, carol, erin):
    url = reverse("admin:accounts_person_apart", args=[alice.pk, bob.pk])
    assert [as_(person).post(url).status_code for person in (alice, bob, carol)] == [302, 302, 403]
    tell_apart(alice, bob, by=erin)
    back = reverse("admin:accounts_person_together", args=[Distinct.objects.get().pk])
    assert [as_(person).post(back).status_code for person in (alice, bob, carol)] == [302, 302, 403]
    notes = reverse("admin:accounts_person_distinct")
    assert [as_(person).get(notes).status_code for person in (bob, carol)] == [302, 403]
    office = as_(erin)
    assert (office.get(url).status_code, office.get(back).status_code) == (405, 405)
    for one, other in ((alice.pk, alice.pk), (alice.pk, 0), ("9" * 30, alice.pk)):
        assert office.post(f"/admin/accounts/person/{one}/distinct/{other}/").status_code == 404
    assert office.post(f"/admin/accounts/person/distinct/{'9' * 30}/").status_code == 404
    assert Distinct.objects.count() == 1
