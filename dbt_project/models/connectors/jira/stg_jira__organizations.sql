-- Grain: one organisation, those that are gone included.
with

source as (

    select * from {{ source('jira', 'organizations') }}

),

final as (

    select
        ---------- ids
        id as organization_id,

        ---------- facts
        name,
        _deleted_reason as deleted_reason

    from source

)

select * from final
