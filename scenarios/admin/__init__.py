"""Where authors write scenarios and policies."""

from scenarios.admin import days, drafts, policies, scenes

__all__ = ["days", "drafts", "policies", "scenes"]
