"""What every answer of the site carries, and what settings say without DEBUG."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/nothing/", "/healthz", "/admin/login/"])
def test_content_security_policy_is_strict(client, url):
    policy = client.get(url, follow=True)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_answers_are_not_framed_sniffed_or_referred(client):
    answer = client.get("/")
    found = (answer["X-Frame-Options"], answer["X-Content-Type-Options"], answer["Referrer-Policy"])
    assert found == ("DENY", "nosniff", "same-origin")


def test_pages_have_no_inline_script_or_style(as_, erin):
    browser = as_(erin)
    for url in ("/", "/courses/", "/scenarios/", "/accounts/", "/reports/", "/admin/", "/nothing/"):
        html = browser.get(url).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert html.count("<script") == html.count('<script type="module" src=') + html.count("<script src=")


def test_error_pages_help(client, as_, alice):
    assert "mistyped" in client.get("/nothing/").content.decode()
    browser = as_(alice)
    browser.handler.enforce_csrf_checks = True
    refused = browser.post("/accounts/logout/")
    assert (refused.status_code, "That form has expired" in refused.content.decode()) == (403, True)


def test_server_error_page_needs_nothing_that_may_be_broken(client, as_, alice, monkeypatch):
    from courses import learning

    def broken(person):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(learning, "my_training", broken)
    browser = as_(alice)
    browser.raise_request_exception = False
    answer = browser.get("/")
    assert (answer.status_code, "Something went wrong on our side" in answer.content.decode()) == (500, True)
    assert "disk is full" not in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_other_hosts_are_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


def test_health_says_only_that_it_is_well(client):
    assert client.get("/healthz").content == b"ok"


def test_settings_without_debug_are_safe(tmp_path):
    """A fresh process, as an operator would start it behind a proxy."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "ALLOWED_HOSTS": "training.example.org"}
    names = "DEBUG SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SESSION_COOKIE_HTTPONLY".split()  # noqa: SIM905
    code = f"from training import settings as s; print([getattr(s, n) for n in {names}], s.SECURE_HSTS_SECONDS > 10**7)"
    shown = subprocess.check_output([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, text=True)
    assert shown.strip() == "[False, True, True, True, True] True"
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_cookies_of_a_session_are_closed_to_scripts(client, alice):
    alice.set_password("correct horse battery")
    alice.save()
    client.post(reverse("account_login"), {"login": alice.email, "password": "correct horse battery"})
    assert (client.cookies["sessionid"]["httponly"], client.cookies["sessionid"]["samesite"]) == (True, "Lax")
