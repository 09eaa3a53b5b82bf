"""One person who is here twice is found, by name and by address."""

import pytest
from django.urls import reverse

from accounts.duplicates import OTHER_ORDER, SAME_ADDRESS, SAME_NAME, likely, words
from accounts.leaving import anonymise
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
        with django_assert_num_queries(1):
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
