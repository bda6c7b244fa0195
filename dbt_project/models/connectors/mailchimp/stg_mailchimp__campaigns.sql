-- Grain: one campaign that was sent, those that are gone included.
with

source as (

    select * from {{ source('mailchimp', 'campaigns') }}

),

final as (

    select
        ---------- ids
        id as campaign_id,
        list_id,

        ---------- facts
        title,
        emails_sent,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(send_time as timestamp) as sent_at

    from source

)

select * from final
