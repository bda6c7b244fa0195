-- Grain: one invitation that reached somebody, in its closed period, with what is known of whom it
-- asked. The period is the wave, else the quarter of sending. People stop here: marts take sums.
with

invitations as (

    select
        *,
        {{ local_date('sent_at') }} as sent_on
    from {{ ref('int_survey_invitations') }}
    where status not in ('sampled', 'quarantined', 'bounced')

),

persons as (

    select * from {{ source('identity', 'persons') }}

),

units as (

    select * from {{ ref('int_employments__units_at_wave') }}

),

waves as (

    select
        instrument,
        wave_opened_on,
        max(coalesce(wave_closed_on, date '9999-12-31')) as wave_closed_on
    from invitations
    where wave_opened_on is not null
    group by instrument, wave_opened_on

),

placed as (

    select
        invitations.*,
        case when waves.wave_opened_on is not null then 'wave' else 'quarter' end as period_kind,
        coalesce(
            waves.wave_opened_on, cast(date_trunc('quarter', invitations.sent_on) as date)
        ) as period_start,
        coalesce(
            waves.wave_closed_on,
            cast(date_trunc('quarter', invitations.sent_on) + interval 3 month as date)
        ) as period_end
    from invitations
    left join waves
        on
            invitations.instrument = waves.instrument
            and invitations.wave_opened_on = waves.wave_opened_on

),

final as (

    select
        placed.invitation_id,
        placed.instrument,
        protection.confidentiality,
        protection.minimum_group,
        placed.period_kind,
        placed.period_start,
        placed.period_end,
        coalesce(placed.person_id, placed.account_id, placed.invitation_id) as respondent_id,
        placed.status = 'completed' as is_answered,
        placed.response_id,
        placed.sent_at,
        placed.completed_at,
        ---------- the margins, at most four
        placed.audience,
        coalesce(persons.country, 'unknown') as country,
        case
            when placed.period_kind = 'wave' then coalesce(units.department, 'unknown')
        end as department
    from placed
    inner join {{ ref('int_instruments__protection') }} as protection
        on placed.instrument = protection.instrument
    left join persons on placed.person_id = persons.person_id
    left join units
        on
            placed.person_id = units.person_id
            and placed.wave_opened_on = units.wave_opened_on
    where placed.period_end <= {{ local_date(as_of()) }}

)

select * from final
