-- Grain: one status; one that left every workflow stays.
with

source as (

    select * from {{ source('jira', 'statuses') }}

),

final as (

    select
        ---------- ids
        id as status_id,

        ---------- facts
        name,
        category

    from source

)

select * from final
