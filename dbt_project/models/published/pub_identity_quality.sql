-- Grain: one figure, of all, of one kind of identifier or of one reason.
select
    cast(figure as string) as figure,
    cast(identifier_kind as string) as identifier_kind,
    cast(contested_reason as string) as contested_reason,
    cast(value as double) as value,
    cast(missing_because as string) as missing_because
from {{ ref('fct_identity_quality') }}
order by figure, identifier_kind nulls first, contested_reason nulls first
