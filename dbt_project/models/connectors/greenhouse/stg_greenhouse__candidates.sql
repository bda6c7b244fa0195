-- Grain: one candidate.
with

source as (

    select * from {{ source('greenhouse', 'candidates') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as candidate_id,

        ---------- facts
        first_name,
        last_name,
        from_json(email_addresses, '[{"value": "varchar"}]') as email_addresses,
        from_json(phone_numbers, '[{"value": "varchar"}]') as phone_numbers,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
