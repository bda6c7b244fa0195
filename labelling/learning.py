"""From a Parquet file of texts that somebody labelled to a labeller."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from labelling import languages, sentiment, topics, trained
from labelling.errors import LabelError
from labelling.registry import KINDS
from labelling.texts import clean
from storage.sql import quoted

COLUMNS = ("body", "label")


def learn(
    file: Path, labeller: str, version: str, kind: str, expected: Sequence[str]
) -> tuple[trained.Trained, list[trained.Measured], list[str]]:
    """Return a labeller, how well it does by language, and its labels.

    Raises:
        LabelError: there is nothing to learn from, or the name is taken.
    """
    if kind not in KINDS:
        raise LabelError(f"{kind} is no kind of label; take one of {', '.join(KINDS)}")
    if labeller in (sentiment.NAME, topics.NAME) or not _is_name(labeller, version):
        raise LabelError(
            f"{labeller} {version} can not be its name and version; take letters, digits, - and _ "
            f"and neither {sentiment.NAME} nor {topics.NAME}"
        )
    rows = _read(file)
    texts = [clean(body) for body in rows["body"]]
    written = [
        languages.declared(code) or languages.identify(text, expected)
        for code, text in zip(rows["language"], texts, strict=True)
    ]
    kept = [place for place, language in enumerate(written) if language and texts[place]]
    if not kept:
        raise LabelError(f"{file} has no text whose language is known; add a column language")
    learned, measured = trained.train(
        labeller,
        version,
        kind,
        [texts[place] for place in kept],
        [rows["label"][place] for place in kept],
        [str(written[place]) for place in kept],
    )
    return learned, measured, sorted({rows["label"][place] for place in kept})


def _is_name(*words: str) -> bool:
    return all(
        word and all(c.isalnum() or c in "-_." for c in word) and word[0] != "." for word in words
    )


def _read(file: Path) -> dict[str, list[str]]:
    try:
        with duckdb.connect() as db:
            found = db.execute(
                f"describe select * from read_parquet({quoted(str(file))})"
            ).fetchall()
            known = {name for name, *_ in found}
            if missing := [name for name in COLUMNS if name not in known]:
                raise LabelError(
                    f"{file} has no column {' and no '.join(missing)}; it needs body and label and "
                    "may have language"
                )
            language = "cast(language as varchar)" if "language" in known else "null::varchar"
            rows = db.execute(
                f"select cast(body as varchar) as body, cast(label as varchar) as label, "
                f"{language} as language from read_parquet({quoted(str(file))}) "
                "where trim(body) <> '' and trim(label) <> ''"
            )
            table = rows.to_arrow_table()
    except duckdb.Error:
        raise LabelError(
            f"{file} can not be read as Parquet; write body and label as Parquet"
        ) from None
    read: dict[str, list[str]] = table.to_pydict()
    return read
