-- Grain: one thing that somebody did in the community and that the registry counts as a touchpoint.
with

posts as (

    select * from {{ ref('stg_discourse__posts') }}
    where
        post_type = 1
        and not is_hidden
        and deleted_reason is null

),

likes as (

    select likes.*
    from {{ ref('stg_discourse__likes') }} as likes
    -- With a post, and with an account, its likes are gone.
    inner join posts on likes.post_id = posts.post_id
    inner join {{ ref('stg_discourse__users') }} as users
        on likes.user_id = users.user_id
    where likes.deleted_reason is null and users.deleted_reason is null

),

deeds as (

    select
        'post' as code,
        post_id as source_record_id,
        user_id,
        case when is_via_email then 'email' else 'web' end as channel,
        created_at
    from posts
    where not is_by_staff

    union all

    select
        'like' as code,
        post_id || ':' || user_id as source_record_id,
        user_id,
        'web' as channel,
        created_at
    from likes

),

final as (

    select
        ---------- ids
        'discourse' as source,
        deeds.source_record_id,
        concat_ws(':', 'discourse', deeds.code, deeds.source_record_id)
            as touchpoint_id,
        'discourse:' || deeds.user_id as account_id,
        null as location_id,

        ---------- facts
        actions.value as touchpoint_type,
        deeds.channel,
        'inbound' as direction,

        ---------- timestamps
        deeds.created_at as occurred_at

    from deeds

    inner join {{ ref('source_codes') }} as actions
        on
            actions.source = 'discourse'
            and actions.field = 'action'
            and deeds.code = actions.code

)

select * from final
