"""Policies and skills in several languages: a value changed once is right in all of them."""

import re

import pytest
from django.urls import reverse

from scenarios.drafting import new_draft
from scenarios.examining import examine
from scenarios.models import Policy, PolicyValue, Scenario, Skill, SkillTranslation
from scenarios.publishing import publish
from tests.admin_pages import filled_in, found_in, none_of, page
from tests.factories import PolicyFactory, PolicyValueFactory, SkillFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def multas(db):
    """The fines in Spanish; the original says “$25 or more”."""
    PolicyValueFactory(default="$25 or more")
    policy = PolicyFactory(slug="multas", title="Multas", language="es", translates="fines")
    PolicyValueFactory(policy=policy, default="$25 o más", of="$25 or more")
    return policy


def quoted():
    return PolicyValue.objects.quotable()["multas.block-at"]


def test_translation_speaks_while_the_original_says_what_it_translates(multas):
    assert quoted() == "$25 o más"
    PolicyValue.objects.filter(policy__slug="fines").update(value="$40 or more")
    assert quoted() == "$40 or more"
    PolicyValue.objects.filter(policy=multas).update(value="$40 o más", of="$40 or more")
    assert quoted() == "$40 o más"
    PolicyValue.objects.filter(policy__slug="fines").update(value="")
    assert quoted() == "$25 or more"


def test_translation_may_have_a_value_of_its_own(multas):
    PolicyValueFactory(policy=multas, key="telefono", default="ext. 12")
    assert PolicyValue.objects.quotable()["multas.telefono"] == "ext. 12"


def test_values_are_one_query_in_any_number_of_languages(multas, django_assert_num_queries):
    with django_assert_num_queries(1):
        PolicyValue.objects.quotable()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"value": "desde $40"}, "$40 or more"),
        ({"default": "desde $40"}, "$40 or more"),
        ({"label": "Se bloquea"}, "$25 or more"),
        ({"value": "desde $40", "of": "$30 or more"}, "$30 or more"),
    ],
)
def test_admin_notes_what_a_translation_translates(multas, as_, carol, said, kept):
    PolicyValue.objects.filter(policy__slug="fines").update(value="$40 or more")
    browser = as_(carol)
    data = filled_in(browser.get(page(multas))) | {f"values-0-{name}": text for name, text in said.items()}
    assert browser.post(page(multas), data).status_code == 302
    assert PolicyValue.objects.get(policy=multas).of == kept


def test_emptying_a_value_goes_back_to_the_default_and_its_words(multas, as_, carol):
    PolicyValue.objects.filter(policy=multas).update(value="$40 o más", of="$40 or more")
    browser = as_(carol)
    data = filled_in(browser.get(page(multas))) | {"values-0-value": ""}
    browser.post(page(multas), data)
    assert quoted() == "$25 o más"


def test_policy_lists_its_translations(multas, as_, carol):
    content = as_(carol).get(page(Policy.objects.get(slug="fines"))).content.decode()
    assert f'Translation: <a href="{page(multas)}">Multas</a>' in content


def test_translation_names_what_is_to_be_translated_again(multas, as_, carol):
    browser = as_(carol)
    assert "Nothing: every value says what the original says." in browser.get(page(multas)).content.decode()
    PolicyValue.objects.filter(policy__slug="fines").update(value="$40 & more")
    assert "<li>A card is blocked at: “$40 &amp; more”</li>" in browser.get(page(multas)).content.decode()


def test_language_that_is_none_is_refused(as_, carol):
    data = {"title": "Multas", "purpose": "p", "text": "t", "language": "Spanish!"} | none_of("values")
    response = as_(carol).post(reverse("admin:scenarios_policy_add"), data)
    assert "Write the language&#x27;s code, such as “en”." in found_in(response)
    assert not Policy.objects.exists()


@pytest.mark.parametrize(("language", "found"), [("en", {"fines"}), ("es", {"fines", "multas"})])
def test_literal_values_are_looked_for_in_the_language_of_the_text(multas, language, found):
    PolicyValue.objects.update(default="$25", of="$25")
    document = a_scenario("caja", language=language, introduction="Son $25.").current.document
    told = [finding.text for finding in examine(document).findings if finding.code == "literal-value"]
    assert {policy for policy in ("fines", "multas") if any(f"{{{policy}." in line for line in told)} == found


def test_edition_keeps_the_names_of_skills_in_its_own_language(db):
    SkillTranslation.objects.create(skill=SkillFactory(), language="es", name="Límites claros", description="Qué pasa.")
    SkillFactory(slug="recovery", name="Recovery")
    names = publish(a_scenario("mostrador", language="es"), by=None).names["skills"]
    assert names == {"clear-limits": "Límites claros", "recovery": "Recovery"}
    assert Skill.objects.names_in("en-us") == {"clear-limits": "Clear limits", "recovery": "Recovery"}
    assert Scenario.objects.get().language == "es"


def test_author_says_what_a_skill_is_called_in_another_language(as_, carol):
    skill = SkillFactory()
    browser = as_(carol)
    data = filled_in(browser.get(page(skill))) | none_of("translations") | {"translations-TOTAL_FORMS": 1}
    said = {"language": "es", "name": "Límites claros", "description": "Dice lo que va a pasar."}
    data |= {f"translations-0-{name}": text for name, text in said.items()}
    assert browser.post(page(skill), data).status_code == 302
    assert Skill.objects.names_in("es-mx") == {"clear-limits": "Límites claros"}


def offered(browser, address):
    return set(re.findall(r'name="policies" value="\d+"[^>]*>\s*([^<]+?)\s*<', browser.get(address).content.decode()))


def test_author_is_offered_each_policy_once_in_the_language_of_the_scenario(as_, carol):
    Policy.objects.create(slug="fines", title="Fines", purpose="p", text="t")
    Policy.objects.create(slug="multas", title="Multas", purpose="p", text="t", language="es", translates="fines")
    Policy.objects.create(slug="noise", title="Noise", purpose="p", text="t")
    spanish, english = new_draft(a_document("mostrador")), new_draft(a_document("desk"))
    spanish.language = "es"
    spanish.save()
    english.policies.add(Policy.objects.get(slug="multas"))
    found = [offered(as_(carol), page(scenario)) for scenario in (spanish, english)]
    ours = {"Multas", "Noise", "Fines"}
    assert [titles & ours for titles in found] == [{"Multas", "Noise"}, {"Fines", "Noise", "Multas"}]
