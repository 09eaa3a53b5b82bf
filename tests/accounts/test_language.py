"""The language of the pages: the browser's, until somebody chooses; then theirs on every device."""

import pytest

pytestmark = pytest.mark.django_db


def language_of(browser, path="/", **headers):
    page = browser.get(path, **headers).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("asked", "shown"), [("es-MX,es;q=0.9", "es"), ("en-GB", "en"), ("tlh", "en"), ("\0;q=x", "en")]
)
def test_page_speaks_as_the_browser_asks(client, asked, shown):
    assert language_of(client, headers={"accept-language": asked}) == shown


def test_choice_is_kept_with_the_person_and_leads_back(as_, alice):
    answer = as_(alice).post("/accounts/language/", {"language": "es", "next": "/courses/"})
    assert (answer.status_code, answer["Location"]) == (302, "/courses/")
    assert language_of(as_(alice), "/courses/") == "es"
    as_(alice).post("/accounts/language/", {"language": "en"})
    assert language_of(as_(alice), headers={"accept-language": "es"}) == "en"


def test_choice_of_somebody_not_signed_in_is_kept_in_their_browser(client):
    client.post("/accounts/language/", {"language": "es"})
    assert language_of(client, "/accounts/login/") == "es"


@pytest.mark.parametrize(
    "data", [{}, {"language": "xx"}, {"language": "\0"}, {"language": "es", "next": "//evil.example"}]
)
def test_nonsense_changes_nothing_and_leads_nowhere_else(as_, dave, data):
    answer = as_(dave).post("/accounts/language/", data)
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")
    dave.refresh_from_db()
    assert dave.language == ("es" if data.get("next") else "")
