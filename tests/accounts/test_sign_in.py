"""Signing in by email."""

import pytest
from django.core import mail
from django.core.cache import caches

from accounts.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def password(alice):
    alice.set_password("correct horse battery")
    alice.save()
    return "correct horse battery"


def sign_in(client, email, password, **more):
    return client.post("/accounts/login/", {"login": email, "password": password} | more)


def test_email_in_any_case_signs_in_and_leads_to_my_training(client, password):
    assert sign_in(client, "Alice@Example.org", password)["Location"] == "/"


def test_signing_in_leads_to_where_one_wanted_to_go(client, password):
    wanted = client.get("/courses/", follow=True).redirect_chain[-1][0]
    answer = client.post(wanted, {"login": "alice@example.org", "password": password, "next": "/courses/"})
    assert answer["Location"] == "/courses/"


def test_signing_in_never_leads_to_another_site(client, password):
    assert sign_in(client, "alice@example.org", password, next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_wrong_password_and_unknown_address_look_alike(client, password, email):
    shown = sign_in(client, email, "wrong").content.decode()
    assert "That address and password do not go together." in shown


def test_person_who_left_cannot_sign_in(client, alice, password):
    Person.objects.update(is_active=False)
    sign_in(client, "alice@example.org", password)
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_are_slowed_down(client, password, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["default"].clear()
    answers = [sign_in(client, "alice@example.org", f"wrong {number}") for number in range(12)]
    last = sign_in(client, "alice@example.org", password)
    assert "_auth_user_id" not in client.session
    assert b"Too many tries" in last.content or last.status_code == 429
    assert answers[0].status_code == 200


def test_nobody_signs_up(client, db):
    assert "Accounts are given by the library" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": "correct horse battery"})
    assert Person.objects.count() == 0


def test_password_link_goes_by_mail_and_works_once(client, alice):
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "brand new horse 9", "password2": "brand new horse 9"})
    alice.refresh_from_db()
    assert alice.check_password("brand new horse 9")
    assert "brand" not in client.get(link, follow=True).content.decode()


def test_asking_for_an_unknown_address_says_no_more_than_for_a_known_one(client, alice):
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_mail_with_the_password_link_speaks_of_this_site_alone(client, alice):
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    known, unknown = mail.outbox
    assert known.subject == "Choose a new password for Library training"
    assert known.body.startswith("Hello Alice,\n")
    assert known.body.count("http://testserver/accounts/password/reset/") == 2
    assert unknown.subject == "Your address at Library training"
    assert "nobody@example.org" in unknown.body
    assert "signup" not in unknown.body


def test_link_that_no_longer_works_leads_to_a_new_one(client, alice):
    page = client.get("/accounts/password/reset/key/1-used-up/").content.decode()
    assert "This link no longer works" in page
    assert 'href="/accounts/password/reset/"' in page


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_refused_form_says_so_where_the_focus_is(client, alice, address):
    page = client.post(address, {"login": "alice@example.org", "password": "wrong", "email": "nonsense"})
    assert 'role="alert" tabindex="-1" autofocus' in page.content.decode()


def test_changed_password_leads_back_to_the_account(as_, alice, password):
    browser = as_(alice)
    new = {"oldpassword": password, "password1": "brand new horse 9", "password2": "brand new horse 9"}
    answer = browser.post("/accounts/password/change/", new, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/"
    assert "Your password is changed." in answer.content.decode()
