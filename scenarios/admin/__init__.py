"""Where authors write scenarios and policies."""

from scenarios.admin import drafts, policies, scenes

__all__ = ["drafts", "policies", "scenes"]
