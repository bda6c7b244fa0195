-- Grain: one account that wrote under our films and of which anything still stands.
with

comments as (

    select * from {{ ref('stg_youtube__comments') }}
    where
        deleted_reason is null
        and author_channel_id is not null
        -- What a channel of ours writes is no audience's.
        and author_channel_id not in (
            select channel_id from {{ ref('stg_youtube__comments') }}
        )

),

accounts as (

    select distinct author_channel_id
    from comments

),

final as (

    select
        ---------- ids
        'youtube' as source,
        author_channel_id as source_record_id,
        'youtube:' || author_channel_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'user' as account_kind,
        -- A handle is no name, and no other system knows it.
        null as first_name,
        null as last_name,
        null as full_name,
        null as email,
        null as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        false as is_deleted,
        null as attributes,

        ---------- timestamps
        null as created_at,
        null as updated_at

    from accounts

)

select * from final
