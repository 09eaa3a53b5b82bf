"""Django's own, which also finds the messages of sentences that are stored (``training.lib.sentences``)."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=sentence:1", "--keyword=counted:1,2"]
