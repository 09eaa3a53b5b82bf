"""A year, day by day: every mail that should be sent is sent once, and no other.

What should be sent is worked out here once more, from what the rules mean and in plain days; nothing of the site is
asked. Clocks change in four of the five zones, on different days, and one of the runs is at midnight there.
"""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import Person
from courses import assigning, day, progressing
from courses.models import Absence, Activity, Assignment, Delivery
from tests.courses.test_assigning import a_short_course
from tests.factories import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2027, 7, 1), datetime.date(2028, 7, 7)
# In Auckland the run is at 23:07 or, in their summer, at 00:07 of the next day.
HAPPENS, RUNS = datetime.time(6), datetime.time(11, 7)
ZONES = {
    "library": "America/Bogota", "york": "America/New_York", "madrid": "Europe/Madrid",
    "santiago": "America/Santiago", "auckland": "Pacific/Auckland",
}  # fmt: skip
EVERYWHERE, MADRID, YORK = ("January", "Halfyear"), "Start", "Extra"


def moment(date, time):
    return datetime.datetime.combine(date, time, datetime.UTC)


# What should be sent.


@dataclass
class Somebody:
    """What a person is asked, has done and was told, as one would keep it in a notebook."""

    name: str
    unit: str
    hired: datetime.date
    reminders: str = "each"
    works: bool = True
    reached: dict = field(default_factory=dict)  # by course, the day on which it was first asked
    done: dict = field(default_factory=lambda: defaultdict(list))  # by course, the moments
    away: list = field(default_factory=list)  # (exempt, course or None, first day, last day)
    told: dict = field(default_factory=lambda: defaultdict(dict))  # by course, what, and on which day
    questions: dict = field(default_factory=dict)  # by course, the last moment
    written: datetime.date | None = None  # the last day with a mail

    def here(self, now):
        return now.astimezone(ZoneInfo(ZONES[self.unit]))

    def courses(self):
        own = {"madrid": (MADRID,), "york": (YORK,)}
        return {*EVERYWHERE, *own.get(self.unit, ())} if self.works else set()

    def look(self, now):
        """Note what is asked from now on, and what no more."""
        for course in self.courses() - self.reached.keys():
            self.reached[course] = self.here(now).date()
        for course in self.reached.keys() - self.courses():
            del self.reached[course]
            self.told[course].pop("given", None)

    def complete(self, course, now):
        self.done[course].append(now)
        self.reached[course] = self.here(now).date()
        self.told[course].clear()

    def days(self, course, today):
        """When it opens and is due: (first day, last day), or None where it is not asked any more or just now."""
        opens, due = self.asked(course)
        for exempt, about, first, last in self.away if opens else ():
            if about in (None, course):
                if exempt and first <= today <= last:
                    return None
                if exempt and due <= last and first <= today:
                    due = last + 30 * DAY
                elif not exempt and max(first, opens) <= min(due, last):
                    due += (last - max(first, opens)) + DAY
        return (opens, due) if opens and opens <= today else None

    def asked(self, course):
        reached, done = self.reached[course], [self.here(at).date() for at in self.done[course]]
        if course == "January":
            year = max(reached.year + (reached.month > 1), done[-1].year + 1 if done else 0)
            return datetime.date(year, 1, 1), datetime.date(year, 1, 31)
        if course == "Halfyear" and done:
            due = half_a_year_after(done[-1])
            late = due < reached
            return (reached, reached + 30 * DAY) if late else (max(done[-1] + DAY, due - 42 * DAY), due)
        if done:
            return None, None
        if course == "Extra":
            return reached, datetime.date(2028, 3, 5)
        given = 30 if course == "Halfyear" else 20
        return reached, (self.hired if self.hired + given * DAY >= reached else reached) + given * DAY

    def overdue(self, course, today):
        found = self.days(course, today)
        return course != YORK and found and today > found[1] + (10 * DAY if course == "January" else 0 * DAY)

    def reminder(self, now):
        """The lines of today's mail: (course, what)."""
        today = self.here(now).date()
        lines = []
        for course in sorted(self.courses()):
            found, told = self.days(course, today), self.told[course]
            if not found:
                told.pop("given", None)
                continue
            if course == YORK and (self.reminders == "mandatory" or (self.reminders == "weekly" and today.weekday())):
                continue
            said = []
            if "given" not in told:
                told["given"] = today
                said = ["is to be renewed" if self.done[course] else "was given to you"]
            if found[1] - 6 * DAY <= today <= found[1] and told.get("soon") != found[1]:
                told["soon"] = found[1]
                said = ["is due soon"]
            late = told.get("late")
            if self.overdue(course, today) and (not late or today - self.here(late).date() >= 7 * DAY):
                told["late"] = now
                said = ["is overdue"]
            lines += [(course, what) for what in said]
        if lines:
            self.written = today
        return lines

    def question(self, now):
        """The course that they are asked about today, if any."""
        here = self.here(now)
        wants = self.works and (self.reminders == "each" or (self.reminders == "weekly" and here.weekday() == 0))
        if not wants or self.written == here.date():
            return None
        old = sorted((at, course) for course, ats in self.done.items() for at in ats)
        for at, course in old:
            again = course in self.questions and now - self.questions[course] < 180 * DAY
            if 75 * DAY <= now - at < 96 * DAY and not again:
                self.questions[course], self.written = now, here.date()
                return course
        return None


def half_a_year_after(day):
    year, month = (day.year, day.month + 6) if day.month < 7 else (day.year + 1, day.month - 6)
    while True:
        try:
            return datetime.date(year, month, day.day)
        except ValueError:
            day -= DAY


def digest(people, units, now, today):
    """How many are overdue in these units, and whether there is anything to say."""
    there = [one for one in people if one.works and one.unit in units]
    late = sum(bool(one.overdue(course, one.here(now).date())) for one in there for course in one.courses())
    open_ = [one.days(course, one.here(now).date()) for one in there for course in one.courses()]
    soon = [found for found in open_ if found and today <= found[1] < today + 14 * DAY]
    done = [at for one in there for ats in one.done.values() for at in ats if now - 7 * DAY < at <= now]
    return late, bool(late or soon or done)


# What is sent.


class Library:
    """The site and the notebook, to which the same things happen."""

    def __init__(self, clock):
        self.clock, self.rows, self.people = clock, {}, {}
        self.clock.move_to(moment(FIRST, HAPPENS))
        top = UnitFactory(name="Library", time_zone=ZONES["library"])
        below = {name: UnitFactory(name=name.title(), parent=top, time_zone=ZONES[name]) for name in list(ZONES)[1:]}
        self.units = {"library": top, **below}
        self.courses = {title: a_short_course(title=title, slug=title.lower()) for title in (*EVERYWHERE, MADRID, YORK)}
        self.give("January", "library", repeats="window", window_from=1, window_to=1, grace_days=10)
        self.give("Halfyear", "library", due="hire", due_days=30, repeats="rolling", every_months=6)
        self.give(MADRID, "madrid", due="hire", due_days=20)
        self.give(YORK, "york", due="date", due_on=datetime.date(2028, 3, 5), mandatory=False)

    def give(self, course, unit, **rule):
        assigning.enrol(Assignment.objects.create(course=self.courses[course], unit=self.units[unit], **rule))

    def join(self, name, unit, *, reminders="each", hired=None):
        now = datetime.datetime.now(datetime.UTC)
        hired = hired or now.astimezone(ZoneInfo(ZONES[unit])).date()
        self.people[name] = Somebody(name, unit, hired, reminders)
        self.rows[name] = PersonFactory(
            name=name, email=f"{name}@x.org", unit=self.units[unit], hired_on=hired, reminders=reminders
        )

    def supervise(self, name, unit):
        self.units[unit].supervisors.add(self.rows[name])

    def move(self, name, unit):
        self.people[name].unit = unit
        self.change(name, unit=self.units[unit])

    def leave(self, name):
        self.people[name].works = False
        self.change(name, is_active=False)

    def come_back(self, name):
        self.people[name].works = True
        self.change(name, is_active=True)

    def change(self, name, **to):
        row = Person.objects.get(pk=self.rows[name].pk)
        for attribute, value in to.items():
            setattr(row, attribute, value)
        row.save()

    def away(self, name, last, *, exempt, course=None):
        first = self.people[name].here(datetime.datetime.now(datetime.UTC)).date()
        self.people[name].away.append((exempt, course, first, last))
        Absence.objects.create(
            person=self.rows[name], course=self.courses.get(course), kind="exemption" if exempt else "leave",
            reason="-", starts_on=first, ends_on=last,
        )  # fmt: skip

    def complete(self, name, course):
        now = datetime.datetime.now(datetime.UTC)
        self.people[name].complete(course, now)
        person = Person.objects.get(pk=self.rows[name].pk)
        progressing.complete(person, Activity.objects.get(module__course=self.courses[course]), at=now)


LINE = re.compile(r"^“(.+)” (was given to you|is to be renewed|is due soon|is overdue)(?: \(recommended\))?\.$", re.M)


def read(message):
    """(name, what the mail is, and what it says)."""
    name = message.to[0].split("@")[0]
    if message.subject.startswith("Training at"):
        return name, "digest", message.subject
    if message.subject.startswith("Did you use"):
        return name, "question", message.subject.split("“")[1].rstrip("”?")
    return name, "reminder", tuple(sorted(LINE.findall(message.body)))


def expected(library, supervised, date, told, *, only=None):
    """What should be sent on the run of this day; ``only`` so many reminders go where it is killed then."""
    now, found = moment(date, RUNS), []
    for one in library.people.values():
        one.look(now)
    for one in [one for one in library.people.values() if one.works]:
        if only is not None and len(found) == only:
            return found
        if lines := one.reminder(now):
            found.append((one.name, "reminder", tuple(lines)))
    for name, (unit, units) in supervised.items():
        one = library.people[name]
        late, says_something = digest(library.people.values(), units, now, one.here(now).date())
        week = (name, one.here(now).isocalendar()[:2])
        if one.works and one.here(now).weekday() == 0 and says_something and week not in told:
            told.add(week)
            found.append((name, "digest", f"Training at {unit}: {late or 'nobody'} overdue"))
    found += [(one.name, "question", course) for one in library.people.values() if (course := one.question(now))]
    return found


def run(clock, date, monkeypatch, *, only=None):
    """What is sent on this day, by runs that are told the time; the machine's clock stands still in the morning."""
    mail.outbox.clear()
    now = moment(date, RUNS)
    if only is None:
        for _ in range(2 if date.day % 7 == 0 else 1):
            day.do(now)
    else:
        with monkeypatch.context() as patched:
            patched.setattr(EmailBackend, "send_messages", killed_after(only))
            with pytest.raises(KeyboardInterrupt):
                day.do(now)
    return [read(message) for message in mail.outbox]


def killed_after(count):
    """The last of these mails was accepted, and nobody is left to note it."""
    real, sent = EmailBackend.send_messages, []

    def send(server, messages):
        sent.append(real(server, messages))
        if len(sent) == count:
            raise KeyboardInterrupt
        return sent[-1]

    return send


@pytest.fixture
def library():
    with time_machine.travel(moment(FIRST, HAPPENS), tick=False) as clock:
        made = Library(clock)
        old = datetime.date(2020, 5, 1)
        for name, unit, reminders in (
            ("ana", "york", "each"), ("ben", "madrid", "weekly"), ("caro", "santiago", "mandatory"),
            ("dan", "auckland", "each"), ("eva", "library", "each"), ("gus", "york", "each"),
            ("hal", "santiago", "each"), ("ivy", "madrid", "each"), ("jon", "auckland", "weekly"),
            ("kim", "york", "weekly"), ("leo", "york", "mandatory"), ("max", "auckland", "each"),
        ):  # fmt: skip
            made.join(name, unit, reminders=reminders, hired=old)
        yield made


SUPERVISED = {"ana": ("York", {"york"}), "eva": ("Library", set(ZONES)), "dan": ("Auckland", {"auckland"})}


def supervise(library):
    for name, (unit, _) in SUPERVISED.items():
        library.supervise(name, unit.lower())


def date(text):
    return datetime.date.fromisoformat(text)


# Day, hour, and what happens.
HAPPENINGS = [
    ("2027-07-10", 6, "complete", "ana", "Halfyear"),
    ("2027-07-12", 20, "complete", "leo", "Halfyear"),
    ("2027-07-15", 9, "complete", "ivy", "Start"),
    ("2027-07-20", 6, "complete", "gus", "Halfyear"),
    ("2027-07-25", 22, "complete", "ben", "Start"),
    ("2027-08-02", 6, "complete", "dan", "Halfyear"),
    ("2027-08-10", 6, "complete", "hal", "Halfyear"),
    ("2027-08-29", 9, "complete", "kim", "Halfyear"),  # half a year later is the leap day
    ("2027-08-31", 9, "complete", "ben", "Halfyear"),  # and so it is from here
    ("2027-08-30", 6, "join", "ned", "auckland"),  # due, and written to, within a week of the clocks' going forward
    ("2027-09-01", 23, "complete", "eva", "Halfyear"),
    ("2027-10-05", 1, "complete", "caro", "Halfyear"),
    ("2027-10-15", 6, "join", "fay", "madrid"),
    ("2027-11-02", 3, "complete", "jon", "Halfyear"),
    ("2027-11-08", 6, "complete", "fay", "Start"),
    ("2027-11-11", 12, "complete", "max", "Halfyear"),
    ("2027-11-20", 6, "complete", "ned", "Halfyear"),
    ("2027-12-20", 6, "move", "gus", "auckland"),
    ("2027-12-28", 6, "complete", "ana", "Halfyear"),
    ("2028-01-05", 6, "exempt", "jon", "January", "2028-03-15"),
    ("2028-01-08", 18, "complete", "ana", "January"),
    ("2028-01-10", 6, "on_leave", "ivy", "2028-01-20"),
    ("2028-01-31", 23, "complete", "leo", "January"),
    ("2028-02-01", 4, "complete", "caro", "January"),
    ("2028-02-02", 13, "complete", "eva", "January"),
    ("2028-02-03", 13, "complete", "max", "January"),
    ("2028-02-10", 6, "leave", "hal"),
    ("2028-02-20", 6, "leave", "caro"),  # three days before her next round opens
    ("2028-02-29", 6, "join", "mia", "santiago"),
    ("2028-02-29", 8, "complete", "kim", "Halfyear"),
    ("2028-03-03", 13, "complete", "dan", "January"),
    ("2028-03-04", 6, "complete", "ivy", "January"),
    ("2028-03-05", 6, "join", "ora", "auckland"),  # and of their going back
    ("2028-03-12", 6, "on_leave", "mia", "2028-03-26"),
    ("2028-03-20", 6, "complete", "kim", "Extra"),
    ("2028-04-20", 6, "come_back", "caro"),  # and two weeks after it was due
    ("2028-05-01", 6, "move", "gus", "madrid"),
    ("2028-05-20", 6, "complete", "gus", "Start"),
    ("2028-06-01", 6, "come_back", "hal"),
    ("2028-06-15", 6, "leave", "max"),
]


def happen(library, what, name, *more):
    if what == "exempt":
        library.away(name, date(more[1]), exempt=True, course=more[0])
    elif what == "on_leave":
        library.away(name, date(more[0]), exempt=False)
    else:
        getattr(library, what)(name, *more)
    for one in library.people.values():
        one.look(datetime.datetime.now(datetime.UTC))


def lived(library, happenings, monkeypatch, killed):
    """Day by day what should be sent and what is: both in the order of the days."""
    supervise(library)
    should, was, told, today = [], [], set(), FIRST  # told: the digests
    for one in library.people.values():
        one.look(moment(FIRST, HAPPENS))
    while today <= LAST:
        now = [one for one in happenings if one[0] == today.isoformat()]
        for late in (False, True):
            for _, hour, *what in now:
                if (hour > RUNS.hour) == late:
                    library.clock.move_to(moment(today, datetime.time(hour)))
                    happen(library, *what)
            if not late:
                only = killed.get(today)
                was += [(today.isoformat(), *said) for said in run(library.clock, today, monkeypatch, only=only)]
                should += [(today.isoformat(), *said) for said in expected(library, SUPERVISED, today, told, only=only)]
        today += DAY
        library.clock.move_to(moment(today, datetime.time(3)))
    return sorted(should), sorted(was)


def test_every_mail_that_should_be_sent_is_sent_once_and_no_other(library, monkeypatch):
    killed = {date("2028-01-01"): 3}
    should, was = lived(library, HAPPENINGS, monkeypatch, killed)
    assert was == should
    assert {what for _, _, what, _ in was} == {"reminder", "digest", "question"}
    assert len(was) > 300
    keys = Delivery.objects.values_list("person", "occasion", "about")
    assert len(set(keys)) == len(keys)
    assert Delivery.objects.cut_off().count() == 1
