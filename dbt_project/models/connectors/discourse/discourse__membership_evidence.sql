-- Grain: one account that somebody made and still has; who looks after the forum is no member.
with

users as (

    select * from {{ ref('stg_discourse__users') }}
    where
        user_id not like '-%'
        and deleted_reason is null
        and not is_staged
        and not is_admin
        and not is_moderator
        and coalesce(email, '') not like '%@anonymized.invalid'

),

final as (

    select
        ---------- ids
        'discourse' as source,
        user_id as source_record_id,
        concat_ws(':', 'discourse', user_id, 'community_member') as evidence_id,
        'discourse:' || user_id as account_id,

        ---------- facts
        'community_member' as audience,
        'account in the community' as evidence,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- timestamps
        created_at as valid_from,
        null as valid_to

    from users

)

select * from final
