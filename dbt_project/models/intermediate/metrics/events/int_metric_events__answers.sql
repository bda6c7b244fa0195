-- Grain: one valid answer of a complete response.
with

instruments as (

    select * from {{ ref('instruments') }}

),

persons as (

    select * from {{ source('identity', 'persons') }}

),

units as (

    select * from {{ ref('int_employments__units_at_wave') }}

),

final as (

    select
        'answer' as event,
        answers.metric_role as role,
        'answer:' || answers.answer_id as event_id,
        answers.source,
        answers.audience,
        answers.family,
        answers.person_id,
        answers.account_id,
        'response:' || answers.response_id as record_id,
        answers.answer_value as value,
        answers.weight,
        answers.scale_min,
        answers.scale_max,
        concat_ws(
            ':', answers.instrument, answers.question_id, answers.scale_min, answers.scale_max
        ) as scale_key,
        instruments.feedback_kind,
        -- What nobody declared to be identified is protected.
        coalesce(answers.confidentiality, 'confidential') <> 'identified' as is_protected,
        {{ local_date('answers.answered_at') }} as observed_on,
        answers.wave_opened_on,
        answers.wave_closed_on,
        answers.snapshot_date,
        -- What the record itself declares wins; a patch with null would take it away.
        json_merge_patch(
            json_object(
                'instrument', answers.instrument,
                'department', units.department,
                'country', persons.country
            ),
            coalesce(answers.attributes, '{}')
        ) as dimensions
    from {{ ref('int_survey_answers') }} as answers
    left join instruments on answers.instrument = instruments.instrument
    left join persons on answers.person_id = persons.person_id
    left join units
        on
            answers.person_id = units.person_id
            and answers.wave_opened_on = units.wave_opened_on
    where
        answers.response_status = 'complete'
        and answers.answer_value between answers.scale_min and answers.scale_max

)

select * from final
