-- Grain: one audience x intention x quarter: what people said they would do, and what they did.
-- Gap: said less did, of the same people (paired; Agresti and Min: half a person added to each cell).
-- Follow-through: did of those who said (Wilson). Lift: that less did of those who did not say
-- (Newcombe). Shown once the window of the quarter's last answer is over, and where a source has told
-- of such deeds since before the quarter.
with

intentions as (

    select * from {{ ref('intentions') }}

),

said as (

    select * from {{ ref('int_intentions') }}

),

-- Since when the deeds of a kind are on record at all.
records as (

    select
        deed,
        min(happened_on) as since
    from {{ ref('int_intention_deeds') }}
    group by deed

    union all

    select
        'renewal' as deed,
        min({{ local_date('memberships.valid_from') }}) as since
    from {{ ref('int_memberships') }} as memberships
    inner join {{ ref('contract_audiences') }} as contract_audiences
        on memberships.audience = contract_audiences.audience

),

hidden as (

    select distinct
        metric_values.audience,
        metrics.role as metric_role,
        metric_values.period_start
    from {{ ref('fct_metric_values') }} as metric_values
    inner join {{ ref('metrics') }} as metrics on metric_values.metric = metrics.metric
    where
        metric_values.period_kind = 'quarter'
        and metric_values.segment = 'all'
        and metric_values.status = 'suppressed'

),

counted as (

    select
        audience,
        intention,
        period_start,
        cast(period_start + interval 3 month as date) as period_end,
        count(*) as people,
        count(*) filter (where said) as people_said,
        count(*) filter (where not said) as people_unsaid,
        count(*) filter (where did) as people_did,
        count(*) filter (where said and did) as kept,
        count(*) filter (where said and not did) as unkept,
        count(*) filter (where did and not said) as unsaid_did
    from said
    group by audience, intention, period_start

),

shares as (

    select
        counted.*,
        intentions.label,
        intentions.window_days,
        people_said / people as said_share,
        people_did / people as did_share,
        (unkept - unsaid_did) / people as gap,
        (unkept - unsaid_did) / (people + 2.0) as gap_middle,
        sqrt(
            unkept + unsaid_did + 1.0
            - pow(unkept - unsaid_did, 2) / (people + 2.0)
        ) / (people + 2.0) as gap_error,
        kept / nullif(people_said, 0) as follow_through,
        unsaid_did / nullif(people_unsaid, 0) as unsaid_share,
        case
            when
                people < {{ minimum_group('audiences') }}
                or people_said between 1 and {{ minimum_group('audiences') }} - 1
                or people_unsaid between 1 and {{ minimum_group('audiences') }} - 1
                or hidden.audience is not null
                then 'suppressed'
            when coalesce(records.since > counted.period_start, true) then 'not_measured'
            when
                counted.period_end + cast(intentions.window_days as integer)
                > {{ local_date(as_of()) }}
                then 'not_mature'
            when people < 30 then 'low_n'
            else 'ok'
        end as status
    from counted
    inner join intentions on counted.intention = intentions.intention
    left join records on intentions.deed = records.deed
    left join {{ ref('audiences') }} as audiences on counted.audience = audiences.audience
    left join hidden
        on
            counted.audience = hidden.audience
            and counted.period_start = hidden.period_start
            and intentions.metric_role = hidden.metric_role

),

bounded as (

    select
        *,
        {{ wilson('-', 'follow_through', 'people_said') }} as follow_through_low,
        {{ wilson('+', 'follow_through', 'people_said') }} as follow_through_high,
        {{ wilson('-', 'unsaid_share', 'people_unsaid') }} as unsaid_share_low,
        {{ wilson('+', 'unsaid_share', 'people_unsaid') }} as unsaid_share_high,
        greatest(-1.0, least(gap, gap_middle - 1.959964 * gap_error)) as gap_low,
        least(1.0, greatest(gap, gap_middle + 1.959964 * gap_error)) as gap_high
    from shares

),

compared as (

    select
        *,
        follow_through - unsaid_share as lift,
        {{ newcombe('-', 'follow_through', 'unsaid_share') }} as lift_low,
        {{ newcombe('+', 'follow_through', 'unsaid_share') }} as lift_high
    from bounded

),

final as (

    select
        ---------- keys
        audience,
        intention,
        period_start,
        period_end,
        label,
        window_days,

        ---------- figures, of windows that are over
        {%- for figure in [
            'people', 'people_said', 'said_share', 'did_share', 'gap', 'gap_low', 'gap_high',
            'follow_through', 'follow_through_low', 'follow_through_high',
            'lift', 'lift_low', 'lift_high',
        ] %}
            case when status in ('ok', 'low_n') then {{ figure }} end as {{ figure }},
        {%- endfor %}
        'association, not cause' as basis,
        status

    from compared

)

select * from final
