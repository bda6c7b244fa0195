-- Grain: one letter to us, or one comment that a portal's user left on a case.
with

cases as (

    select
        case_id,
        contact_id
    from {{ ref('stg_salesforce__cases') }}
    where deleted_reason is null

),

-- Somebody else may write about a case: the sender is its contact only by the address.
letters as (

    select
        messages.message_id as record_id,
        messages.case_id,
        contacts.contact_id,
        messages.body,
        messages.sent_at as occurred_at

    from {{ ref('stg_salesforce__email_messages') }} as messages

    inner join cases
        on messages.case_id = cases.case_id

    left join {{ ref('stg_salesforce__contacts') }} as contacts
        on
            cases.contact_id = contacts.contact_id
            and lower(messages.from_address) = lower(contacts.email)

    where messages.is_incoming and messages.deleted_reason is null

),

comments as (

    select
        comments.comment_id as record_id,
        comments.case_id,
        users.contact_id,
        comments.body,
        comments.created_at as occurred_at

    from {{ ref('stg_salesforce__case_comments') }} as comments

    inner join cases
        on comments.case_id = cases.case_id

    inner join {{ ref('stg_salesforce__users') }} as users
        on comments.created_by_id = users.user_id

    where users.contact_id is not null and comments.deleted_reason is null

),

turns as (

    select * from letters
    union all
    select * from comments

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        record_id as source_record_id,
        'salesforce:' || record_id as turn_id,
        'salesforce:' || contact_id as account_id,
        null as response_id,
        'salesforce:' || case_id as ticket_id,
        null as instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        'unsolicited' as feedback_kind,
        body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        occurred_at

    from turns

    where trim(body) <> ''

)

select * from final
