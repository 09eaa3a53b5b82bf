"""What the database notes by itself: which summaries a change outdates, and which names are in training records.

Triggers do it (``training.lib.triggers``). They are put in place after each ``migrate``, and taken away before one that
changes tables: SQLite would stumble over triggers that speak of a table while it is replaced.
"""

from django.db import connection, models

from accounts.models import Person, Unit
from courses.models import ConfidenceAnswer, Course, Enrolment, RecordName, Submission, TrainingRecord, Use
from courses.models.summary import Outdated, Summary
from scenarios.models import Attempt, Decision
from training.lib import triggers
from training.lib.triggers import DELETE, EVER, INSERT, UPDATE, Watched

TABLES = {
    model.__name__.lower(): model._meta.db_table
    for model in (
        Attempt, ConfidenceAnswer, Course, Decision, Enrolment, Outdated, Person, RecordName, Submission, Summary,
        TrainingRecord, Unit, Use,
    )
}  # fmt: skip
# Of a row, and of a person p who is joined to it, or k whom they were merged into. NOWHERE is 0, TREE is -1.
PARTS = {
    "place": "COALESCE(CASE WHEN p.merged_into_id IS NULL THEN p.unit_id ELSE k.unit_id END, 0)",
    "kept": "LEFT JOIN {person} k ON k.id = p.merged_into_id",
    # Everybody whose rows count for the person r, or did, with where: themselves, whom they were merged into, and who
    # was merged into either.
    "group": """(
      SELECT r.id AS person, COALESCE(r.unit_id, 0) AS place FROM {rows} r
      UNION SELECT m.id, COALESCE(r.unit_id, 0) FROM {rows} r JOIN {person} m ON m.merged_into_id = r.id
      UNION SELECT r.id, COALESCE(k.unit_id, 0) FROM {rows} r JOIN {person} k ON k.id = r.merged_into_id
      UNION SELECT k.id, COALESCE(k.unit_id, 0) FROM {rows} r JOIN {person} k ON k.id = r.merged_into_id
      UNION SELECT m.id, COALESCE(k.unit_id, 0) FROM {rows} r JOIN {person} k ON k.id = r.merged_into_id
        JOIN {person} m ON m.merged_into_id = k.id
    )""",
}
# Where a note is there already, another of the same transaction says no more.
NOTE = """INSERT INTO {outdated} (kind, subject, place, made_in)
SELECT DISTINCT m.kind, m.subject, m.place, {transaction}
FROM (SELECT '' AS kind, 0 AS subject, 0 AS place WHERE 1 = 0 UNION ALL {notes}) m WHERE NOT EXISTS (
  SELECT 1 FROM {outdated} o
  WHERE o.kind = m.kind AND o.subject = m.subject AND o.place = m.place AND o.made_in = {transaction}
)"""


def _sql(text: str) -> str:
    """With the names of tables, and the parts that stand in several."""
    for name, value in (*PARTS.items(), *TABLES.items()):
        text = text.replace(f"{{{name}}}", value)
    return text


def _outdating(
    model: type[models.Model], columns: str, *notes: str, events: tuple[str, ...] = EVER, after: str = ""
) -> Watched:
    """``notes`` select kind, subject and place of what is outdated."""
    return Watched(
        model, tuple(columns.split()), _sql(NOTE.replace("{notes}", " UNION ALL ".join(notes))), events, after
    )


NOTES = (
    _outdating(
        Enrolment,
        "id person_id course_id superseded closed_at is_open started_at completed_at due_at overdue_at round",
        "SELECT 'rounds', r.course_id, COALESCE(p.unit_id, 0) FROM {rows} r JOIN {person} p ON p.id = r.person_id",
        "SELECT 'staff', 0, COALESCE(p.unit_id, 0) FROM {rows} r JOIN {person} p ON p.id = r.person_id",
    ),
    _outdating(
        Attempt,
        "id person_id scenario_id edition_id mode started_at ended_at ending_kind figure",
        """SELECT 'plays', r.scenario_id, {place} FROM {rows} r JOIN {person} p ON p.id = r.person_id {kept}
        WHERE r.mode = 'recorded'""",
    ),
    _outdating(
        Decision,
        "id attempt_id scene choice",
        """SELECT 'plays', a.scenario_id, {place} FROM {rows} r JOIN {attempt} a ON a.id = r.attempt_id
        JOIN {person} p ON p.id = a.person_id {kept} WHERE a.mode = 'recorded'""",
    ),
    _outdating(
        ConfidenceAnswer,
        "id enrolment_id statement_id moment rating",
        """SELECT 'answers', e.course_id, COALESCE(p.unit_id, 0) FROM {rows} r
        JOIN {enrolment} e ON e.id = r.enrolment_id JOIN {person} p ON p.id = e.person_id""",
    ),
    _outdating(
        Submission,
        "id enrolment_id activity_id passed",
        """SELECT 'answers', e.course_id, {place} FROM {rows} r JOIN {enrolment} e ON e.id = r.enrolment_id
        JOIN {person} p ON p.id = e.person_id {kept}""",
    ),
    _outdating(
        Use,
        "id person_id record_id answer",
        """SELECT 'answers', c.id, {place} FROM {rows} r JOIN {trainingrecord} t ON t.id = r.record_id
        JOIN {course} c ON c.slug = t.course_slug JOIN {person} p ON p.id = r.person_id {kept}""",
    ),
    _outdating(
        Person,
        "id unit_id is_active merged_into_id",
        "SELECT 'staff', 0, COALESCE(r.unit_id, 0) FROM {rows} r",
        "SELECT 'rounds', e.course_id, g.place FROM {group} g JOIN {enrolment} e ON e.person_id = g.person",
        "SELECT 'answers', e.course_id, g.place FROM {group} g JOIN {enrolment} e ON e.person_id = g.person",
        """SELECT 'answers', c.id, g.place FROM {group} g JOIN {trainingrecord} t ON t.person_id = g.person
        JOIN {course} c ON c.slug = t.course_slug""",
        """SELECT 'plays', a.scenario_id, g.place FROM {group} g JOIN {attempt} a ON a.person_id = g.person
        WHERE a.mode = 'recorded'""",
        events=(UPDATE,),
    ),
    _outdating(
        Person, "id unit_id", "SELECT 'staff', 0, COALESCE(r.unit_id, 0) FROM {rows} r", events=(INSERT, DELETE)
    ),
    # Whoever sums up waits for it, and it for them: else a unit could be in none of two sums.
    _outdating(
        Unit,
        "id parent_id",
        "SELECT s.kind, s.subject, -1 FROM {summary} s CROSS JOIN {rows} r WHERE s.place = 0",
        after=Summary._meta.db_table,
    ),
    _outdating(
        Course,
        "id slug",
        """SELECT s.kind, s.subject, s.place FROM {summary} s JOIN {rows} r ON s.subject = r.id
        WHERE s.kind = 'answers'""",
        events=(UPDATE,),
    ),
)
NAMES = (
    Watched(
        TrainingRecord,
        ("id", "name"),
        _sql("INSERT INTO {recordname} (name) SELECT DISTINCT r.name FROM {rows} r WHERE 1 = 1 ON CONFLICT DO NOTHING"),
        events=(INSERT,),
    ),
    Watched(
        TrainingRecord,
        ("id", "name"),
        _sql(
            """DELETE FROM {recordname} WHERE name IN (SELECT r.name FROM {rows} r)
            AND NOT EXISTS (SELECT 1 FROM {trainingrecord} t WHERE t.name = {recordname}.name)"""
        ),
        events=(DELETE,),
    ),
)


def put() -> None:
    triggers.put("notes", NOTES)
    triggers.put("names", NAMES)


def take_away() -> None:
    triggers.take_away("notes")
    triggers.take_away("names")


def is_put() -> bool:
    return triggers.are_put("notes", NOTES) and triggers.are_put("names", NAMES)


def can_be_put() -> bool:
    """Whether all that the triggers speak of is there: in the midst of the migrations it is not."""
    with connection.cursor() as cursor:
        return set(TABLES.values()) <= set(connection.introspection.table_names(cursor))
