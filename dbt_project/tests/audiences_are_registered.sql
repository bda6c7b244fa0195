-- Nobody lives anything as an audience that no registry knows: a mapping or a source is wrong.
{{ config(meta={
    'dagster': {'ref': {'name': 'int_experiences'}},
    'classes': {'audience': 'none'},
}) }}
with

found as (

    select audience from {{ ref('int_experiences') }}

    union

    select audience from {{ ref('int_memberships') }}

    union

    select audience from {{ ref('int_metric_events') }}

)

select found.audience
from found
left join {{ ref('audiences') }} as audiences on found.audience = audiences.audience
where
    audiences.audience is null
    and found.audience <> 'unassigned'
