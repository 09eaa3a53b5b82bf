"""People who may be one and the same: by their names and their addresses."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from accounts.models import Distinct, Person

SAME_NAME = _("They have the same name.")
OTHER_ORDER = _("They have the same names in another order.")
SAME_ADDRESS = _("They have the same address before the @.")
# An address such as info@ that so many share says nothing.
MOST_OF_AN_ADDRESS = 5
# Two people, by their ids, the smaller first.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Likely:
    """People, by their ids, who may be one, and why. ``is_strong`` where more than one thing says so."""

    people: tuple[int, ...]
    reasons: tuple[str, ...]
    is_strong: bool


def likely() -> list[Likely]:
    """All of them, the strongest first: two queries, and memory for a name and an address a person."""
    apart = said_to_be_two()
    names, orders = defaultdict[str, list[int]](list), defaultdict[int, str](str)
    addresses, units = defaultdict[str, list[int]](list), dict[int, int | None]()
    rows = Person.objects.filter(anonymised_at__isnull=True, merged_into__isnull=True).order_by("name", "pk")
    for pk, name, email, unit in rows.values_list("pk", "name", "email", "unit").iterator(2000):
        orders[pk], units[pk] = " ".join(words(name)), unit
        names[" ".join(sorted(words(name)))].append(pk)
        addresses[email.lower().partition("@")[0]].append(pk)
    reasons = defaultdict[tuple[int, ...], list[str]](list)
    for key, people in names.items():
        if key and len(people := _left(people, apart)) > 1:
            is_same = len({orders[pk] for pk in people}) == 1
            reasons[tuple(people)].append(SAME_NAME if is_same else OTHER_ORDER)
    for people in addresses.values():
        if len(people) <= MOST_OF_AN_ADDRESS and (people := _left(people, apart)):
            reasons[tuple(people)].append(SAME_ADDRESS)
    found = [Likely(people, tuple(why), _is_strong(people, why, units)) for people, why in reasons.items()]
    return sorted(found, key=lambda one: not one.is_strong)


def said_to_be_two() -> set[Pair]:
    """One query."""
    return set(Distinct.objects.order_by().values_list("one", "other"))


def pair(one: int, other: int) -> Pair:
    return min(one, other), max(one, other)


def tell_apart(one: Person, other: Person, *, by: Person) -> bool:
    """Note that they are two people; whether it was not noted yet. Harmless twice."""
    first, second = pair(one.pk, other.pk)
    return Distinct.objects.get_or_create(one_id=first, other_id=second, defaults={"said_by": by})[1]


def _left(people: list[int], apart: set[Pair]) -> list[int]:
    """Those who may be one with another of these people."""
    return [pk for pk in people if any(pk != other and pair(pk, other) not in apart for other in people)]


def words(name: str) -> list[str]:
    """The words of a name as one hears them: no case, no accents, no signs."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _is_strong(people: Iterable[int], reasons: Sequence[str], units: dict[int, int | None]) -> bool:
    """Two reasons, or all in one unit."""
    return len(reasons) > 1 or len({units[pk] for pk in people}) == 1
