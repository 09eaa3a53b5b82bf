"""Where authors write courses, and administrators give them and read the records."""

from courses.admin import activities, assignments, deliveries, outline, policies, records

__all__ = ["activities", "assignments", "deliveries", "outline", "policies", "records"]
