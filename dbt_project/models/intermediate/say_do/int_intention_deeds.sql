-- Grain: one person x deed x day on which they did what an intention is about.
with

deeds as (

    select * from {{ ref('int_deeds') }}

),

final as (

    select distinct
        person_id,
        'advocate' as deed,
        happened_on
    from deeds
    where activity = 'advocate'

    union all

    select distinct
        person_id,
        'purchase' as deed,
        happened_on
    from deeds
    where record = 'order' and deed_kind = 'order'

    union all

    select distinct
        person_id,
        'application' as deed,
        {{ local_date('entered_at') }} as happened_on
    from {{ ref('int_stage_events') }}
    where journey = 'candidate' and stage = 'apply' and person_id is not null

)

select * from final
