-- Grain: one e-mail of a case.
with

source as (

    select * from {{ source('salesforce', 'email_messages') }}

),

final as (

    select
        ---------- ids
        id as message_id,
        case_id,
        created_by_id,

        ---------- facts
        from_address,
        body,
        is_incoming,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(sent_at as timestamp) as sent_at

    from source

)

select * from final
