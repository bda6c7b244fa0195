-- Grain: one thing that was done with one mail of a campaign in one second.
with

source as (

    select * from {{ source('mailchimp', 'activity') }}

),

final as (

    select
        ---------- ids
        campaign_id,
        email_id,

        ---------- facts
        action,
        type as bounce_type,

        ---------- timestamps
        cast(timestamp as timestamp) as occurred_at

    from source

)

select * from final
