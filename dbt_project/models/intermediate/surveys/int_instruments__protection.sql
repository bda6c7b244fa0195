-- Grain: one registered instrument: what it promised, and how many people a figure of it takes.
-- The minimum is the largest of the audiences that it may ask: those of its family.
with

instruments as (

    select * from {{ ref('instruments') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

final as (

    select
        instruments.instrument,
        instruments.confidentiality,
        instruments.confidentiality <> 'identified' as is_protected,
        greatest(
            5,
            max(coalesce(audiences.minimum_group, 5)),
            max(case when audiences.is_minor then 10 else 5 end)
        ) as minimum_group
    from instruments
    left join audiences on instruments.family = audiences.family
    group by instruments.instrument, instruments.confidentiality

)

select * from final
