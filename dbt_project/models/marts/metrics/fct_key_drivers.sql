-- Grain: one metric x audience x period x driver: its share of the variance of the answer.
-- Where there are too few persons no figure is shown, not even how many there are.
with

importance as (

    select * from {{ ref('int_driver_importance') }}

),

drivers as (

    select * from {{ ref('drivers') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

judged as (

    select
        importance.* exclude (status),
        drivers.label,
        -- The gate of the estimate lies far above any minimum group; the registry's holds too.
        case
            when importance.persons < audiences.minimum_group then 'not enough data'
            else importance.status
        end as status,
        importance.period_start = max(importance.period_start) over (
            partition by importance.metric, importance.audience, importance.period_kind
        ) as is_latest
    from importance
    inner join drivers on importance.driver = drivers.driver
    inner join audiences on importance.audience = audiences.audience

),

final as (

    select
        ---------- keys
        audience,
        metric,
        period_kind,
        period_start,
        period_end,
        driver,
        label,

        ---------- the driver; null where it does not vary or there is not enough data
        case when status = 'ok' then weight end as weight,
        case when status = 'ok' then weight / nullif(r2, 0) end as share_of_r2,
        case when status = 'ok' then low end as low,
        case when status = 'ok' then high end as high,
        case when status = 'ok' then low > 0 end as is_clear,
        case when status = 'ok' then correlation end as correlation,
        case when status = 'ok' then rank_group end as rank_group,

        ---------- all drivers together; null where there is not enough data
        {%- for figure in ['r2', 'n', 'persons', 'drivers'] %}
            case when status <> 'not enough data' then {{ figure }} end as {{ figure }},
        {%- endfor %}
        -- Nor how many a handful are of whom it is, or is not, known.
        case
            when
                status <> 'not enough data'
                and n_known not between 1 and 4
                and n - n_known not between 1 and 4
                then n_known
        end as n_known,
        'association, not cause' as basis,
        status,
        is_latest,
        {{ as_of() }} as as_of

    from judged

)

select * from final
