-- Grain: one month x what touchpoints say of themselves x who may read of them.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}

),

final as (

    select
        ---------- ids
        cast(date_trunc('month', {{ local_date('occurred_at') }}) as date) as month,

        ---------- facts
        audience,
        touchpoint_type,
        journey,
        stage,
        family,
        channel,
        direction,
        person_is_workforce,
        is_publishable,
        count(*) as touchpoints

    from touchpoints
    group by all

)

select * from final
