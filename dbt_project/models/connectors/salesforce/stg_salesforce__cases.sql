-- Grain: one case, deleted and merged ones included.
with

source as (

    select * from {{ source('salesforce', 'cases') }}

),

final as (

    select
        ---------- ids
        id as case_id,
        contact_id,
        account_id,
        owner_id,
        master_id,

        ---------- facts
        type as case_type,
        reason,
        origin,
        status,
        priority,
        is_closed,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as updated_at,
        cast(closed_at as timestamp) as closed_at

    from source

)

select * from final
