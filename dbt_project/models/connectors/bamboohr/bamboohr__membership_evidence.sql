-- Grain: a time over which an employee belongs to an audience.
with

employees as (

    select
        *,
        'bamboohr:' || employee_id as account_id,
        cast(
            json_object(
                'department', department, 'division', division, 'location', location
            ) as varchar
        ) as segments

    from {{ ref('stg_bamboohr__employees') }}

    where hire_date is not null

),

relations as (

    select * from {{ ref('bamboohr__person_relations') }}

),

employed as (

    select
        account_id,
        'employee' as audience,
        'hired' as evidence,
        hire_date as begins_on,
        termination_date as ends_on,
        segments

    from employees

    union all

    select
        account_id,
        'new_hire' as audience,
        'first 90 days' as evidence,
        hire_date as begins_on,
        least(hire_date + 90, coalesce(termination_date, hire_date + 90)) as ends_on,
        segments

    from employees

    union all

    select
        account_id,
        'former_employee' as audience,
        'employment ended' as evidence,
        termination_date as begins_on,
        null as ends_on,
        segments

    from employees

    where termination_date is not null

),

-- Several people report to a manager at a time: the times that touch are one.
marked as (

    select
        related_account_id as account_id,
        valid_from,
        valid_to,
        valid_from
        > max(coalesce(valid_to, timestamp '9999-12-31')) over earlier as is_apart

    from relations

    window earlier as (
        partition by related_account_id
        order by valid_from, relation_id
        rows between unbounded preceding and 1 preceding
    )

),

numbered as (

    select
        *,
        sum(cast(coalesce(is_apart, true) as integer)) over (
            partition by account_id
            order by valid_from
            range between unbounded preceding and current row
        ) as episode

    from marked

),

led as (

    select
        account_id,
        'manager' as audience,
        'others report to this person' as evidence,
        min(valid_from) as valid_from,
        case when count(valid_to) = count(*) then max(valid_to) end as valid_to

    from numbered

    group by account_id, episode

),

dated as (

    select
        account_id,
        audience,
        evidence,
        timezone(
            'UTC', timezone('{{ var("time_zone") }}', cast(begins_on as timestamp))
        ) as valid_from,
        timezone(
            'UTC', timezone('{{ var("time_zone") }}', cast(ends_on as timestamp))
        ) as valid_to,
        segments

    from employed

    union all

    select
        led.account_id,
        led.audience,
        led.evidence,
        led.valid_from,
        led.valid_to,
        employees.segments

    from led

    left join employees
        on led.account_id = employees.account_id

),

final as (

    select
        ---------- ids
        'bamboohr' as source,
        split_part(account_id, ':', 2) as source_record_id,
        concat_ws(':', account_id, audience, strftime(valid_from, '%Y-%m-%dT%H:%M'))
            as evidence_id,
        account_id,

        ---------- facts
        audience,
        evidence,
        null as is_ended,
        null as snapshot_date,
        segments as attributes,

        ---------- timestamps
        valid_from,
        valid_to

    from dated

)

select * from final
