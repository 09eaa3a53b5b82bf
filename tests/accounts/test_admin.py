"""What administrators do with people and units in admin."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.authority import AUTHORS
from accounts.models import Person, Unit
from tests.admin_pages import filled_in, found_in, garbled, page, said
from tests.factories import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db
PEOPLE = "admin:accounts_person_{}"


@pytest.fixture
def office(as_, erin):
    return as_(erin)


def invite(office, units, **changes):
    who = {
        "name": "Nia New",
        "email": "Nia@Example.org",
        "job_title": "Page",
        "unit": units.north.pk,
        "send_invitation": "on",
    }
    return office.post(reverse(PEOPLE.format("add")), who | changes, follow=True)


def save(office, person, **changes):
    data = filled_in(office.get(page(person))) | changes
    return office.post(page(person), {name: value for name, value in data.items() if value is not None})


# Invitations.


@pytest.mark.django_db(transaction=True)
def test_person_is_added_by_an_invitation_and_chooses_a_password(office, units):
    response = invite(office, units)
    nia = Person.objects.get(name="Nia New")
    assert (nia.email, nia.has_usable_password(), nia.is_staff) == ("nia@example.org", False, False)
    assert "An invitation was sent to nia@example.org." in said(response)
    (message,) = mail.outbox
    link, _ = re.findall(r"http://testserver(\S+)", message.body)
    theirs = Client()
    form = theirs.get(link, follow=True)
    chosen = {"password1": "a-quiet-shelf", "password2": "a-quiet-shelf"}
    theirs.post(form.request["PATH_INFO"], chosen)
    nia.refresh_from_db()
    assert nia.check_password("a-quiet-shelf")


@pytest.mark.django_db(transaction=True)
def test_person_may_be_added_without_an_invitation(office, units):
    invite(office, units, send_invitation="")
    assert (Person.objects.filter(name="Nia New").count(), mail.outbox) == (1, [])


def test_page_for_a_new_person_asks_for_no_password(office):
    response = office.get(reverse(PEOPLE.format("add")))
    assert 'type="password"' not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_email_that_cannot_be_sent_is_told(office, units, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = invite(office, units)
    assert Person.objects.filter(name="Nia New").count() == 1
    assert any("could not be sent" in message for message in said(response))


def test_invitation_is_sent_again_by_a_post(office, alice):
    assert office.get(page(alice, "invite")).status_code == 405
    assert said(office.post(page(alice, "invite"), follow=True)) == ["An invitation was sent to alice@example.org."]
    assert len(mail.outbox) == 1


def test_nobody_who_left_is_invited(office, alice):
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    office.post(page(alice, "invite"))
    assert mail.outbox == []


def test_address_belongs_to_one_person(office, units, alice):
    response = invite(office, units, email="ALICE@example.org")
    assert "already exists" in found_in(response)


# Roles.


def roles(person):
    person = Person.objects.get(pk=person.pk)
    author = person.groups.filter(name=AUTHORS).exists()
    return (person.is_superuser, author, person.is_staff, [unit.name for unit in person.supervised_units.all()])


def test_roles_follow_what_is_ticked(office, alice, units):
    save(office, alice, author="on")
    assert roles(alice) == (False, True, True, [])
    save(office, alice, author=None, administrator="on", supervises=[units.south.pk])
    assert roles(alice) == (True, False, True, ["South Branch"])
    save(office, alice, administrator=None, supervises=[])
    assert roles(alice) == (False, False, False, [])


def test_saving_an_untouched_person_changes_nothing(office, bob, carol, erin):
    before = [roles(person) for person in (bob, carol, erin)]
    for person in (bob, carol, erin):
        assert save(office, person).status_code == 302
    assert [roles(person) for person in (bob, carol, erin)] == before


def test_last_administrator_is_kept(office, erin):
    PersonFactory(is_superuser=True, is_staff=True, is_active=False)
    assert "only administrator" in found_in(save(office, erin, administrator=None))
    assert "only administrator" in found_in(save(office, erin, is_active=None))
    assert "only administrator" in said(office.post(page(erin, "anonymise"), follow=True))[0]
    assert roles(erin)[0]


def test_administrator_may_step_down_where_there_is_another(office, erin):
    PersonFactory(is_superuser=True, is_staff=True)
    assert save(office, erin, administrator=None).status_code == 302
    assert not roles(erin)[0]


def test_page_of_a_person_shows_no_permissions(office, alice):
    content = office.get(page(alice)).content.decode()
    assert not re.findall(r'name="(user_permissions|groups|is_superuser|is_staff|password|last_login)"', content)


# Leaving.


def test_anonymise_asks_first(office, alice):
    assert "cannot be undone" in office.get(page(alice, "anonymise")).content.decode()
    assert Person.objects.get(pk=alice.pk).name == "Alice Learner"


def test_anonymise_leaves_no_name_behind(office, erin, alice):
    save(office, alice, job_title="Librarian")
    response = office.post(page(alice, "anonymise"), follow=True)
    assert said(response)[-1] == "Done. Their name, email and job title are gone from their account."
    assert Person.objects.get(pk=alice.pk).name == f"Former colleague {alice.pk}"
    assert not LogEntry.objects.filter(object_repr__contains="Alice").exists()
    assert office.get(page(alice)).status_code == 200
    assert "Alice" not in office.get(page(alice)).content.decode()


def test_anonymised_person_stays_as_they_are(office, alice):
    office.post(page(alice, "anonymise"))
    refused = [office.post(page(alice), {"name": "Back"}), office.post(page(alice, "invite"))]
    assert [response.status_code for response in refused] == [403, 403]


def test_administrator_does_not_anonymise_themselves(office, erin):
    PersonFactory(is_superuser=True, is_staff=True)
    assert said(office.post(page(erin, "anonymise"), follow=True)) == ["Ask another administrator to anonymise you."]


def test_nobody_is_deleted(office, alice):
    assert office.post(page(alice, "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    office.post(reverse(PEOPLE.format("changelist")), bulk)
    assert Person.objects.filter(pk=alice.pk).exists()


# Lists and units.


@pytest.mark.parametrize("count", [1, 8])
def test_lists_ask_the_same_queries_for_any_number(office, units, count, django_assert_num_queries):
    for person in PersonFactory.create_batch(count, unit=units.north):
        UnitFactory(parent=units.south).supervisors.add(person)
    for name, queries in (("person", 5), ("unit", 6)):
        address = reverse(f"admin:accounts_{name}_changelist")
        office.get(address)
        with django_assert_num_queries(queries):
            assert office.get(address).status_code == 200


def found(office, **filters):
    response = office.get(reverse(PEOPLE.format("changelist")), filters)
    return sorted(person.name for person in response.context["cl"].result_list)


def test_people_are_filtered_by_unit_and_role(office, units, alice, bob, carol, dave):
    assert found(office, unit=units.north.pk) == ["Alice Learner", "Bob Supervisor"]
    assert found(office, role="supervisor") == ["Bob Supervisor"]
    assert found(office, role="author") == ["Carol Author"]
    assert found(office, q="dave@") == ["Dave Stranger"]


@pytest.mark.parametrize("unit", ["x", "9" * 30, "-1", "\0", "٣"])
def test_filter_by_a_unit_that_is_none_shows_everybody(office, alice, unit):
    assert "Alice Learner" in found(office, unit=unit)


def test_units_stand_in_their_tree(office, units):
    response = office.get(reverse("admin:accounts_unit_changelist"))
    names = re.findall(r"/change/\">([^<]+)</a>", response.content.decode())
    assert names == ["City Library", "— North Branch", "— — Circulation", "— South Branch"]


def test_unit_moves_and_never_into_itself(office, units):
    data = filled_in(office.get(page(units.north)))
    assert "inside itself" in found_in(office.post(page(units.north), data | {"parent": units.circulation.pk}))
    assert office.post(page(units.north), data | {"parent": units.south.pk}).status_code == 302
    assert Unit.objects.get(pk=units.circulation.pk).path.startswith(Unit.objects.get(pk=units.south.pk).path)


def test_unit_with_people_is_not_deleted(office, units, alice):
    assert office.get(page(units.circulation, "delete")).context["protected"]


def test_garbage_in_any_field_gives_errors_and_never_a_fault(office, units, bob):
    for thing in (bob, units.north):
        data = filled_in(office.get(page(thing)))
        for field, garbage in garbled(data, "supervises", "supervisors", "administrator"):
            assert office.post(page(thing), garbage).status_code in (200, 302), field


def test_people_are_not_for_authors_nor_admin_for_supervisors(as_, carol, bob, alice):
    lists = [reverse(f"admin:accounts_{name}_changelist") for name in ("person", "unit")]
    assert [as_(carol).get(address).status_code for address in lists] == [403, 403]
    assert [as_(carol).post(page(alice, name)).status_code for name in ("invite", "anonymise")] == [403, 403]
    assert as_(bob).get(reverse("admin:index")).status_code == 302


def test_index_offers_to_an_administrator_what_administrators_do(office):
    offered = re.findall(
        r'<li><a href="/admin/(\w+/\w+)/"><strong>', office.get(reverse("admin:index")).content.decode()
    )
    assert offered[4:] == [
        "accounts/person",
        "accounts/unit",
        "courses/assignment",
        "courses/trainingrecord",
        "courses/absence",
        "courses/credit",
        "courses/delivery",
    ]
