"""How good a grouping is, held against known truth.

Pairs: of all pairs of records that were put together the share that belongs together (precision),
and of all that belong together the share that was put together (recall). Clusters: the same of
whole groups, right only when exactly the true one (Menestrina, Whang and Garcia-Molina 2010).
"""

import duckdb

FIGURES = """
with sides as (select truth, found, record from {relation}),
pairs as (
    select
        (select coalesce(sum(n * (n - 1) / 2), 0) from
            (select count(*) as n from sides group by truth, found)) as both_pairs,
        (select coalesce(sum(n * (n - 1) / 2), 0) from
            (select count(*) as n from sides group by found)) as found_pairs,
        (select coalesce(sum(n * (n - 1) / 2), 0) from
            (select count(*) as n from sides group by truth)) as true_pairs
),
found_groups as (
    select found, count(*) as size, count(distinct truth) as truths, min(truth) as truth
    from sides group by found
),
true_groups as (select truth, count(*) as size from sides group by truth),
groups as (
    select
        count(*) filter (where found_groups.truths = 1 and found_groups.size = true_groups.size)
            as right_groups,
        count(*) as found_groups,
        (select count(*) from true_groups) as true_groups,
        max(found_groups.size) as largest
    from found_groups inner join true_groups on found_groups.truth = true_groups.truth
)
select
    (select count(*) from sides) as records,
    both_pairs / nullif(found_pairs, 0) as precision,
    both_pairs / nullif(true_pairs, 0) as recall,
    2 * both_pairs / nullif(found_pairs + true_pairs, 0) as f1,
    right_groups / found_groups as cluster_precision,
    right_groups / true_groups as cluster_recall,
    2 * right_groups / (found_groups + true_groups) as cluster_f1,
    largest
from pairs, groups
"""


def against_truth(db: duckdb.DuckDBPyConnection, relation: str) -> dict[str, float]:
    """Return records, precision, recall, f1, cluster_precision, ..._recall, ..._f1, largest.

    `relation` has columns record, truth and found, one row a record. A figure is null where there
    is no pair.
    """
    cursor = db.execute(FIGURES.format(relation=relation))
    names = [column[0] for column in cursor.description or ()]
    [row] = cursor.fetchall()
    return dict(zip(names, row, strict=True))
