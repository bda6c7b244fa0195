-- Grain: one account of a person; the forum's own, with numbers below zero, are none.
with

users as (

    select
        *,
        -- What Discourse puts in place of the address of somebody who was made anonymous.
        coalesce(email like '%@anonymized.invalid', false) as is_husk
    from {{ ref('stg_discourse__users') }}
    where user_id not like '-%'

),

final as (

    select
        ---------- ids
        'discourse' as source,
        user_id as source_record_id,
        'discourse:' || user_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        -- An account that was merged is gone without a word of into which.
        null as merged_into_account_id,

        ---------- facts
        case when is_admin or is_moderator then 'agent' else 'user' end as account_kind,
        null as first_name,
        null as last_name,
        nullif(trim(name), '') as full_name,
        case when not is_husk then nullif(email, '') end as email,
        null as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        deleted_reason is not null or is_husk as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        null as updated_at

    from users

)

select * from final
