"""Words that are looked up in the reader's language where they are shown, and marked here to be found.

The names that Django makes of models and fields, and what the engine, which knows no languages, calls things.
"""

from django.utils.translation import gettext_noop as _

MODELS = (
    _("attempt"), _("attempts"), _("choice"), _("choices"), _("day"), _("days"), _("decision"), _("decisions"),
    _("edition"), _("editions"), _("flag"), _("flags"), _("meter"), _("meters"), _("policy"), _("policies"),
    _("policy value"), _("policy values"), _("revisit"), _("revisits"), _("scenario"), _("scenarios"), _("scene"),
    _("scenes"), _("skill"), _("skills"), _("skill translation"), _("skill translations"),
)  # fmt: skip
FIELDS = (
    _("aftercare"), _("coaching"), _("consequence"), _("content note"), _("default"), _("description"),
    _("introduction"), _("key"), _("label"), _("language"), _("maximum"), _("minimum"), _("minutes"), _("name"),
    _("picture"), _("policies"), _("policy"), _("position"), _("purpose"), _("scenario"), _("scene"), _("score"),
    _("skill"), _("slug"), _("speaker"), _("speech"), _("start"), _("summary"), _("text"), _("title"), _("translates"),
    _("changed at"),
)  # fmt: skip
BOXES = (
    _("First scene"), _("Scene"), _("Ending, resolved"), _("Ending, partly resolved"), _("Ending, escalated"),
    _("Ending, unsafe"),
)  # fmt: skip
KINDS = (_("resolved"), _("partly-resolved"), _("escalated"), _("unsafe"))
