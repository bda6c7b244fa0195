-- Grain: one figure on how accounts were joined, of all, of one kind of identifier or one reason.
select
    figure,
    identifier_kind,
    contested_reason,
    value,
    missing_because
from {{ ref('int_identity_quality') }}
