-- Grain: one friction seen: a touchpoint or step x kind of effort above its threshold.
with

frictions as (

    select * from {{ ref('int_frictions') }}

),

final as (

    select
        ---------- ids
        friction_id,
        source,
        record_id,
        account_id,
        person_id,

        ---------- where
        audience,
        journey,
        stage,
        touchpoint_type,

        ---------- what
        kind,
        record,
        signal,
        minutes,

        ---------- timestamps
        occurred_at,
        begun_at

    from frictions

)

select * from final
