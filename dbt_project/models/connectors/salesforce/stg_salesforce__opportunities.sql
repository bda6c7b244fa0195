-- Grain: one deal, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'opportunities') }}

),

final as (

    select
        ---------- ids
        id as opportunity_id,

        ---------- facts
        stage,
        is_closed,
        is_won,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        close_date

    from source

)

select * from final
