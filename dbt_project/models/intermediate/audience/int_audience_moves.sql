-- Grain: one closed quarter x audience somebody was in as it began x audience that they joined in it x person.
-- `nowhere` is in no audience that is counted here, and the workforce is not. Who stayed where they
-- were made no move: they are nearly all (int_audience_standings).
with

standings as (

    select standings.*
    from {{ ref('int_audience_standings') }} as standings
    inner join {{ ref('audiences') }} as audiences
        on standings.audience = audiences.audience
    where audiences.family <> 'workforce'

),

restless as (

    select distinct
        quarter_start,
        person_id
    from standings
    where has_joined or (was_in and not is_in)

),

-- All that they were in, and joined, in that quarter.
stood as (

    select
        standings.*,
        bool_or(standings.was_in) over someone as was_anywhere,
        bool_or(standings.is_in) over someone as is_anywhere
    from standings
    inner join restless
        on
            standings.quarter_start = restless.quarter_start
            and standings.person_id = restless.person_id
    window someone as (partition by standings.quarter_start, standings.person_id)

),

final as (

    select
        origins.quarter_start,
        origins.audience as from_audience,
        targets.audience as to_audience,
        origins.person_id,
        not origins.is_in as has_left
    from stood as origins
    inner join stood as targets
        on
            origins.quarter_start = targets.quarter_start
            and origins.person_id = targets.person_id
    where origins.was_in and targets.has_joined

    union all

    select
        quarter_start,
        'nowhere' as from_audience,
        audience as to_audience,
        person_id,
        false as has_left
    from stood
    where has_joined and not was_anywhere

    union all

    select
        quarter_start,
        audience as from_audience,
        'nowhere' as to_audience,
        person_id,
        true as has_left
    from stood
    where was_in and not is_anywhere

)

select * from final
