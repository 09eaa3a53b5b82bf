"""Spanish, the site's second language: whole, compiled, and spoken to whoever chose it."""

import datetime
import gettext
import re
from ast import literal_eval

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.inviting import invite
from courses import assigning
from courses.models import Assignment, Enrolment
from courses.nudging import nudge
from courses.reminding import remind
from scenarios import playing
from scenarios.drafting import document_of, new_draft
from scenarios.examining import examine, in_words
from scenarios.models import Attempt, Scene
from tests.admin_pages import page
from tests.factories import EnrolmentFactory, a_course, a_document, a_scenario

SOON = timezone.localdate() + datetime.timedelta(days=5)
FOLDER = settings.BASE_DIR / "training" / "locale" / "es" / "LC_MESSAGES"


def entries():
    """Each message of the catalogue: its context, its words and its translations, as they are written."""
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]:
        said = re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', block, re.M)
        yield {key: "".join(map(literal_eval, text.split("\n") if "\n" in text else [text])) if text.strip() else ""
               for key, text in ((key, text.strip()) for key, text in said)}  # fmt: skip


def test_every_message_has_its_spanish_with_the_same_names_in_it():
    named = re.compile(r"%\(\w+\)s|\{\w+\}")
    for entry in entries():
        told = {key: text for key, text in entry.items() if key.startswith("msgstr")}
        assert told
        assert all(told.values()), entry
        wanted = set(named.findall(entry["msgid"])) | set(named.findall(entry.get("msgid_plural", "")))
        assert all(set(named.findall(text)) <= wanted for text in told.values()), entry
        if "msgid_plural" not in entry:
            assert set(named.findall(told["msgstr"])) == wanted, entry


def test_compiled_catalogue_says_what_the_written_one_says():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries():
        if "msgid_plural" in entry:
            assert compiled.ngettext(entry["msgid"], entry["msgid_plural"], 1) == entry["msgstr[0]"]
        elif "msgctxt" in entry:
            assert compiled.pgettext(entry["msgctxt"], entry["msgid"]) == entry["msgstr"]
        else:
            assert compiled.gettext(entry["msgid"]) == entry["msgstr"], "run: make messages"


@pytest.fixture
def spanish(db):
    def choose(person):
        person.language = "es"
        person.save(update_fields=["language"])
        return person

    return choose


def test_learner_reads_the_pages_in_the_language_that_they_chose(spanish, as_, alice):
    EnrolmentFactory(person=spanish(alice), course=a_course())
    shown = as_(alice).get("/").content.decode()
    assert [words in shown for words in ('<html lang="es">', "Mi formación", "Empieza aquí", "Cerrar sesión")] == [
        True
    ] * 4
    assert "Start here" not in shown


def test_play_speaks_spanish_around_words_in_their_own_language(spanish, as_, alice):
    a_scenario("desk")
    browser = as_(spanish(alice))
    browser.post("/scenarios/desk/", {"mode": "practice"})
    shown = browser.get(f"/attempts/{Attempt.objects.get().pk}/").content.decode()
    assert ["¿Qué dices o haces?" in shown, "Tensión:" in shown, '<h1 id="scene" lang="en">' in shown] == [True] * 3


def test_debrief_and_report_say_what_came_of_it_in_the_language_of_their_reader(spanish, as_, alice, bob):
    attempt = playing.start(spanish(alice), a_scenario("desk"), mode="recorded")
    for sequence, choice in enumerate(("listen", "agree"), 1):
        playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    debrief = as_(alice).get(reverse("scenarios:debrief", args=[attempt.pk])).content.decode()
    assert ["Tensión 4 → 2" in debrief, "Tension" in debrief] == [True, False]
    report = as_(spanish(bob)).get("/reports/scenarios/desk/").content.decode()
    assert [">Resuelto<" in report, ">Resolved<" in report] == [True, False]


def test_supervisor_finds_reports_and_their_downloads_in_spanish(spanish, as_, alice, bob):
    EnrolmentFactory(person=alice, course=a_course())
    browser = as_(spanish(bob))
    shown = browser.get("/reports/").content.decode()
    assert ["Lo que hay que hacer" in shown, "What needs doing" in shown] == [True, False]
    lines = b"".join(browser.get("/reports/?format=csv").streaming_content).decode("utf-8-sig")
    assert lines.startswith("Persona,Puesto,Unidad,Curso,Estado")


def test_everybody_else_is_spoken_to_as_their_browser_asks(client, db):
    assert "Te damos la bienvenida" in client.get("/", headers={"accept-language": "es-MX"}).content.decode()
    assert "Welcome" in client.get("/", headers={"accept-language": "fr"}).content.decode()


def test_due_date_explains_itself_in_the_language_of_each_reader(spanish, as_, alice, bob):
    assigning.enrol(Assignment.objects.create(course=a_course(), person=spanish(alice), due="date", due_on=SOON))
    mine, theirs = (
        as_(reader).get(where).content.decode()
        for reader, where in ((alice, "/"), (bob, f"/reports/people/{alice.pk}/"))
    )
    day = SOON.day
    assert f"Fecha límite: {day} de " in mine
    assert [f"Due {day} " in shown for shown in (mine, theirs)] == [False, True]


def test_mail_is_in_the_language_that_its_reader_chose(spanish, as_, alice, bob, mailoutbox):
    course = a_course(title="Bienvenida")
    assigning.enrol(Assignment.objects.create(course=course, person=spanish(alice), due="date", due_on=SOON))
    enrolment = Enrolment.objects.get()
    remind(timezone.now())
    with override("en"):
        nudge(bob, [enrolment.pk], timezone.now())
    assert [message.subject for message in mailoutbox] == [
        "“Bienvenida” vence pronto",
        f"{bob.name} te pide que sigas con “Bienvenida”",
    ]
    english = ("Hello", "You can stop", "Due ", "Hola", "Puedes parar", "Fecha límite")
    assert [[words in message.body for words in english] for message in mailoutbox] == [[False] * 3 + [True] * 3] * 2


def test_invitation_is_in_the_language_of_the_person_invited(spanish, alice, rf, mailoutbox):
    invite(spanish(alice), rf.get("/"))
    assert mailoutbox[0].subject == "Tu cuenta para la formación de la biblioteca"
    assert "Elige tu contraseña aquí" in mailoutbox[0].body


def test_author_reads_in_spanish_what_the_check_finds(spanish, as_, carol):
    scenario = new_draft(a_document("desk"))
    Scene.objects.filter(scenario=scenario, key="heated").delete()
    findings = examine(document_of(scenario)).findings
    with override("es"):
        told = [in_words(finding) for finding in findings]
    assert [words for words, finding in zip(told, findings, strict=True) if words == finding.text] == []
    shown = as_(spanish(carol)).get(page(scenario)).context["overview"]
    assert [found.message for found in (*shown.mistakes, *shown.advice)] == told
    assert any("todavía no lleva a ninguna parte" in words for words in told)


def test_author_reads_in_spanish_what_became_of_a_story_from_elsewhere(spanish, as_, carol):
    twee = SimpleUploadedFile("gate.twee", b":: Start\n<<nonsense>> [[Go on->Nowhere]]\n")
    shown = as_(spanish(carol)).post(reverse("admin:scenarios_scenario_import"), {"file": twee})
    [rehearsed] = shown.context["rehearsed"]
    told = [f"{remark.place}: {remark.message}" for remark in rehearsed.story.remarks]
    assert "pasaje “Start”: <<nonsense>>: Esta macro no se conoce aquí; quedó fuera." in told
    assert "pasaje “Start”: “Go on” lleva a “Nowhere”, que no está en el archivo. Elige a dónde lleva." in told
    assert [words for words in told if not words.startswith(("pasaje", "el archivo"))] == []


def test_what_django_says_of_a_password_is_in_our_voice(spanish, as_, alice):
    page = as_(spanish(alice)).get("/accounts/password/change/").content.decode()
    formal = re.compile(r"\b(su contraseña|usted|introduzca|ingrese)\b", re.IGNORECASE)
    assert ["Tu contraseña debe tener al menos" in page, formal.findall(page)] == [True, []]
