-- Grain: one closed wave of the culture survey, with the orientation that its score is called by.
-- A proxy: the cut-offs are our own (seed orientations), and an interval may reach over one.
with

scores as (

    select * from {{ ref('fct_culture') }}
    where
        instrument = 'culture_survey'
        and role = 'statement'
        and question = 'all'

),

orientations as (

    select
        orientation,
        from_score,
        coalesce(lead(from_score) over (order by from_score asc), 1e9) as below_score
    from {{ ref('orientations') }}

),

final as (

    select
        scores.period_start,
        scores.period_end,
        scores.people,
        scores.value as score,
        scores.low,
        scores.high,
        held.orientation,
        held_low.orientation as orientation_low,
        held_high.orientation as orientation_high,
        'a proxy by our own cut-offs' as basis,
        scores.status
    from scores
    left join orientations as held
        on scores.value >= held.from_score and scores.value < held.below_score
    left join orientations as held_low
        on scores.low >= held_low.from_score and scores.low < held_low.below_score
    left join orientations as held_high
        on scores.high >= held_high.from_score and scores.high < held_high.below_score

)

select * from final
