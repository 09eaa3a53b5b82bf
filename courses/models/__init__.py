"""Content, assignments, progress, records."""

from courses.models.assignment import Absence, Assignment, Enrolment
from courses.models.content import Activity, ConfidenceStatement, Course, CourseEdition, Module, Option, Question
from courses.models.delivery import Delivery
from courses.models.progress import (
    Acknowledgement,
    ActivityProgress,
    ConfidenceAnswer,
    Reflection,
    Submission,
)
from courses.models.reconfirmation import Reconfirmation
from courses.models.record import Correction, TrainingRecord
from courses.models.refresher import Refresher, Return

__all__ = [
    "Absence", "Acknowledgement", "Activity", "ActivityProgress", "Assignment", "ConfidenceAnswer",
    "ConfidenceStatement", "Correction", "Course", "CourseEdition", "Delivery", "Enrolment", "Module", "Option",
    "Question", "Reconfirmation", "Reflection", "Refresher", "Return", "Submission", "TrainingRecord",
]  # fmt: skip
