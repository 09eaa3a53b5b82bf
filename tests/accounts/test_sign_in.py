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
    assert "The email address and/or password you specified are not correct." in shown


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
    assert b"Too many failed" in last.content or last.status_code == 429
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
