-- Grain: one figure on how accounts were joined into persons.
select
    figure,
    value
from {{ ref('int_identity_quality') }}
