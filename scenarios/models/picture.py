"""The set of pictures: places and things, drawn alike, of which a scenario may have one."""

from django.db import models


class Picture(models.TextChoices):
    """Each is ``static/pictures/<name>.svg``: drawn for this project, in two tones that stand on light and dark."""

    COINS = "coins", "coins and a book"
    PHONE = "phone", "a telephone"
    CARD = "card", "a library card"
    DOG = "dog", "a dog in a harness"
    COMPUTER = "computer", "a computer with a clock"
    TABLE = "table", "a table with a plate and papers"
    HEADPHONES = "headphones"
    BOOKS = "books", "a pile of books"
    SHELF = "shelf", "a shelf with a gap"
    DOOR = "door", "a double door"
    LAMP = "lamp", "an armchair and a lamp"
    CLOCK = "clock", "a clock"
    BLOCKS = "blocks", "building blocks and a tablet"
    STAIRS = "stairs", "stairs with a bag"
