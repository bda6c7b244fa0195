-- Grain: one role x audience x family x dimensions x sources x period x whether they are parts of one
-- person: what those who stood there add up to. 'unassigned' is one audience of several families.
with

standings as (

    select * from {{ ref('int_metric_standings') }}

),

final as (

    select
        role,
        audience,
        family,
        dimensions,
        sources,
        is_in_parts,
        period_kind,
        period_start,
        period_end,
        {{ value_sums('persons') }},
        sum(persons * value * exposure) as cross_products,
        sum(persons * exposure * exposure) as exposure_products,
        count(*) filter (where respondent_id is null and asks_for_persons) as nobody,
        count(value) filter (where is_unknown) as unknown_values
    from standings
    group by all

)

select * from final
