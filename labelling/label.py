"""Label what the audience wrote: only turns that are new or changed, and never the turn itself.

Reads `redacted.turns`, never a text as it was written; writes schema `labels`, which dbt reads as a
source. Of a turn it keeps a hash of the text and never the text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from labelling import registry, sentiment, topics, trained
from labelling.texts import clean
from storage import Warehouse, opened

BATCH = 20_000
SCHEMA = """
create schema if not exists labels;
-- The language of each text, as redaction told it by the text as it was written.
create table if not exists labels.turn_languages (
    turn_id varchar, content_hash varchar, language varchar
);
-- Which text was labelled by whom, also where nothing was found.
create table if not exists labels.labelled (
    turn_id varchar, labeller varchar, labeller_version varchar, content_hash varchar,
    language varchar, is_imported boolean
);
create table if not exists labels.turn_labels (
    source varchar, source_record_id varchar, label_id varchar, turn_id varchar,
    label_kind varchar, label varchar, score double, labeller varchar, labeller_version varchar,
    language varchar
);
"""
TEXTS = """
create or replace temp view texts as
select turn_id, source, source_record_id, instrument, body, language, status,
    md5(body) as content_hash
from redacted.turns
where status <> 'empty'
"""
LANGUAGES = """
create or replace table labels.turn_languages as
select turn_id, content_hash, language from texts
"""
INSERT_LABELS = """
insert into labels.turn_labels
select texts.source, texts.source_record_id,
    md5(concat_ws('|', found.turn_id, found.label_kind, found.label, labeller, labeller_version)),
    found.turn_id, found.label_kind, found.label, found.score, labeller, labeller_version,
    found.language
from found inner join texts using (turn_id)
"""

Found = tuple[str, float | None]


@dataclass(frozen=True, slots=True)
class Labeller:
    """What gives each text of its languages at most one label of its kind."""

    name: str
    version: str
    kind: str
    languages: frozenset[str]
    label: Callable[[Sequence[str], str], list[Found | None]]


def shipped() -> list[Labeller]:
    """Return the labellers of the house."""
    rows = registry.topic_rules()
    rules = topics.compile_rules(rows)

    def by_rules(texts: Sequence[str], language: str) -> list[Found | None]:
        found = (topics.topic(text, rules[language]) for text in texts)
        return [(topic, None) if topic else None for topic in found]

    def by_vader(texts: Sequence[str], language: str) -> list[Found | None]:
        return [sentiment.sentiment(text) for text in texts]

    english = frozenset({sentiment.LANGUAGE})
    return [
        Labeller(sentiment.NAME, sentiment.version(), "sentiment", english, by_vader),
        Labeller(topics.NAME, topics.version(rows), "topic", frozenset(rules), by_rules),
    ]


def learned(folder: Path) -> list[Labeller]:
    """Return the labellers that were trained here."""

    def by_model(texts: Sequence[str], language: str, model: trained.Trained) -> list[Found | None]:
        return [(label, None) for label in model.predict(texts)]

    models = [trained.load(file) for file in sorted(folder.glob("*.npz"))]
    return [
        Labeller(m.name, m.version, m.kind, frozenset(m.languages), partial(by_model, model=m))
        for m in models
    ]


def label(warehouse: Warehouse, labellers: Iterable[Labeller] | None = None) -> dict[str, int]:
    """Label what is new, forget what is gone; return texts, unknown_language, labelled, labels.

    `labelled` counts a text once for each labeller that read it in this run. Texts that are
    withheld are read too: a label of theirs stays inside as the text does.
    """
    own = [*(shipped() if labellers is None else labellers)]
    with opened(warehouse) as db:
        db.begin()  # a run that is killed leaves the labels of the one before
        open_texts(db)
        db.execute(LANGUAGES)
        _forget(db, own)
        labelled = sum(_label(db, labeller) for labeller in own)
        figures = _figures(db)
        db.commit()
    return {**figures, "labelled": labelled}


def open_texts(db: duckdb.DuckDBPyConnection) -> None:
    """Make the schema where it is missing, and the temporary view `texts`."""
    db.execute(SCHEMA)
    db.execute(TEXTS)


def _forget(db: duckdb.DuckDBPyConnection, own: Sequence[Labeller]) -> None:
    """Drop what was said of another text, or by another version of one of our own labellers."""
    now = pa.table(
        {
            "labeller": pa.array([labeller.name for labeller in own], pa.string()),
            "labeller_version": pa.array([labeller.version for labeller in own], pa.string()),
        }
    )
    db.register("now", now)
    db.execute(
        """
        delete from labels.labelled
        where (turn_id, content_hash) not in (select turn_id, content_hash from texts)
            or (
                not is_imported
                and (labeller, labeller_version) not in (from now)
            )
        """
    )
    db.unregister("now")
    drop_orphans(db)


def drop_orphans(db: duckdb.DuckDBPyConnection) -> None:
    """Drop the labels of which it is no longer known that somebody gave them to this text."""
    db.execute(
        """
        delete from labels.turn_labels
        where (turn_id, labeller, labeller_version) not in (
            select turn_id, labeller, labeller_version from labels.labelled
        )
        """
    )


def _label(db: duckdb.DuckDBPyConnection, labeller: Labeller) -> int:
    """Let one labeller read what it has not read as it stands now; return how many texts."""
    mine = [labeller.name, labeller.version]
    db.execute(
        "delete from labels.labelled using labels.turn_languages as now "
        "where labelled.turn_id = now.turn_id and (labeller, labeller_version) = (?, ?) "
        "and labelled.language is distinct from now.language",
        mine,
    )
    drop_orphans(db)
    read = 0
    for language in sorted(labeller.languages):
        waiting = """
            select turn_id, content_hash, body from texts
            semi join (from labels.turn_languages where language = $1) using (turn_id)
            anti join (
                from labels.labelled where (labeller, labeller_version) = ($2, $3)
            ) using (turn_id)
        """
        for rows in _batches(db, waiting, [language, *mine]):
            texts = [clean(body) for body in rows["body"]]
            _keep(db, labeller, language, rows, labeller.label(texts, language))
            read += len(texts)
    return read


def _keep(
    db: duckdb.DuckDBPyConnection, labeller: Labeller, language: str,
    rows: dict[str, list[Any]], given: Sequence[Found | None],
) -> None:  # fmt: skip
    who = {
        "labeller": [labeller.name] * len(given),
        "labeller_version": [labeller.version] * len(given),
        "language": [language] * len(given),
    }
    _insert(
        db,
        "insert into labels.labelled select turn_id, labeller, labeller_version, content_hash, "
        "language, false from found",
        {"turn_id": rows["turn_id"], "content_hash": rows["content_hash"], **who},
    )
    with_label = [place for place, one in enumerate(given) if one]
    _insert(
        db,
        INSERT_LABELS,
        {
            "turn_id": [rows["turn_id"][place] for place in with_label],
            "label_kind": [labeller.kind] * len(with_label),
            "label": [one[0] for one in given if one],
            "score": [one[1] for one in given if one],
            **{name: values[: len(with_label)] for name, values in who.items()},
        },
    )


def _batches(
    db: duckdb.DuckDBPyConnection, query: str, values: Sequence[str] = ()
) -> Iterable[dict[str, list[Any]]]:
    """Yield the rows of a query in parts; they are settled before the first one changes a table."""
    db.execute(
        f"create or replace temp table waiting as "
        f"select *, row_number() over (order by turn_id) - 1 as place from ({query})",
        [*values],
    )
    count = db.execute("select count(*) from waiting").fetchall()[0][0]
    for start in range(0, count, BATCH):
        part = db.execute("from waiting where place >= ? and place < ?", [start, start + BATCH])
        yield part.to_arrow_table().to_pydict()


def _insert(db: duckdb.DuckDBPyConnection, statement: str, columns: dict[str, list[Any]]) -> None:
    types = {"score": pa.float64()}
    arrays = {name: pa.array(v, types.get(name, pa.string())) for name, v in columns.items()}
    db.register("found", pa.table(arrays))
    db.execute(statement)
    db.unregister("found")


def _figures(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    row = db.execute(
        """
        select
            (select count(*) from labels.turn_languages) as texts,
            (select count(*) from labels.turn_languages where language is null),
            (select count(*) from labels.turn_labels)
        """
    ).fetchall()[0]
    return dict(zip(("texts", "unknown_language", "labels"), row, strict=True))
