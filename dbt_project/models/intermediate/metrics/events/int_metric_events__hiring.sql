-- Grain: one application as a wait for an accepted offer, and one decided offer.
-- The wait of somebody rejected or withdrawn is censored when that happened, else when the last
-- stage was entered; that of an open application at the run's clock. An offer that was accepted at
-- a time nobody told is no wait and no decision of a period.
with

applications as (

    select * from {{ ref('int_applications') }}

),

waits as (

    select
        *,
        case
            when is_accepted then accepted_at
            when is_lost then coalesce(lost_at, last_entered_at)
            else {{ as_of() }}
        end as stopped_at
    from applications

),

decided as (

    select
        *,
        coalesce(accepted_at, lost_at) as decided_at
    from applications
    where has_offer and (is_accepted or is_lost)

),

hiring as (

    select
        'clock' as event,
        'time_to_hire' as role,
        application_id,
        source,
        person_id,
        account_id,
        date_diff('second', applied_at, stopped_at) / 86400.0 as value,
        is_accepted as has_struck,
        {{ local_date('applied_at') }} as observed_on
    from waits
    where stopped_at >= applied_at

    union all by name

    select
        'offer' as event,
        'decided' as role,
        application_id,
        source,
        person_id,
        account_id,
        case when is_accepted then 1.0 else 0.0 end as value,
        {{ local_date('decided_at') }} as observed_on
    from decided
    where decided_at is not null

),

final as (

    select
        hiring.event,
        hiring.role,
        hiring.event || ':' || hiring.application_id as event_id,
        hiring.source,
        tree.audience,
        tree.family,
        hiring.person_id,
        hiring.account_id,
        hiring.application_id as record_id,
        hiring.value,
        hiring.has_struck,
        hiring.observed_on,
        '{}' as dimensions
    from hiring
    inner join {{ ref('int_audiences__tree') }} as tree
        on tree.audience = 'candidate'

)

select * from final
