-- Grain: one role x audience x period x person (else account or record) x dimensions: how somebody
-- stood over or at the end of a period, in parts where somebody moved between cuts in its course.
-- `value` is what is counted, `exposure` what it is counted against; `sources` say so.
-- `is_unknown` says that somebody counts and how is not known; `is_in_parts` that there may be more
-- rows of the same person, role and period, of other dimensions. Where nobody asks who they are, one
-- row may stand for all who are alike, `persons` of them. Told and not kept: there are tens of
-- millions, to write them costs twice what it does to find them, and what they add up to
-- (int_metric_standing_groups) and those who are asked for (int_metric_segmented_standings) are fewer.
{{ config(materialized='view') }}
with

standings as (

    select * from {{ ref('int_metric_standings__absence') }}
    union all by name
    select * from {{ ref('int_metric_standings__activity') }}
    union all by name
    select * from {{ ref('int_metric_standings__advocacy') }}
    union all by name
    select * from {{ ref('int_metric_standings__backlog') }}
    union all by name
    select * from {{ ref('int_metric_standings__engagement') }}
    union all by name
    select * from {{ ref('int_metric_standings__followers') }}
    union all by name
    select * from {{ ref('int_metric_standings__headcount') }}
    union all by name
    select * from {{ ref('int_metric_standings__orders') }}
    union all by name
    select * from {{ ref('int_metric_standings__turnover') }}
    union all by name
    select * from {{ ref('int_metric_standings__turnover_cost') }}
    union all by name
    -- Names and types of what not every kind has.
    select
        cast(null as double) as exposure,
        cast(null as boolean) as is_unknown,
        cast(null as boolean) as is_in_parts,
        cast(null as boolean) as asks_for_persons,
        cast(null as bigint) as persons,
        cast(null as varchar) as respondent_id,
        cast(null as json) as dimensions
    where false

),

final as (

    select
        role,
        audience,
        family,
        coalesce(person_id, respondent_id) as respondent_id,
        period_kind,
        period_start,
        period_end,
        sources,
        value,
        coalesce(exposure, 1.0) as exposure,
        coalesce(is_unknown, false) as is_unknown,
        coalesce(dimensions, '{}') as dimensions,
        coalesce(is_in_parts, false) as is_in_parts,
        coalesce(asks_for_persons, true) as asks_for_persons,
        coalesce(persons, 1) as persons
    from standings
    where value is not null or is_unknown

)

select * from final
