-- Grain: one audience x stage of a journey x what people did: those never heard against those heard.
-- An association: who answers is another person than who does not.
with

people as (

    select * from {{ ref('int_listening_outcomes') }}

),

counted as (

    select
        audience,
        journey,
        stage,
        outcome,
        begins_on as period_start,
        ends_on as period_end,
        watched_from,
        watched_to,
        count(*) filter (where is_heard) as heard,
        count(*) filter (where is_heard and did) as heard_did,
        count(*) filter (where not is_heard) as never_heard,
        count(*) filter (where not is_heard and did) as never_heard_did
    from people
    group by all

),

shares as (

    select
        counted.*,
        heard_did / nullif(heard, 0) as heard_share,
        never_heard_did / nullif(never_heard, 0) as never_heard_share,
        case
            when
                least(heard, never_heard) between 1 and {{ minimum_group('audiences') }} - 1
                or heard + never_heard < {{ minimum_group('audiences') }}
                then 'suppressed'
            when heard = 0 or never_heard = 0 then 'not_measured'
            when least(heard, never_heard) < 30 then 'low_n'
            else 'ok'
        end as status
    from counted
    left join {{ ref('audiences') }} as audiences on counted.audience = audiences.audience

),

bounded as (

    select
        *,
        {{ wilson('-', 'heard_share', 'heard') }} as heard_share_low,
        {{ wilson('+', 'heard_share', 'heard') }} as heard_share_high,
        {{ wilson('-', 'never_heard_share', 'never_heard') }} as never_heard_share_low,
        {{ wilson('+', 'never_heard_share', 'never_heard') }} as never_heard_share_high
    from shares

),

compared as (

    select
        *,
        never_heard_share - heard_share as difference,
        {{ newcombe('-', 'never_heard_share', 'heard_share') }} as difference_low,
        {{ newcombe('+', 'never_heard_share', 'heard_share') }} as difference_high
    from bounded

),

final as (

    select
        ---------- keys
        audience,
        journey,
        stage,
        outcome,
        period_start,
        period_end,
        watched_from,
        watched_to,

        ---------- figures
        {%- for figure in [
            'heard', 'never_heard',
            'heard_share', 'heard_share_low', 'heard_share_high',
            'never_heard_share', 'never_heard_share_low', 'never_heard_share_high',
            'difference', 'difference_low', 'difference_high',
        ] %}
            case when status <> 'suppressed' then {{ figure }} end as {{ figure }},
        {%- endfor %}
        case
            when status in ('suppressed', 'not_measured') then null
            when difference_low > 0 then 'more of the never heard'
            when difference_high < 0 then 'fewer of the never heard'
            else 'no clear difference'
        end as finding,
        'association, not cause' as basis,
        status

    from compared

)

select * from final
