-- Grain: one company or person account, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'accounts') }}

),

final as (

    select
        ---------- ids
        id as account_id,
        parent_id,
        master_id,

        ---------- facts
        name,
        website,
        type as account_type,
        country,
        country_code,
        is_person,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as updated_at

    from source

)

select * from final
