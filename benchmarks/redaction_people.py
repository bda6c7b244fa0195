"""Invented people and what they write of themselves, for measuring redaction.

Values come from Faker, Polish cases from the dictionary of Morfeusz; check digits of national
numbers that Faker does not know are computed here, apart from the code that is measured.
"""

import random
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from faker import Faker
from morfeusz2 import Morfeusz

LOCALES = {"en": "en_US", "de": "de_DE", "pl": "pl_PL", "bg": "bg_BG", "tl": "fil_PH"}
COUNTRIES = {"en": "US", "de": "DE", "pl": "PL", "bg": "BG", "tl": "PH"}
CASES = {"gen": "gen", "dat": "dat", "acc": "acc", "inst": "inst", "loc": "loc"}
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a",
    "ь": "y", "ю": "yu", "я": "ya",
}  # fmt: skip
DATES = {
    "en": ["%m/%d/%Y", "%B %d, %Y", "%Y-%m-%d", "%d %B %Y"],
    "de": ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"],
    "pl": ["%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y"],
    "bg": ["%d.%m.%Y", "%d/%m/%Y"],
    "tl": ["%m/%d/%Y", "%B %d, %Y", "%d-%m-%Y"],
}
PRICES = {
    "en": ["$49.90", "1,250.00 USD", "£15"], "de": ["49,90 €", "1.250,00 EUR", "15 Euro"],
    "pl": ["49,90 zł", "1 250,00 PLN", "15 zł"], "bg": ["49,90 лв", "1250 лв", "15 лева"],
    "tl": ["₱499", "PHP 1,250.00", "150 pesos"],
}  # fmt: skip
_MORFEUSZ = Morfeusz()


class Person:
    """One invented person of a country, as records know them."""

    def __init__(self, faker: Faker, spanish: Faker, language: str, draw: random.Random) -> None:
        self.is_female = draw.random() < 0.5
        gender = "female" if self.is_female else "male"
        if language == "tl":  # Filipino names are Spanish and English ones
            given = draw.choice([faker, spanish])
            self.first = getattr(given, f"first_name_{gender}")()
            self.last = spanish.last_name()
        else:
            self.first = getattr(faker, f"first_name_{gender}")()
            self.last = getattr(faker, f"last_name_{gender}", faker.last_name)()
        self.born = date(draw.randint(1945, 2004), draw.randint(1, 12), draw.randint(1, 28))

    def row(self, country: str) -> dict[str, Any]:
        """Return the person as a row of person_observations."""
        return {
            "first_name": self.first, "last_name": self.last, "full_name": None,
            "phone": None, "country": country, "birth_date": self.born, "employee_number": None,
            "member_number": None, "external_id": None,
        }  # fmt: skip


class Writer:
    """Fills the slots of a sentence in one language."""

    def __init__(self, language: str, seed: int) -> None:
        self.language, self.draw = language, random.Random(f"{language} {seed}")
        self.faker = Faker(LOCALES[language])
        self.names = Faker("en_US") if language == "tl" else self.faker
        self.spanish = Faker("es_ES")
        for source in (self.faker, self.names, self.spanish):
            source.seed_instance(seed)
        self.national: dict[str, Callable[[], str]] = {
            "en": lambda: str(self.faker.ssn()), "pl": lambda: str(self.faker.ssn()),
            "de": self.german_number, "bg": self.egn, "tl": self.filipino_number,
        }  # fmt: skip

    def person(self) -> Person:
        """Return somebody new."""
        return Person(self.names, self.spanish, self.language, self.draw)

    def value(self, slot: str, me: Person, agent: Person, other: Person) -> tuple[str, str | None]:
        """Return what stands in a slot and its kind, None for what is nobody's."""
        if slot in ("order", "date", "price"):
            return self.nothing(slot), None
        if slot == "stranger":
            return f"{other.first} {other.last}", "stranger"
        made = {
            "email": self.draw.choice([self.names.ascii_free_email, self.names.ascii_email]),
            "spelled": self.spelled, "phone": self.phone, "card": self.card, "iban": self.iban,
            "national": self.national[self.language], "address": self.address,
            "handle": self.handle,
            "birth": lambda: me.born.strftime(self.draw.choice(DATES[self.language])),
        }  # fmt: skip
        if slot in made:
            kind = {"spelled": "email", "national": "national_id", "birth": "birth_date"}
            return str(made[slot]()), kind.get(slot, slot)
        who, _, how = slot.partition("_")
        return self.named(agent if who == "agent" else me, who, how), "name"

    def named(self, person: Person, who: str, how: str) -> str:
        """Return a name as it is written."""
        first, last = person.first, person.last
        if how == "first" or (who == "first" and not how):
            return self.spelling(first)
        if who == "first":
            return self.other(first, how, person)
        if who == "last":
            return self.spelling(last)
        if who == "initial":
            return self.draw.choice(
                [f"{first} {last[0]}.", f"{first[0]}. {last}", f"{first[0]}.{last[0]}."]
            )
        if not how:
            return f"{self.spelling(first)} {self.spelling(last)}"
        return f"{self.other(first, how, person)} {self.other(last, how, person)}"

    def other(self, name: str, how: str, person: Person) -> str:
        """Return a name in another case, letter case or script."""
        if how in ("upper", "lower"):
            return str(getattr(name, how)())
        if how == "latin":
            return "".join(LATIN.get(c, c) for c in name.lower()).title()
        if how == "voc":
            return (
                name[:-1] + "о"
                if name.endswith("а")
                else name + ("е" if name[-1] not in "ийояе" else "")
            )
        if self.language == "de":
            return name if name[-1] in "sxzß" else name + "s"
        if not name.isalpha():
            return name
        gender = ":f" if person.is_female else ":m1"
        forms = {
            form for form, _, tag, *_ in _MORFEUSZ.generate(name)
            if tag.startswith("subst:sg") and CASES[how] in tag.split(":")[2].split(".")
            and tag.endswith(gender) and form[:1].isupper()
        }  # fmt: skip
        return self.draw.choice(sorted(forms)) if forms else name

    def spelling(self, name: str) -> str:
        """Return a name as typed: now and then without its diacritics."""
        if self.language == "bg" or self.draw.random() < 0.8:
            return name
        bare = unicodedata.normalize("NFD", name).replace("ł", "l").replace("Ł", "L")
        return "".join(c for c in bare if not unicodedata.combining(c)).replace("ß", "ss")

    def nothing(self, slot: str) -> str:
        """Return a number that is nobody's."""
        draw = self.draw
        if slot == "price":
            return draw.choice(PRICES[self.language])
        if slot == "date":
            when = date(draw.randint(2022, 2026), draw.randint(1, 12), draw.randint(1, 28))
            return when.strftime(draw.choice(DATES[self.language]))
        return draw.choice(["#", "", "ORD-", "A", "no. "]) + str(
            draw.randint(10**5, 10 ** draw.randint(6, 10))
        )

    def spelled(self) -> str:
        """Return an address written out."""
        local, domain = self.names.ascii_free_email().split("@")
        at, dot = self.draw.choice(
            [(" at ", " dot "), (" (at) ", "."), ("[at]", "[dot]"), (" AT ", " DOT ")]
        )
        return f"{local}{at}{domain.replace('.', dot)}"

    def phone(self) -> str:
        """Return a phone as the plan of the country has it."""
        if (
            self.language == "bg"
        ):  # Faker's Bulgarian numbers are of no plan: prefixes by the regulator
            area = self.draw.choice(["087", "088", "089", "098", "02"])
            rest = "".join(str(self.draw.randrange(1 if n == 0 else 0, 10)) for n in range(7))
            said = self.draw.choice(
                [
                    f"{area}{rest}",
                    f"{area} {rest[:3]} {rest[3:]}",
                    f"{area}{rest[:1]} {rest[1:4]} {rest[4:]}",
                ]
            )
            return self.draw.choice([said, "+359 " + said[1:], "00359" + said[1:]])
        if self.language == "de" and self.draw.random() < 0.5:
            rest = str(self.draw.randint(10**6, 10**8 - 1))
            return self.draw.choice(
                [f"0151 {rest}", f"0170/{rest}", f"+49 176 {rest}", f"030 {rest}", f"(089) {rest}"]
            )
        return str(
            self.faker.phone_number()
            if self.language != "tl"
            else self.draw.choice(
                [
                    self.faker.globe_mobile_number,
                    self.faker.smart_mobile_number,
                    self.faker.area2_landline_number,
                ]
            )()
        )

    def card(self) -> str:
        """Return a card number as it is typed."""
        number = str(self.faker.credit_card_number())
        parts = [number[n : n + 4] for n in range(0, len(number), 4)]
        return self.draw.choice([number, " ".join(parts), "-".join(parts)])

    def iban(self) -> str:
        """Return an account number, often in groups of four."""
        number = str(self.faker.iban())
        return self.draw.choice(
            [number, " ".join(number[n : n + 4] for n in range(0, len(number), 4))]
        )

    def address(self) -> str:
        """Return street and number."""
        if self.language == "bg":  # Faker's are English ones
            street = self.draw.choice(
                ["Иван Вазов", "Хан Аспарух", "Шипка", "Граф Игнатиев", "Цар Симеон"]
            )
            kind = self.draw.choice(["ул. {} {}", "бул. „{}“ №{}", "ул. „{}“ {}", "улица {} {}"])
            return kind.format(street, self.draw.randint(1, 240))
        return str(self.faker.street_address()).split("\n")[0]

    def handle(self) -> str:
        """Return where somebody is found on a network."""
        name = self.names.user_name()
        return self.draw.choice([
            f"@{name}", f"https://www.facebook.com/{name}", f"instagram.com/{name}", f"https://www.linkedin.com/in/{name}/",
        ])  # fmt: skip

    def egn(self) -> str:
        """Return a Bulgarian number with its check digit."""
        born = date(
            self.draw.randint(1940, 2005), self.draw.randint(1, 12), self.draw.randint(1, 28)
        )
        month = born.month + (40 if born.year >= 2000 else 0)
        nine = f"{born.year % 100:02}{month:02}{born.day:02}{self.draw.randint(0, 999):03}"
        weights = (2, 4, 8, 5, 10, 9, 7, 3, 6)
        return nine + str(sum(int(a) * b for a, b in zip(nine, weights, strict=True)) % 11 % 10)

    def german_number(self) -> str:
        """Return a tax number with its check digit, or one of the pension insurance."""
        if self.draw.random() < 0.3:
            return str(self.faker.rvnr())
        digits = self.draw.sample("0123456789", 9)
        digits.insert(self.draw.randrange(10), self.draw.choice(digits))
        if digits[0] == "0" or len(set(digits)) != 9:
            return self.german_number()
        product = 10
        for digit in digits:
            product = ((int(digit) + product) % 10 or 10) * 2 % 11
        ten = "".join(digits) + str((11 - product) % 10)
        return self.draw.choice([ten, f"{ten[:2]} {ten[2:5]} {ten[5:8]} {ten[8:]}"])

    def filipino_number(self) -> str:
        """Return a number of one of the Philippine offices."""
        ph = self.faker
        return str(self.draw.choice([ph.sss, ph.umid, ph.philhealth, ph.pagibig])())
