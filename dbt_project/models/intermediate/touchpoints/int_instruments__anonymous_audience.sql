-- Grain: one anonymous instrument that is made for one audience alone.
-- Its answers have no person: the audience is the one that is asked with it.
with

audiences as (

    select * from {{ ref('audiences') }}

),

instruments as (

    select * from {{ ref('instruments') }}
    where confidentiality = 'anonymous'

),

final as (

    select
        instruments.instrument,
        min(audiences.audience) as audience
    from instruments
    inner join audiences on instruments.instrument = audiences.instrument
    group by instruments.instrument
    having count(*) = 1

)

select * from final
