-- Grain: one person x first day of a wave: the unit as known when the wave was launched.
-- Confidential answers are cut by units frozen at launch (domain, privacy).
with

employments as (

    select * from {{ ref('int_employments') }}
    where person_id is not null

),

waves as (

    select wave_opened_on from {{ ref('survey_answers') }}
    where wave_opened_on is not null

    union

    select wave_opened_on from {{ ref('survey_invitations') }}
    where wave_opened_on is not null

),

final as (

    select
        employments.person_id,
        waves.wave_opened_on,
        employments.department
    from employments
    inner join waves
        on
            employments.valid_from <= waves.wave_opened_on
            and (
                employments.valid_to is null
                or employments.valid_to > waves.wave_opened_on
            )
            and (
                employments.known_from is null
                or {{ local_date('employments.known_from') }} <= waves.wave_opened_on
            )
            and (
                employments.known_to is null
                or waves.wave_opened_on < {{ local_date('employments.known_to') }}
            )
    qualify
        row_number() over (
            partition by employments.person_id, waves.wave_opened_on
            order by employments.valid_from desc, employments.employment_id desc
        ) = 1

)

select * from final
