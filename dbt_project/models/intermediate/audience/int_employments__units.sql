-- Grain: one unit (a department or a division) x time over which its place and its lead stood so;
-- half-open, in days, as known at the run's clock. The lead is whom most of its people report to,
-- the unit above the one that most of them name; ties go to the smaller name.
with

worked as (

    select * from {{ ref('int_employments__worked') }}

),

members as (

    select
        'department' as unit_kind,
        department as unit,
        division as unit_above,
        manager_account_id,
        employed_from,
        employed_to
    from worked
    where department is not null

    union all

    select
        'division' as unit_kind,
        division as unit,
        null as unit_above,
        manager_account_id,
        employed_from,
        employed_to
    from worked
    where division is not null

),

-- Who comes and goes changes how many name something; in between nothing does.
changes as (
    {% for fact in ['unit_above', 'manager_account_id'] %}
        select
            unit_kind,
            unit,
            '{{ fact }}' as fact,
            {{ fact }} as named,
            unnest([employed_from, employed_to]) as valid_from,
            unnest([1, -1]) as people
        from members
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

days as (

    select
        unit_kind,
        unit,
        valid_from,
        lead(valid_from) over (
            partition by unit_kind, unit
            order by valid_from asc
        ) as valid_to
    from changes
    group by unit_kind, unit, valid_from

),

steps as (

    select
        unit_kind,
        unit,
        fact,
        named,
        valid_from,
        sum(people) as people
    from changes
    group by unit_kind, unit, fact, named, valid_from

),

names as (

    select distinct
        unit_kind,
        unit,
        fact,
        named
    from steps

),

counted as (

    select
        days.unit_kind,
        days.unit,
        names.fact,
        names.named,
        days.valid_from,
        days.valid_to,
        sum(coalesce(steps.people, 0)) over (
            partition by days.unit_kind, days.unit, names.fact, names.named
            order by days.valid_from asc
        ) as people
    from days
    inner join names
        on
            days.unit_kind = names.unit_kind
            and days.unit = names.unit
    left join steps
        on
            days.unit_kind = steps.unit_kind
            and days.unit = steps.unit
            and days.valid_from = steps.valid_from
            and names.fact = steps.fact
            and names.named is not distinct from steps.named

),

-- A unit is there while somebody works in it. Those who name nothing have no say.
settled as (

    select
        unit_kind,
        unit,
        valid_from,
        valid_to,
        {%- for fact in ['unit_above', 'manager_account_id'] %}
            min_by(named, (-people, named)) filter (
                where fact = '{{ fact }}' and named is not null and people > 0
            ) as {{ fact }},
        {%- endfor %}
        sum(people) filter (where fact = 'unit_above') as people
    from counted
    group by unit_kind, unit, valid_from, valid_to

),

followed as (

    select
        *,
        (
            lag(valid_to) over of_unit = valid_from
            and lag(unit_above) over of_unit is not distinct from unit_above
            and lag(manager_account_id) over of_unit is not distinct from manager_account_id
        ) is not true as is_new
    from settled
    where people > 0
    window of_unit as (partition by unit_kind, unit order by valid_from asc)

),

numbered as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by unit_kind, unit
            order by valid_from asc
        ) as stretch
    from followed

),

final as (

    select
        unit_kind,
        unit,
        unit_above,
        manager_account_id,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from numbered
    group by unit_kind, unit, unit_above, manager_account_id, stretch

)

select * from final
