"""A user's own labeller: texts out as Parquet, labels back in as Parquet.

Nothing is taken unless all of it may be: the warehouse stays as it was, the file too.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from labelling.errors import LabelError
from labelling.label import INSERT_LABELS, drop_orphans
from storage.sql import quoted

COLUMNS = ("turn_id", "label_kind", "label")
OPTIONAL = {"score": "double", "language": "varchar"}


def export(
    db: duckdb.DuckDBPyConnection, file: Path, instruments: Collection[str] | None,
    labeller: str | None = None, version: str | None = None,
) -> int:  # fmt: skip
    """Write the texts, with a labeller only those that it has not read; return how many.

    With `instruments` only what was said to one of them or to none: what an unknown one promised is
    not known. What is withheld never goes out. Needs the view `texts`.
    """
    rows = db.execute(
        """
        select texts.turn_id, texts.language, texts.body
        from texts
        where texts.status = 'redacted'
            and ($1 is null or texts.instrument is null or list_contains($1, texts.instrument))
            and texts.turn_id not in (
                select turn_id from labels.labelled where (labeller, labeller_version) = ($2, $3)
            )
        order by texts.turn_id
        """,
        [None if instruments is None else [*instruments], labeller, version],
    ).to_arrow_table()
    db.register("rows_out", rows)
    db.execute(f"copy rows_out to {quoted(str(file))} (format parquet)")
    db.unregister("rows_out")
    return int(rows.num_rows)


def take(
    db: duckdb.DuckDBPyConnection, file: Path, labeller: str, version: str,
    allowed: Mapping[str, frozenset[str] | None], read: Path | None = None,
) -> dict[str, int]:  # fmt: skip
    """Take the labels of a file in place of those that this labeller gave to the same turns.

    `read` is what the labeller was given: what it says nothing of was read all the same. Returns
    labels, turns and unlabelled. Needs the view `texts`.

    Raises:
        LabelError: the file can not be taken as it is.
    """
    _load(db, file)
    _judge(db, file, allowed)
    texts = f"select turn_id from read_parquet({quoted(str(read))})" if read else "select null"
    who = {"labeller": labeller, "version": version}
    db.begin()
    db.execute(
        f"""
        create or replace temp table read_turns as
        select turn_id, content_hash, language
        from texts
        where turn_id in (select turn_id from given) or turn_id in ({texts})
        """
    )
    db.execute(
        "delete from labels.labelled where (labeller, labeller_version) = ($labeller, $version) "
        "and turn_id in (select turn_id from read_turns)",
        who,
    )
    drop_orphans(db)
    db.execute(
        "insert into labels.labelled select turn_id, $labeller, $version, content_hash, language, "
        "true from read_turns",
        who,
    )
    db.execute(
        """
        create or replace temp table found as
        select given.turn_id, given.label_kind, given.label, given.score,
            coalesce(given.language, read_turns.language) as language,
            $labeller as labeller, $version as labeller_version
        from given inner join read_turns using (turn_id)
        """,
        who,
    )
    db.execute(INSERT_LABELS)
    db.commit()
    labels, turns, seen = db.execute(
        "select count(*), count(distinct turn_id), (select count(*) from read_turns) from given"
    ).fetchall()[0]
    return {"labels": labels, "turns": turns, "unlabelled": seen - turns}


def drop(db: duckdb.DuckDBPyConnection, labeller: str, version: str) -> int:
    """Forget everything that one version of a labeller said; return how many labels.

    Raises:
        LabelError: it said nothing.
    """
    who = [labeller, version]
    where = "where (labeller, labeller_version) = (?, ?)"
    count = db.execute(f"select count(*) from labels.turn_labels {where}", who).fetchall()[0][0]
    known = db.execute(f"select 1 from labels.labelled {where} limit 1", who).fetchall()
    if not known:
        raise LabelError(f"{labeller} in version {version} labelled nothing; look it up again")
    db.begin()
    db.execute(f"delete from labels.labelled {where}", who)
    drop_orphans(db)
    db.commit()
    return int(count)


def _load(db: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Leave in `given` what the file says, in the types of a label."""
    try:
        known = [
            name
            for name, *_ in db.execute(
                f"describe select * from read_parquet({quoted(str(file))})"
            ).fetchall()
        ]
    except duckdb.Error:
        raise LabelError(
            f"{file} can not be read as Parquet; write turn_id, label_kind and label as Parquet"
        ) from None
    if missing := [name for name in COLUMNS if name not in known]:
        raise LabelError(
            f"{file} has no column {' and no '.join(missing)}; it needs {', '.join(COLUMNS)} and "
            f"may have {' and '.join(OPTIONAL)}"
        )
    optional = [
        f"cast({name if name in known else 'null'} as {type_}) as {name}"
        for name, type_ in OPTIONAL.items()
    ]
    wanted = [*(f"cast({name} as varchar) as {name}" for name in COLUMNS), *optional]
    try:
        db.execute(
            f"create or replace temp table given as select {', '.join(wanted)} "
            f"from read_parquet({quoted(str(file))})"
        )
    except duckdb.ConversionException as problem:
        what = str(problem).splitlines()[0].removeprefix("Conversion Error: ")
        raise LabelError(f"{file} has a score that is no number ({what}); mend it") from None


def _judge(
    db: duckdb.DuckDBPyConnection, file: Path, allowed: Mapping[str, frozenset[str] | None]
) -> None:
    """Refuse what may not be taken, with the first of it."""
    checks = {
        "turn_id is null or label_kind is null or label is null or trim(label) = ''": (
            "rows without turn_id, label_kind or label", "give each row all three",
        ),
        "turn_id not in (select turn_id from texts)": (
            "turns that the warehouse does not have", "label a new `ax label export`",
        ),
        "length(label) > 64": (
            "labels of more than 64 characters", "give a label and not a text",
        ),
        "score is not null and not (score between 0 and 1)": (
            "scores outside 0 to 1", "give a confidence between 0 and 1, or none",
        ),
        "language is not null and not regexp_full_match(language, '[a-z]{2}')": (
            "languages that are no ISO 639-1 code", "write en, de, ... or leave it empty",
        ),
        "(turn_id, label_kind, label) in (select (turn_id, label_kind, label) from given "
        "group by all having count(*) > 1)": (
            "labels given twice", "give each turn a label once",
        ),
        "(turn_id, label_kind) in (select (turn_id, label_kind) from given "
        "where label_kind <> 'topic' group by all having count(*) > 1)": (
            "turns with two sentiments or emotions", "give a turn one of each",
        ),
    }  # fmt: skip
    for condition, (what, remedy) in checks.items():
        _refuse(db, file, condition, what, remedy)
    kinds = [row[0] for row in db.execute("select distinct label_kind from given").fetchall()]
    for kind in sorted(kinds):
        if kind not in allowed:
            raise LabelError(
                f"{file} has labels of kind {kind}, and labellers.csv knows this labeller for "
                f"{', '.join(sorted(allowed))} only; add a row there or leave them out"
            )
        labels = allowed[kind]
        if labels is not None:
            known = ", ".join(map(quoted, sorted(labels)))
            _refuse(
                db, file, f"label_kind = {quoted(kind)} and label not in ({known})",
                f"{kind} labels that labellers.csv does not name",
                f"use {', '.join(sorted(labels))}, or name them there",
            )  # fmt: skip


def _refuse(
    db: duckdb.DuckDBPyConnection, file: Path, condition: str, what: str, remedy: str
) -> None:
    count, turn, label = db.execute(
        f"select count(*), min(turn_id), min(label) from given where {condition}"
    ).fetchall()[0]
    if count:
        raise LabelError(
            f"{file} has {count:,} {what} (turn {turn}, label {label}); {remedy}; nothing was taken"
        )
