"""Content, assignments, progress, records."""

from courses.models.assignment import Absence, Assignment
from courses.models.content import Activity, ConfidenceStatement, Course, CourseEdition, Module, Option, Question
from courses.models.delivery import Delivery
from courses.models.enrolment import Enrolment
from courses.models.hours import Credit, HoursTarget, Waiver
from courses.models.progress import (
    Acknowledgement,
    ActivityProgress,
    ConfidenceAnswer,
    Reflection,
    Submission,
)
from courses.models.reconfirmation import Reconfirmation
from courses.models.record import Correction, RecordName, TrainingRecord
from courses.models.refresher import Refresher, Return
from courses.models.summary import Outdated, Summary
from courses.models.use import Use

__all__ = [
    "Absence", "Acknowledgement", "Activity", "ActivityProgress", "Assignment", "ConfidenceAnswer",
    "ConfidenceStatement", "Correction", "Course", "CourseEdition", "Credit", "Delivery", "Enrolment", "HoursTarget",
    "Module", "Option", "Outdated", "Question", "Reconfirmation", "RecordName", "Reflection", "Refresher", "Return",
    "Submission", "Summary", "TrainingRecord", "Use", "Waiver",
]  # fmt: skip
