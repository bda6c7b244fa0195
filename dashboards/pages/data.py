"""The state of the house itself."""

from dashboards.panels import Column, Panel

SOURCES = Panel(
    title="Sources",
    sources=("pub_sources",),
    query="select * from pub_sources order by source",
    columns=(
        Column("source", "Source"),
        Column("last_loaded_as_of", "Last good load"),
        Column("lag_minutes", "Behind", "minutes"),
        Column("extracted_rows", "Rows read", "count"),
        Column("touched_rows", "Rows new or changed", "count"),
        Column("quarantined_rows", "Rows in quarantine", "count"),
        Column("problem", "Problem"),
    ),
    empty="No source is on.",
)

TABLES = Panel(
    title="Tables, and whether their last load was as usual",
    sources=("pub_source_health",),
    query="""
        select *, replace(status, '_', ' ') as stands from pub_source_health
        order by status <> 'odd', source, source_table
    """,
    columns=(
        Column("source", "Source"),
        Column("source_table", "Table"),
        Column("touched_rows", "Rows", "count"),
        Column("expected_low", "Expected from", "count"),
        Column("expected_high", "to", "count"),
        Column("quarantined_rows", "In quarantine", "count"),
        Column("stands", "Status"),
        Column("reason", "Why"),
    ),
)

IDENTITY = Panel(
    title="How well people were recognised",
    sources=("pub_identity_quality",),
    query="""
        select replace(figure, '_', ' ') || coalesce(' (' || identifier_kind || ')', '')
            || coalesce(' (' || contested_reason || ')', '') as figure, value,
            if(figure like '%share' or figure like '%rate' or figure = 'id_churn', 'share',
                if(figure like '%mean' or figure like '%per_person' or figure like
                    '%per_organisation', 'points', 'count')) as unit,
            coalesce(missing_because, 'ok') as status
        from pub_identity_quality order by identifier_kind nulls first, figure
    """,
    columns=(
        Column("figure", "Figure"),
        Column("value", "Value", status="status", unit_from="unit"),
    ),
)

LABELS = Panel(
    title="How well texts were labelled",
    sources=("pub_label_quality",),
    query="select * from pub_label_quality order by label_kind, language",
    columns=(
        Column("label_kind", "Label"),
        Column("language", "Language"),
        Column("labeller", "Labelled by"),
        Column("macro_f1", "Macro F1", "points", status="status"),
        Column("measured_n", "Measured on", "count"),
        Column("texts", "Texts", "count"),
        Column("labelled_texts", "Labelled", "count"),
    ),
)

PUBLISHED = Panel(
    title="Publications that are kept",
    sources=(),
    query="select * from publications order by id desc",
    columns=(
        Column("id", "Publication"),
        Column("as_of", "As of (UTC)"),
        Column("rows", "Rows", "count"),
        Column("checks", "Checks"),
        Column("run_minutes", "The run took", "minutes"),
        Column("code", "Code"),
    ),
    note="Any of them can be served again (ax rollback).",
    empty="No publication is kept beside this file.",
)

PANELS = (SOURCES, PUBLISHED, TABLES, IDENTITY, LABELS)
