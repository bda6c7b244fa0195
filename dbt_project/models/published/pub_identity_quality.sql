-- Grain: one figure.
select
    cast(figure as string) as figure,
    cast(value as double) as value
from {{ ref('fct_identity_quality') }}
order by figure
