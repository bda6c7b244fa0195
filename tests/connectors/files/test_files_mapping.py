"""A wrong mapping is one sentence: the file, the key, the remedy."""

import pytest
from drop_box import CHECKOUT, HEADER, ORDERS, Box, order

from ingestion.connectors.files.catalogue import SHIPPED, read_catalogue, read_mapping

ANSWERS = """
match: answers.csv
contract: survey_answers
record_id: id
columns:
  answer_value: {column: score, scale: [1, 5]}
constants: {metric_role: rating, audience: employee}
instrument: {key: pulse, label: Pulse, family: workforce}
as_of: 2026-01-01
"""


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("contract: orders", "contract: ordres", "contract: 'ordres' is none that a mapping fills"),
        ("amount: amount", "amunt: amount", "columns.amunt: orders takes account_id, organisat"),
        ("amount: amount", "amount: {column: a, scle: [1, 5]}", "columns.amount.scle: is no key"),
        ("amount: amount", "amount: {column: a, scale: [5, 1]}", "columns.amount.scale: a scale"),
        ("amount: amount", "location_id: {column: c, scale: [1, 5]}", "remove the scale"),
        ("amount: amount", "amount: {column: a, format: '%d'}", "columns.amount.format: amount is"),
        ("amount: amount", "amount: Monthly income", "looks like pay or an identity number"),
        ("currency: EUR", "amount: 1", "constants.amount: stands under columns too; keep one"),
        ("order_kind: order,", "", "columns.order_kind: orders needs it; map it or give it"),
        ("Europe/Berlin", "Berlin", "time_zone: 'Berlin' is no IANA time zone; write it like"),
        ("time_zone: Europe/Berlin\n", "", "time_zone: is missing; say in which zone the times"),
        ("record_id: order_id\n", "", "record_id: is missing; add it"),
        ("columns:\n", "columns: [\n", "is not YAML"),
        ("match:", "kind: A-b\nmatch:", "kind: takes lower-case letters, digits and underscores"),
        ("match:", "encoding: latin99\nmatch:", "encoding: 'latin99' is no encoding; try utf-8"),
        ("match:", "as_of: soon\nmatch:", "as_of: input should be a valid date"),
        ("match:", "segments: {Big City: city}\nmatch:", "segments.Big City"),
        ("match:", "attributes: {city: city}\nmatch:", "attributes: orders has segments; move"),
    ],
)
def test_a_wrong_mapping_names_file_key_and_remedy(
    box: Box, right: str, wrong: str, sentence: str
) -> None:
    assert right in ORDERS
    box.map("shop.yml", ORDERS.replace(right, wrong))

    problems = read_catalogue(box.root / "mappings").problems

    assert list(problems) == ["shop.yml"]
    assert problems["shop.yml"].startswith("mapping shop.yml, ")
    assert sentence in problems["shop.yml"]
    assert "\n" not in problems["shop.yml"]


def test_a_wrong_mapping_stops_no_other(box: Box) -> None:
    box.map("broken.yml", "match: [")
    box.drop("orders_1.csv", HEADER + order(1))

    look = box.look()

    assert [reading.mapping.kind for reading in look.readings] == ["shop"]
    assert list(look.problems) == ["broken.yml"]


def test_answers_of_the_workforce_are_confidential_unless_something_else_is_said(box: Box) -> None:
    box.map("pulse.yml", ANSWERS)
    box.map("named.yml", ANSWERS.replace("workforce", "workforce, confidentiality: identified"))
    box.map("shop.yml", ANSWERS.replace("workforce", "customer"))
    box.map("young.yml", ANSWERS.replace("workforce", 'fan, minors: "true"'))

    mappings = read_catalogue(box.root / "mappings").own
    said = {mapping.kind: mapping.declared["confidentiality"] for mapping in mappings}

    assert said["pulse"] == said["young"] == "confidential"
    assert said["named"] == said["shop"] == "identified"


def test_an_anonymous_instrument_takes_no_account(box: Box) -> None:
    anonymous = ANSWERS.replace("workforce", "workforce, confidentiality: anonymous")
    box.map("shop.yml", anonymous.replace("columns:", "columns:\n  account_id: id"))

    problems = read_catalogue(box.root / "mappings").problems

    assert "columns.account_id: the instrument is anonymous; remove it" in problems["shop.yml"]


def test_an_answer_needs_its_scale(box: Box) -> None:
    box.map("shop.yml", ANSWERS.replace(", scale: [1, 5]", ""))

    problems = read_catalogue(box.root / "mappings").problems

    assert "columns.answer_value.scale: is missing; say the lowest" in problems["shop.yml"]


def test_yaml_scalars_stay_what_they_look_like(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("amount: amount", "amount: {column: a, missing: [01, No]}"))

    mapping = read_mapping(box.root / "mappings" / "shop.yml")

    assert mapping.columns["amount"].missing == ("01", "No")


def test_an_own_mapping_goes_before_a_shipped_one(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("orders_*.csv", "orders*.csv"))
    own, none = read_catalogue(box.root / "mappings"), read_catalogue(None)

    assert [mapping.kind for mapping in own.of("ORDERS.CSV.gz")] == ["shop"]
    assert "shop_orders" in [mapping.kind for mapping in none.of("orders.csv")]
    assert own.of("something.csv") == []


def test_the_mapping_in_the_readme_is_right(box: Box) -> None:
    for number, page in enumerate((SHIPPED.parent / "README.md", CHECKOUT / "docs/mappings.md")):
        said = page.read_text().split("```yaml")[1].split("```")[0]
        said = said.replace("kind: shop_orders", f"kind: shop_{number}")
        box.map(f"shop_{number}.yml", said if "match:" in said else f"match: a.csv\n{said}")

    assert read_catalogue(box.root / "mappings").problems == {}


def test_the_shipped_mappings_and_the_examples_are_right() -> None:
    examples = SHIPPED.parents[3] / "docs" / "examples" / "files"

    catalogue = read_catalogue(examples)

    assert catalogue.problems == {}
    assert len(catalogue.own) == 10
