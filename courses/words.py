"""Words that are looked up in the reader's language where they are shown, and marked here to be found.

The names that Django makes of models and fields, and what reading a file of questions calls things.
"""

from django.utils.translation import gettext_noop as _

MODELS = (
    _("absence"), _("absences"), _("acknowledgement"), _("acknowledgements"), _("activities"), _("activity progress"),
    _("activity"), _("assignment"), _("assignments"), _("confidence answer"), _("confidence answers"),
    _("confidence statement"), _("confidence statements"), _("correction"), _("corrections"), _("course edition"),
    _("course editions"), _("course"), _("courses"), _("delivery log"), _("delivery"), _("enrolment"),
    _("enrolments"), _("hours target"), _("hours targets"), _("module"), _("modules"), _("option"), _("options"),
    _("outdated summaries"), _("outdated summary"), _("outside training"), _("question"), _("questions"),
    _("reconfirmation"), _("reconfirmations"), _("record name"), _("record names"), _("reflection"), _("reflections"),
    _("refresher"), _("refreshers"), _("return"), _("returns"), _("submission"), _("submissions"), _("summaries"),
    _("summary"), _("training record"), _("training records"), _("use"), _("uses"), _("waiver"), _("waivers"),
)  # fmt: skip
FIELDS = (
    _("about"), _("activity"), _("after"), _("alternative"), _("assigned at"), _("assigned by"), _("body"),
    _("category"), _("code"), _("completed at"), _("conducted by"), _("contents"), _("correct"), _("counts"),
    _("course"), _("course slug"), _("course title"), _("description"), _("due"), _("edition"), _("enrolment"),
    _("error"), _("explanation"), _("hours"), _("job title"), _("key"), _("kind"), _("language"), _("mandatory"),
    _("minutes"), _("module"), _("moment"), _("name"), _("occasion"), _("outcome"), _("outcomes"), _("pass mark"),
    _("person"), _("policy"), _("position"), _("proof"), _("reason"), _("repeats"), _("required"), _("scenario"),
    _("slug"), _("started at"), _("summary"), _("text"), _("title"), _("trainer"), _("trainer qualification"),
    _("translates"), _("unit"), _("year"),
)  # fmt: skip
OUTCOMES = (_("kept"), _("approximated"), _("dropped"))
MEDIA = (_("an image"), _("a sound"), _("a film"), _("another page"))
