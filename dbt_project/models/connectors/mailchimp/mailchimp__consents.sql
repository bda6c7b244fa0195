-- Grain: one member who said yes or no to marketing by e-mail.
with

members as (

    select * from {{ ref('stg_mailchimp__members') }}
    -- A dead address (cleaned), a confirmation that is awaited and a buyer who never signed up
    -- (transactional) say neither; who was archived is on no list.
    where
        deleted_reason is null
        and status in ('subscribed', 'unsubscribed')

),

final as (

    select
        ---------- ids
        'mailchimp' as source,
        list_id || ':' || contact_id as source_record_id,
        concat_ws(':', 'mailchimp', list_id, contact_id, 'marketing') as consent_id,
        concat_ws(':', 'mailchimp', list_id, contact_id) as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        case status
            when 'subscribed' then 'granted'
            else 'withdrawn'
        end as state,

        ---------- timestamps
        -- Since when somebody does not want it the list does not tell.
        case when status = 'subscribed' then opted_at end as valid_from

    from members

)

select * from final
