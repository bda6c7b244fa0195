-- Grain: one audience x stage x quarter x labeller x language x kind of feedback: how much is negative.
-- By labeller and language, as they do not pool; against what was asked (triggered) at the same stage.
-- Hidden: fewer than ten people; what the sentiment metric hides of that audience and kind; and a stage
-- that leaves fewer than ten people to the other stages. The labeller's own error is not in the interval.
with

texts as (

    select * from {{ ref('int_listening_texts') }}

),

sentiment as (

    select * from {{ ref('fct_metric_values') }}
    where metric = 'sentiment_negative_share' and period_kind = 'quarter'

),

by_person as (

    select
        audience,
        journey,
        stage,
        period_start,
        labeller,
        language,
        kind,
        respondent_id,
        count(*) as texts,
        count(*) filter (where is_negative) as negatives
    from texts
    group by all

),

people as (

    select
        audience,
        period_start,
        labeller,
        language,
        kind,
        count(distinct respondent_id) as people
    from texts
    group by all

),

cells as (

    select
        audience,
        journey,
        stage,
        period_start,
        labeller,
        language,
        kind,
        sum(texts) as texts,
        sum(negatives) as negatives,
        count(*) as people,
        sum(negatives) / sum(texts) as share,
        -- Sums of squares of what each person adds to the share.
        sum(pow(negatives, 2)) - 2 * sum(negatives) / sum(texts) * sum(negatives * texts)
        + pow(sum(negatives) / sum(texts), 2) * sum(pow(texts, 2)) as squares
    from by_person
    where stage is not null
    group by audience, journey, stage, period_start, labeller, language, kind

),

-- Who wrote at this stage alone leaves the others without them.
elsewhere as (

    select
        cells.audience,
        cells.journey,
        cells.stage,
        cells.period_start,
        cells.labeller,
        cells.language,
        cells.kind,
        count(distinct by_person.respondent_id) as people
    from cells
    inner join by_person
        on
            cells.audience = by_person.audience
            and cells.period_start = by_person.period_start
            and cells.labeller = by_person.labeller
            and cells.language = by_person.language
            and cells.kind = by_person.kind
            and (
                by_person.stage is null
                or cells.stage <> by_person.stage
                or cells.journey <> by_person.journey
            )
    group by all

),

judged as (

    select
        cells.*,
        cells.texts / greatest(1.0, coalesce(
            cells.squares / pow(cells.texts, 2) * cells.people / nullif(cells.people - 1, 0)
            / nullif(cells.share * (1 - cells.share) / nullif(cells.texts - 1, 0), 0),
            1.0
        )) as n_eff,
        case
            when
                cells.people < {{ minimum_group('audiences', 'true') }}
                or coalesce(elsewhere.people, 0)
                between 1 and {{ minimum_group('audiences', 'true') }} - 1
                or coalesce(sentiment.status, 'suppressed') = 'suppressed'
                then 'suppressed'
            when cells.texts < 30 then 'low_n'
            else 'ok'
        end as status
    from cells
    left join elsewhere
        on
            cells.audience = elsewhere.audience
            and cells.journey = elsewhere.journey
            and cells.stage = elsewhere.stage
            and cells.period_start = elsewhere.period_start
            and cells.labeller = elsewhere.labeller
            and cells.language = elsewhere.language
            and cells.kind = elsewhere.kind
    left join {{ ref('audiences') }} as audiences on cells.audience = audiences.audience
    left join sentiment
        on
            cells.audience = sentiment.audience
            and cells.period_start = sentiment.period_start
            and {{ segment(
                "'feedback;labeller;language'",
                "json_object('labeller', cells.labeller, 'language', cells.language)",
                'cells.kind',
            ) }} = sentiment.segment

),

bounded as (

    select
        *,
        {{ wilson('-', 'share', 'n_eff') }} as share_low,
        {{ wilson('+', 'share', 'n_eff') }} as share_high
    from judged

),

asked as (

    select
        audience,
        journey,
        stage,
        period_start,
        labeller,
        language,
        share as asked,
        share_low as asked_low,
        share_high as asked_high,
        -- Of what it is held against.
        unnest(['always_on', 'unsolicited']) as kind
    from bounded
    where kind = 'triggered' and status <> 'suppressed'

),

compared as (

    select
        bounded.*,
        bounded.share - asked.asked as difference,
        {{ newcombe('-', 'bounded.share', 'asked.asked') }} as difference_low,
        {{ newcombe('+', 'bounded.share', 'asked.asked') }} as difference_high
    from bounded
    left join asked
        on
            bounded.audience = asked.audience
            and bounded.journey = asked.journey
            and bounded.stage = asked.stage
            and bounded.period_start = asked.period_start
            and bounded.labeller = asked.labeller
            and bounded.language = asked.language
            and bounded.kind = asked.kind

),

final as (

    select
        ---------- keys
        audience,
        journey,
        stage,
        period_start,
        cast(period_start + interval 3 month as date) as period_end,
        labeller,
        language,
        kind,

        ---------- figures
        {%- for figure in [
            'texts', 'people', 'n_eff', 'share', 'share_low', 'share_high',
            'difference', 'difference_low', 'difference_high',
        ] %}
            case when status <> 'suppressed' then {{ figure }} end as {{ figure }},
        {%- endfor %}
        case
            when status = 'suppressed' or difference is null then null
            when difference_low > 0 then 'worse than what was asked'
            when difference_high < 0 then 'better than what was asked'
            else 'no clear difference'
        end as finding,
        status

    from compared
    -- A quarter that is not over has no tone yet.
    where cast(period_start + interval 3 month as date) <= {{ local_date(as_of()) }}

)

select * from final
