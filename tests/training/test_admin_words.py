"""What we say in Django's place, Django still says: a sentence that it words anew is said in its own Spanish."""

import gettext
from pathlib import Path

import pytest
from django.contrib import admin

from training.admin_words import SENTENCES


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentence_is_one_of_djangos_admin(sentence):
    theirs = gettext.translation("django", Path(admin.__file__).parent / "locale", ["es"])
    assert theirs.gettext(sentence) != sentence
