-- Grain: one question of which those inside believe something x closed wave x measure: what the audience
-- answered in the calendar quarter in which the wave opened, which is a period of the scores too.
-- Of identified answers that count; a person who answered more often counts for no more than n_eff
-- says (ratio linearisation over persons).
with

beliefs as (

    select distinct
        answers.instrument,
        answers.question,
        beliefs.audience,
        answers.period_start,
        cast(date_trunc('quarter', answers.period_start) as date) as quarter_start,
        cast(date_trunc('quarter', answers.period_start) + interval 3 month as date)
            as quarter_end,
        answers.scale_min,
        answers.scale_max
    from {{ ref('int_culture_answers') }} as answers
    inner join {{ ref('beliefs') }} as beliefs on answers.question = beliefs.question_key
    where
        answers.role = 'belief'
        and date_trunc('quarter', answers.period_start) + interval 3 month
        <= {{ local_date(as_of()) }}

),

-- What was asked; what stands at an open door, or nobody asked for, is another kind of feedback.
answers as (

    select
        judged.*,
        {{ local_date('judged.answered_at') }} as answered_on,
        coalesce(judged.person_id, judged.account_id, judged.response_id) as respondent_id
    from {{ ref('int_survey_answers__judged') }} as judged
    left join {{ ref('instruments') }} as instruments
        on judged.instrument = instruments.instrument
    where
        judged.excluded_as is null
        and judged.confidentiality = 'identified'
        and coalesce(instruments.feedback_kind, 'triggered') = 'triggered'

),

metrics as (

    select * from {{ ref('metrics') }}
    where event = 'answer'

),

counted_from as (

    select
        role,
        min(cast(top_from as double)) as top_from
    from metrics
    where statistic = 'proportion'
    group by role

),

asked as (

    select
        beliefs.*,
        answers.metric_role,
        answers.respondent_id,
        answers.answer_value,
        case
            when counted_from.top_from is not null
                then cast(answers.answer_value >= counted_from.top_from as integer)
        end as is_top
    from beliefs
    inner join answers
        on
            beliefs.question = answers.question_key
            and beliefs.audience = answers.audience
            and beliefs.scale_min = answers.scale_min
            and beliefs.scale_max = answers.scale_max
            and beliefs.quarter_start <= answers.answered_on
            and beliefs.quarter_end > answers.answered_on
    left join counted_from on answers.metric_role = counted_from.role

),

measured as (

    select
        *,
        'mean' as measure,
        answer_value as value
    from asked

    union all by name

    select
        *,
        'top_share' as measure,
        is_top as value
    from asked
    where is_top is not null

),

persons as (

    select
        instrument,
        question,
        audience,
        period_start,
        quarter_start,
        quarter_end,
        scale_min,
        scale_max,
        measure,
        respondent_id,
        min(metric_role) as role,
        count(*) as answers,
        sum(value) as total,
        sum(value * value) as total_squares
    from measured
    group by all

),

summed as (

    select
        instrument,
        question,
        audience,
        period_start,
        quarter_start,
        quarter_end,
        scale_min,
        scale_max,
        measure,
        min(role) as role,
        count(*) as people,
        sum(answers) as n,
        sum(total) / sum(answers) as mean,
        sum(total_squares) / sum(answers) as mean_square,
        sum(total * total) as total_products,
        sum(total * answers) as cross_products,
        sum(answers * answers) as answer_products
    from persons
    group by all

),

questions as (

    select distinct
        instrument,
        question,
        audience,
        period_start,
        quarter_start,
        quarter_end,
        role
    from summed

),

-- Others who answered another question that the same score counts: what is left of it without these.
rest as (

    select
        beliefs.instrument,
        beliefs.question,
        beliefs.period_start,
        count(distinct answers.respondent_id) as people_beside
    from questions as beliefs
    inner join answers
        on
            beliefs.audience = answers.audience
            and beliefs.role = answers.metric_role
            and beliefs.question <> coalesce(answers.question_key, answers.question_id)
            and beliefs.quarter_start <= answers.answered_on
            and beliefs.quarter_end > answers.answered_on
    group by beliefs.instrument, beliefs.question, beliefs.period_start

),

varied as (

    select
        *,
        greatest(
            total_products - 2 * mean * cross_products + mean * mean * answer_products, 0.0
        ) / (n * n) * people / nullif(people - 1, 0) as cluster_variance,
        greatest(mean_square - mean * mean, 0.0) / nullif(n - 1, 0) as plain_variance
    from summed

),

final as (

    select
        varied.instrument,
        varied.question,
        varied.audience,
        varied.period_start,
        varied.quarter_start,
        varied.measure,
        varied.role,
        varied.scale_min,
        varied.scale_max,
        varied.people,
        varied.n,
        varied.n / case
            when varied.plain_variance > 1e-12
                then greatest(varied.cluster_variance / varied.plain_variance, 1.0)
            else varied.n / varied.people
        end as n_eff,
        varied.mean,
        varied.mean_square,
        coalesce(rest.people_beside, 0) as people_beside
    from varied
    left join rest
        on
            varied.instrument = rest.instrument
            and varied.question = rest.question
            and varied.period_start = rest.period_start

)

select * from final
