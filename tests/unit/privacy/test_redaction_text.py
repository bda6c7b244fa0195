"""What is taken out of one text, and what is left in it."""

from datetime import date
from typing import Any

import pytest

from privacy.redaction_text import ACCOUNT, NUMBERS, Known, known, redact_text

NOBODY = Known()


def account(**facts: Any) -> dict[str, Any]:
    return {**dict.fromkeys((*ACCOUNT, *NUMBERS)), **facts}


def of(*names: tuple[str, str], **facts: Any) -> Known:
    return known(account(first_name=first, last_name=last, **facts) for first, last in names)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to anna.k+x@mail.example.org please", "write to [email] please"),
        ("anna dot k at example dot org", "[email]"),
        ("ania (małpa) poczta.pl", "[email]"),
        ("ania at gmail.com", "[email]"),
        ("I looked at example.org twice", "I looked at example.org twice"),
        ("We met at noon. Dot com bubbles", "We met at noon. Dot com bubbles"),
        ("call +49 (0) 151 2345678 now", "call [phone] now"),
        ("tel. 0888 123 456", "tel. [phone]"),
        ("zadzwoń 609141777", "zadzwoń [phone]"),
        ("my order 609141777 is late", "my order 609141777 is late"),
        ("paid 1.250,00 EUR on 12.03.2024 at 10:45", "paid 1.250,00 EUR on 12.03.2024 at 10:45"),
        ("card 4111 1111 1111 1111.", "card [card]."),
        ("card 4111 1111 1111 1112.", "card 4111 1111 1111 1112."),
        ("to DE89 3704 0044 0532 0130 00 and soon", "to [iban] and soon"),
        ("mam 44051401359", "mam [national_id]"),
        ("zamówienie 44051401359", "zamówienie 44051401359"),
        ("PESEL 44051401358", "PESEL [national_id]"),
        ("ЕГН 7523169263", "ЕГН [national_id]"),
        ("SSN 173-65-3719", "SSN [national_id]"),
        ("see instagram.com/anna_k and @anna_k", "see [handle] and [handle]"),
        ("see https://example.org/help", "see https://example.org/help"),
        ("ul. Adama Mickiewicza 12/3, parter", "[address], parter"),
        ("бул. „Васил Левски“ 15", "[address]"),
        ("Lange Gasse 3", "[address]"),
        ("1224 Diane Street Apt. 7", "[address]"),
        ("born on 12 March 1984", "born on [birth_date]"),
        ("a\u200bnna@example.org", "[email]"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_tells_somebody_by_its_shape_is_taken_out(text: str, left: str) -> None:
    assert redact_text(text, None, NOBODY)[0] == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        (("Agnieszka", "Wójcik"), "z Agnieszką Wójcik i Agnieszce", "z [name] [name] i [name]"),
        (("Marek", "Dudek"), "Markowi Dudkowi, markiem dudkiem", "[name] [name], [name] [name]"),
        (("Paweł", "Kowalski"), "od Pawła Kowalskiego, PAWEŁ!", "od [name] [name], [name]!"),
        (("Георги", "Иванов"), "Георги Иванов, georgi ivanov", "[name] [name], [name] [name]"),
        (("Yuliya", "Angelova"), "Юлия Ангелова", "[name] [name]"),
        (("Петър", "Щерев"), "Скъпи Петре, Petar Shterev", "Скъпи [name], [name] [name]"),
        (("Jürgen", "Müller"), "Mueller und Jurgen, Müllers", "[name] und [name], [name]"),
        (("Zoë", "O'Brien"), "zoe o'brien's seat", "[name] [name]'[name]'s seat"),
        (("Anna", "Kowalska"), "A. Kowalska, Anna K., A.K.", "[name], [name], [name]"),
        (("Rose", "Mark"), "the rose, mark it; Rose Mark", "the rose, mark it; [name] [name]"),
        (
            ("Maria", "de la Cruz"),
            "la vie, maria de la cruz",
            "la vie, [name] [name] [name] [name]",
        ),
        (("Bo", "Li"), "bo is no word, Bo Li is", "bo is no word, [name] [name] is"),
    ],
)
def test_a_name_is_found_declined_bare_in_another_script_and_as_initials(
    name: tuple[str, str], text: str, left: str
) -> None:
    assert redact_text(text, None, of(name))[0] == left


def test_a_name_of_nobody_in_the_thread_stays() -> None:
    assert redact_text("Anna Kowalska", "pl", of(("Maria", "Nowak"))) == ("Anna Kowalska", {})


def test_what_the_records_hold_of_a_person_is_found_as_they_hold_it() -> None:
    person = of(
        ("Ana", "Sol"), birth_date=date(1984, 3, 12), phone="+1 202 555 0143",
        member_number="M-1002", employee_number="7",
    )  # fmt: skip
    text = "m-1002, 7 days, 12.03.84, March 12, 1984, 13.03.1984, my 555-0143 x"
    left, counts = redact_text(text, "en", person)
    assert left == "[number], 7 days, [birth_date], [birth_date], 13.03.1984, my [phone] x"
    assert counts == {"birth_date": 2, "number": 1, "phone": 1}
    assert redact_text("order 202-555-0143", "en", person)[0] == "order [phone]"


def test_a_long_text_without_end_is_read_in_time_that_grows_with_it() -> None:
    person = of(("Anna", "Kowalska"))
    for piece in ("a@", "1 ", "1-", "A. ", "Aa ", "at ", "Aa-", "1a", "a.", "(", "x/"):
        redact_text(piece * 3_000, "en", person)
