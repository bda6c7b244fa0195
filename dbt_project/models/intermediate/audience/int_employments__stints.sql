-- Grain: one person x unbroken employment: from the day of the hire to the day on which the person
-- was no longer employed. Whatever touches is one; somebody who comes back after a gap is hired again.
with

worked as (

    select * from {{ ref('int_employments__worked') }}

),

marked as (

    select
        *,
        (lag(employed_to) over of_person = employed_from) is not true as is_new
    from worked
    window of_person as (partition by respondent_id order by employed_from asc)

),

numbered as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by respondent_id
            order by employed_from asc
        ) as stint
    from marked

),

stints as (

    select
        respondent_id,
        person_id,
        stint,
        min(employed_from) as begins_on,
        max(employed_to) as ends_on,
        arg_min_null(hired_on, employed_from) as hired_on,
        arg_max_null(source, employed_from) as source,
        arg_max_null(department, employed_from) as last_department,
        arg_max_null(job_title, employed_from) as last_job_title,
        arg_max_null(leaving_kind, employed_from) as leaving_kind
    from numbered
    group by respondent_id, person_id, stint

),

followed as (

    select
        *,
        lag(ends_on) over (
            partition by respondent_id
            order by begins_on asc
        ) as left_before
    from stints

),

final as (

    select
        md5(respondent_id || '|' || begins_on) as stint_id,
        respondent_id,
        person_id,
        source,
        -- The records may begin later than the employment did; a date of before the last leaving is
        -- that of an earlier employment.
        case
            when hired_on <= begins_on and hired_on >= coalesce(left_before, hired_on)
                then hired_on
            when hired_on is not null or left_before is not null then begins_on
        end as hired_on,
        begins_on as employed_from,
        ends_on as employed_to,
        nullif(ends_on, date '9999-12-31') as left_on,
        case when ends_on < date '9999-12-31' then leaving_kind end as leaving_kind,
        last_department,
        last_job_title
    from followed

)

select * from final
