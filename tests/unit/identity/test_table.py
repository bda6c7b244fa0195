"""A plain table, linked as a config says; and what is said when it can not be."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from identity import comparisons, table
from identity.records import IGNORE, STRONG_ID
from orchestration.commands import identity as commands
from orchestration.settings import ROOT

HEADER = "id,system,first,last,born,mail,card\n"
CONFIG = {
    "record": "id",
    "source": "system",
    "columns": {
        "first": "given_name",
        "last": "family_name",
        "born": "birth_date",
        "mail": "email",
        "card": "strong_id",
    },
}
ANN = "Ann,Lee,1970-05-05,ann@lee.example"


def write(folder: Path, *rows: str, name: str = "people.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes((HEADER + "".join(f"{row}\n" for row in rows)).encode(encoding))
    return file


def linked(
    folder: Path, *rows: str, **changes: object
) -> tuple[dict[str, dict[str, str]], list[str]]:
    said: list[str] = []
    config = table.Config.model_validate({**CONFIG, **changes})
    table.link(write(folder, *rows), config, folder / "out.csv", said.append)
    with (folder / "out.csv").open() as out:
        return {row["record_id"]: row for row in csv.DictReader(out)}, said


def persons(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    return {record: row["person_id"] for record, row in rows.items()}


def test_a_tiny_table_is_linked_by_the_defaults_and_says_so(tmp_path: Path) -> None:
    rows, said = linked(
        tmp_path,
        f"1,a,{ANN},",
        "2,b,Bob,Ray,1980-01-01,bob@ray.example,",
        "3,b,Anne,Lee,05/05/1970,ann@lee.example,",
    )
    assert persons(rows) == {"1": "1", "2": "2", "3": "1"}
    assert rows["3"]["linked_to"] == "1"
    assert rows["3"]["evidence"] == "given_name (near), family_name, birth_date, email"
    assert float(rows["3"]["probability"]) > 0.99
    assert rows["1"]["linked_to"] == rows["1"]["evidence"] == ""
    assert any("defaults" in text for text in said)


def test_strong_ids_link_and_keep_apart(tmp_path: Path) -> None:
    rows, _ = linked(tmp_path, f"1,a,{ANN},C1", f"2,b,{ANN},C2", "3,c,Zoe,Fox,1999-09-09,,C1")
    assert persons(rows) == {"1": "1", "2": "2", "3": "1"}
    assert rows["3"]["evidence"] == "strong id"
    assert rows["3"]["probability"] == "1.0"


@pytest.mark.parametrize("sources", ["all", ["a"]])
def test_a_source_with_one_row_a_person_gives_one(tmp_path: Path, sources: object) -> None:
    rows, _ = linked(
        tmp_path, f"1,a,{ANN},", f"2,a,{ANN},", f"3,b,{ANN},", one_row_a_person=sources
    )
    found = persons(rows)
    assert found["1"] != found["2"]
    assert found["3"] in (found["1"], found["2"])


def test_several_addresses_of_a_record_count_alike(tmp_path: Path) -> None:
    rows, _ = linked(
        tmp_path,
        "1,a,Ann,Lee,1970-05-05,ann@lee.example,other@box.example",
        "2,b,Ann,Lee,1970-05-05,second@lee.example,ann@lee.example",
        "3,b,Bob,Ray,1980-01-01,bob@ray.example,",
        columns={**CONFIG["columns"], "card": "email"},  # type: ignore[dict-item]
    )
    assert rows["2"]["person_id"] == "1"
    assert rows["2"]["evidence"].endswith("email")


def test_one_record_is_one_person(tmp_path: Path) -> None:
    rows, _ = linked(tmp_path, f"1,a,{ANN},")
    assert persons(rows) == {"1": "1"}


def test_records_that_say_nothing_stand_alone(tmp_path: Path) -> None:
    rows, _ = linked(tmp_path, "1,a,,,,,", "2,a,n/a,-,,,null", "3,a,,,,,")
    assert persons(rows) == {"1": "1", "2": "2", "3": "3"}


def test_scripts_meet_in_latin_letters(tmp_path: Path) -> None:
    rows, _ = linked(
        tmp_path,
        "1,a,Дмитрий,Иванов,1980-01-02,,",
        "2,b,Dmitriy,Ivanov,02.01.1980,,",
        f"3,b,{ANN},",
    )
    assert rows["2"]["person_id"] == "1"
    assert rows["3"]["person_id"] == "3"


def test_a_latin_1_file_is_read_and_said(tmp_path: Path) -> None:
    file = write(
        tmp_path, "1,a,José,Müller,1980-01-02,,", "2,b,Jose,Muller,1980-01-02,,", encoding="latin-1"
    )
    said: list[str] = []
    table.link(file, table.Config.model_validate(CONFIG), tmp_path / "out.csv", said.append)
    assert any("Latin-1" in text for text in said)
    assert (tmp_path / "out.csv").read_text().count("\n") == 3


def test_values_too_long_are_set_aside_and_said(tmp_path: Path) -> None:
    long = "x" * 10_000
    rows, said = linked(
        tmp_path,
        f"1,a,{long},Lee,1970-05-05,ann@lee.example,",
        f"2,b,{long},Lee,1970-05-05,ann@lee.example,",
    )
    assert rows["2"]["evidence"] == "family_name, birth_date, email"
    assert any(text.startswith("2 values of first are set aside") for text in said)


def test_equal_rows_by_the_thousand_end_and_make_no_giant(tmp_path: Path) -> None:
    rows, said = linked(tmp_path, *[f"{n},a,{ANN}," for n in range(3000)])
    assert len(rows) == 3000
    assert len(set(persons(rows).values())) >= 3000 / comparisons.LARGEST_PERSON
    assert any("set aside" in text for text in said)


def test_parquet_in_parquet_out(tmp_path: Path) -> None:
    source = tmp_path / "people.parquet"
    duckdb.sql(f"copy (select 1 as id, 'Ann' as first union all select 2, 'Bob') to '{source}'")
    config = table.Config(record="id", columns={"first": "given_name"})
    table.link(source, config, tmp_path / "out.parquet", lambda text: None)
    out = duckdb.sql(f"describe from '{tmp_path / 'out.parquet'}'").fetchall()
    assert [name for name, *_ in out] == [
        "record_id",
        "person_id",
        "linked_to",
        "evidence",
        "probability",
    ]


def test_the_order_of_the_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [
        f"1,a,{ANN},",
        "2,b,Bob,Ray,1980-01-01,bob@ray.example,",
        "3,b,Anne,Lee,05/05/1970,ann@lee.example,",
    ]
    assert linked(tmp_path, *rows)[0] == linked(tmp_path, *reversed(rows))[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (HEADER.encode(), "holds no record"),
        (HEADER.encode() + b"1,a,\x00,b,,,\n", "NUL bytes"),
        (HEADER.encode() + b"1,a,b,c,,,\n1,a,d,e,,,\n", "id 1 is on 2 records"),
        (HEADER.encode() + b",a,b,c,,,\n", "1 records have no id"),
        (
            b"id,system\n1,a\n",
            "has no column first or last or born or mail or card; it has id, system",
        ),
    ],
)
def test_a_table_that_can_not_be_linked_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    with pytest.raises(table.TableError, match=sentence):
        table.link(file, table.Config.model_validate(CONFIG), tmp_path / "out.csv", print)
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file"),
        ("- a", "the file"),
        ("record: [", "is not YAML"),
        ("record: id", "columns: field required"),
        ("record: id\ncolumns: {a: name}\nthreshold: 1", "threshold: extra"),
        ("record: id\ncountry: Britain\ncolumns: {a: name}", "country: string should match"),
    ],
)
def test_a_config_that_is_none_is_refused_in_a_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "config.yml"
    file.write_text(text)
    with pytest.raises(table.TableError, match=sentence):
        table.read_config(file)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"columns": {"first": "nickname"}}, "'nickname', which is no kind; use one of given_name"),
        ({"columns": {"first": "ignore"}}, "no column has a kind"),
        (
            {"columns": {"first": "birth_date", "born": "birth_date"}},
            "first and born are both birth_date",
        ),
        ({"source": None, "one_row_a_person": "all"}, "needs the column that names the source"),
        ({"one_row_a_person": ["z"]}, "names z, which system never says"),
    ],
)
def test_a_config_that_does_not_fit_is_refused_in_a_sentence(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(table.TableError, match=sentence):
        linked(tmp_path, f"1,a,{ANN},", **changes)


@pytest.mark.parametrize("name", ["missing/out.csv", "out.txt", "people.csv"])
def test_an_output_that_can_not_be_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    file = write(tmp_path, f"1,a,{ANN},")
    with pytest.raises(table.TableError, match="--out"):
        table.link(file, table.Config.model_validate(CONFIG), tmp_path / name, print)


def test_help_and_page_name_every_kind() -> None:
    page = (ROOT / "docs" / "identity-link.md").read_text()
    for kind in [*comparisons.KINDS, STRONG_ID, IGNORE]:
        assert kind in (commands.link.__doc__ or "")
        assert f"`{kind}`" in page


def test_the_example_of_the_help_is_a_config() -> None:
    text = (commands.link.__doc__ or "").split("\b\n")[1].split("\n\n")[0]
    config = table.Config.model_validate(yaml.safe_load(text))
    assert set(config.columns.values()) <= {*comparisons.KINDS, STRONG_ID, IGNORE}


def test_no_other_command_waits_for_what_linking_needs() -> None:
    asked = "import sys, orchestration.cli; print({'splink', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.slow
def test_the_command_says_what_it_did_and_what_it_cost(tmp_path: Path) -> None:
    write(tmp_path, f"1,a,{ANN},", f"2,b,{ANN},")
    (tmp_path / "config.yml").write_text(yaml.safe_dump(CONFIG))
    command = [
        sys.executable,
        "-m",
        "orchestration",
        "identity",
        "link",
        str(tmp_path / "people.csv"),
    ]
    options = ["--config", str(tmp_path / "config.yml"), "--out", str(tmp_path / "out.csv")]
    done = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "AX_DATA_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 records are 1 persons, the largest with 2 records, in ")
    assert "of which read" in done.stdout
    assert "defaults" in done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(tmp_path / "logs", ignore_errors=True)
