-- Grain: one answer that counts (int_survey_answers__judged says which do).
-- A relationship is asked about as a whole, an interaction by itself: NPS and eNPS of a survey after
-- an interaction, and satisfaction, ease and expectation of one about the whole, stand apart.
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
            ':',
            answers.instrument,
            coalesce(answers.question_key, answers.question_id),
            answers.scale_min,
            answers.scale_max
        ) as scale_key,
        case
            when coalesce(instruments.feedback_kind, 'triggered') <> 'triggered'
                then instruments.feedback_kind
            when
                answers.metric_role in ('nps', 'enps')
                and not coalesce(instruments.relationship, answers.ticket_id is null)
                then 'transactional'
            when
                answers.metric_role in ('csat', 'ces', 'good_bad', 'expectation')
                and instruments.relationship
                then 'relationship'
            else 'triggered'
        end as feedback_kind,
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
                'country', persons.country,
                -- What was promised confidentiality has no cuts but those it was promised with.
                'buys', case
                    when answers.family = 'fan' and answers.confidentiality = 'identified'
                        then {{ buys('purchases', local_date('answers.answered_at')) }}
                end,
                'journey', case
                    when answers.confidentiality = 'identified' then instruments.journey
                end,
                'stage', case
                    when answers.confidentiality = 'identified' then instruments.stage
                end
            ),
            coalesce(answers.attributes, '{}')
        ) as dimensions
    from {{ ref('int_survey_answers__judged') }} as answers
    left join instruments on answers.instrument = instruments.instrument
    left join persons on answers.person_id = persons.person_id
    left join {{ ref('int_persons__purchases') }} as purchases
        on answers.person_id = purchases.person_id
    left join units
        on
            answers.person_id = units.person_id
            and answers.wave_opened_on = units.wave_opened_on
    where answers.excluded_as is null

)

select * from final
