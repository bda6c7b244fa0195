-- Grain: one task, call, e-mail or meeting towards a contact or lead.
with

activities as (

    select
        task_id as record_id,
        who_id,
        owner_id,
        case subtype
            when 'Call' then 'call'
            when 'Email' then 'email'
            when 'ListEmail' then 'email'
            else 'task'
        end as activity_type,
        created_at as occurred_at,
        case when is_closed then completed_at end as completed_at
    from {{ ref('stg_salesforce__tasks') }}
    where deleted_reason is null

    union all

    -- Nobody says whether a meeting took place.
    select
        event_id as record_id,
        who_id,
        owner_id,
        'meeting' as activity_type,
        starts_at as occurred_at,
        null as completed_at
    from {{ ref('stg_salesforce__events') }}
    where deleted_reason is null

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        record_id as source_record_id,
        'salesforce:' || record_id as activity_id,
        'salesforce:' || who_id as account_id,
        'salesforce:' || owner_id as actor_account_id,

        ---------- facts
        activity_type,

        ---------- timestamps
        occurred_at,
        completed_at

    from activities

    where who_id is not null

)

select * from final
