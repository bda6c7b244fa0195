-- Grain: one thing done with a mail that the registry counts as a touch; a bounce touched nobody.
with

activity as (

    select
        *,
        -- The hash of an address is not to be read in a key.
        md5(concat_ws(':', campaign_id, email_id, action, occurred_at)) as activity_id
    from {{ ref('stg_mailchimp__activity') }}

),

campaigns as (

    select * from {{ ref('stg_mailchimp__campaigns') }}

),

-- An address is once on a list; one of a member who is gone is nobody's.
members as (

    select * from {{ ref('stg_mailchimp__members') }}
    where email_id is not null

    qualify
        row_number() over (
            partition by list_id, email_id
            order by deleted_reason is not null asc, updated_at desc, contact_id asc
        ) = 1

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'mailchimp'

),

final as (

    select
        ---------- ids
        'mailchimp' as source,
        activity.activity_id as source_record_id,
        'mailchimp:' || activity.activity_id as touchpoint_id,
        'mailchimp:' || members.list_id || ':' || members.contact_id as account_id,
        null as location_id,

        ---------- facts
        lists.value as touchpoint_type,
        'email' as channel,
        'inbound' as direction,

        ---------- timestamps
        activity.occurred_at

    from activity

    inner join codes as actions
        on actions.field = 'touching_action' and activity.action = actions.code

    left join campaigns
        on activity.campaign_id = campaigns.campaign_id

    left join members
        on
            campaigns.list_id = members.list_id
            and activity.email_id = members.email_id

    left join codes as lists
        on lists.field = 'list' and campaigns.list_id = lists.code

)

select * from final
