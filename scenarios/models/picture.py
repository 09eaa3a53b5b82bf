"""The set of pictures: places and things, drawn alike, of which a scenario may have one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.TextChoices):
    """Each is ``static/pictures/<name>.svg``: drawn for this project, in two tones that stand on light and dark."""

    COINS = "coins", _("coins and a book")
    PHONE = "phone", _("a telephone")
    CARD = "card", _("a library card")
    DOG = "dog", _("a dog in a harness")
    COMPUTER = "computer", _("a computer with a clock")
    TABLE = "table", _("a table with a plate and papers")
    HEADPHONES = "headphones", _("Headphones")
    BOOKS = "books", _("a pile of books")
    SHELF = "shelf", _("a shelf with a gap")
    DOOR = "door", _("a double door")
    LAMP = "lamp", _("an armchair and a lamp")
    CLOCK = "clock", _("a clock")
    BLOCKS = "blocks", _("building blocks and a tablet")
    STAIRS = "stairs", _("stairs with a bag")
