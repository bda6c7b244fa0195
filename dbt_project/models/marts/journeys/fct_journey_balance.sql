-- Grain: one audience x phase x measure, over the 365 days to the run's clock.
-- What is invested before, during and after the defining transaction, against where people come back
-- and where they leave. A count behind which fewer than the audience's minimum group stand is hidden
-- in every phase: from the others and a sum it could be had.
{% set measures = [
    'touchpoint', 'cost', 'invitation', 'response', 'repeat_contact', 'transfer', 'return',
    'repeat_order', 'ended_membership',
] %}
with

entries as (

    select * from {{ ref('int_journey_balance_entries') }}

),

audiences as (

    select
        audience,
        family,
        greatest(coalesce(minimum_group, 5), case when is_minor then 10 else 5 end)
            as minimum_group
    from {{ ref('audiences') }}

),

measures as (

    select unnest(['{{ measures | join("', '") }}']) as measure

),

phases as (

    select unnest(['before', 'during', 'after', 'unplaced']) as phase

),

counted as (

    select
        audience,
        phase,
        measure,
        cast(count(*) as double) as value,
        count(distinct respondent_id) as persons
    from entries
    group by audience, phase, measure

    union all

    select
        audience,
        phase,
        'cost' as measure,
        sum(cost) as value,
        count(distinct respondent_id) as persons
    from entries
    where measure = 'touchpoint'
    group by audience, phase

),

filled as (

    select
        audiences.audience,
        audiences.family,
        audiences.minimum_group,
        phases.phase,
        measures.measure,
        -- What nothing is declared to cost has no cost, which is not a cost of nothing.
        case when measures.measure = 'cost' then counted.value else coalesce(counted.value, 0) end
            as value,
        coalesce(counted.persons, 0) as persons
    from audiences
    cross join phases
    cross join measures
    left join counted
        on
            audiences.audience = counted.audience
            and phases.phase = counted.phase
            and measures.measure = counted.measure

),

judged as (

    select
        filled.*,
        sum(filled.value) over of_measure as over_all_phases,
        case
            -- Surveys of the workforce are promised to be counted by wave alone.
            when filled.family = 'workforce' and filled.measure in ('invitation', 'response')
                then 'not_measured'
            when filled.value is null then 'not_measured'
            when bool_or(filled.persons between 1 and filled.minimum_group - 1) over of_measure
                then 'suppressed'
            else 'ok'
        end as status
    from filled
    window of_measure as (partition by filled.audience, filled.measure)

),

final as (

    select
        ---------- keys
        judged.audience,
        judged.phase,
        judged.measure,

        ---------- figures
        case when judged.status = 'ok' then judged.value end as value,
        case when judged.status = 'ok' then judged.value / nullif(judged.over_all_phases, 0) end
            as share,
        case when judged.status = 'ok' then cast(judged.persons as bigint) end as persons,
        judged.status,

        ---------- of when
        {{ as_of() }} - interval 365 day as begins_at,
        {{ as_of() }} as as_of

    from judged

)

select * from final
