"""Where authors write courses, and administrators give them and read the records."""

from courses.admin import activities, assignments, outline, policies, records

__all__ = ["activities", "assignments", "outline", "policies", "records"]
