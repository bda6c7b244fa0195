-- Grain: one member who said yes or no to marketing by e-mail.
with

members as (

    select * from {{ ref('stg_mailchimp__members') }}

),

living as (

    select * from members
    where deleted_reason is null

),

-- A dead address (cleaned), a confirmation that is awaited and a buyer who never signed up
-- (transactional) say neither. Who was archived may have said no before, which the list does not
-- tell any more: it holds for them wherever else they said yes, unless they are on this list anew.
said as (

    select * from living
    where status in ('subscribed', 'unsubscribed')

    union all

    select members.*
    from members
    left join living
        on
            members.list_id = living.list_id
            and members.email_id = living.email_id
    where members.deleted_reason = 'archived' and living.contact_id is null

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

    from said

)

select * from final
