-- Grain: one stretch of an employment as it was known over a time, with the person behind it.
-- Half-open in both times, and no two of an account overlap in both: on a day that several
-- stretches claim which were known at the same time, the one that began last holds, of those the
-- one recorded last. So a source that adds a correction without closing what it corrects, or that
-- keeps a second contract, still says one thing at a time. A leaving ends what held.
with

employments as (

    select
        *,
        least(
            coalesce(valid_to, date '9999-12-31'),
            -- Somebody who came back may still carry the day on which they left before.
            case
                when contract_kind is distinct from 'terminated' and valid_from < left_on
                    then left_on
                else date '9999-12-31'
            end
        ) as ends_on,
        coalesce(known_from, timestamp '1900-01-01') as recorded_at,
        coalesce(known_to, timestamp '9999-12-31') as replaced_at
    from {{ ref('employments') }}
    where
        snapshot_date is null
        and valid_from < coalesce(valid_to, date '9999-12-31')
        and coalesce(known_from, timestamp '1900-01-01')
        < coalesce(known_to, timestamp '9999-12-31')

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

-- What is known of an account changes at these moments and at no others.
moments as (

    select
        account_id,
        recorded_at as seen_from
    from employments

    union

    select
        account_id,
        replaced_at as seen_from
    from employments

),

pictures as (

    select
        account_id,
        seen_from,
        lead(seen_from) over (partition by account_id order by seen_from asc) as seen_to
    from moments

),

pictured as (

    select
        employments.account_id,
        employments.employment_id,
        employments.recorded_at,
        employments.valid_from as begins_on,
        employments.ends_on,
        pictures.seen_from,
        pictures.seen_to
    from employments
    inner join pictures
        on
            employments.account_id = pictures.account_id
            and employments.recorded_at <= pictures.seen_from
            and employments.replaced_at > pictures.seen_from

),

days as (

    select
        account_id,
        seen_from,
        begins_on as valid_from
    from pictured

    union

    select
        account_id,
        seen_from,
        ends_on as valid_from
    from pictured

),

cells as (

    select
        account_id,
        seen_from,
        valid_from,
        lead(valid_from) over (
            partition by account_id, seen_from
            order by valid_from asc
        ) as valid_to
    from days

),

held as (

    select
        pictured.account_id,
        pictured.employment_id,
        pictured.seen_from,
        pictured.seen_to,
        cells.valid_from,
        cells.valid_to
    from cells
    inner join pictured
        on
            cells.account_id = pictured.account_id
            and cells.seen_from = pictured.seen_from
            and cells.valid_from >= pictured.begins_on
            and cells.valid_from < pictured.ends_on
    qualify
        row_number() over (
            partition by cells.account_id, cells.seen_from, cells.valid_from
            order by
                pictured.begins_on desc,
                pictured.recorded_at desc,
                pictured.employment_id desc
        ) = 1

),

-- Neighbouring days of one record are one stretch again, then neighbouring pictures of one stretch.
by_day as (

    select
        *,
        (
            lag(valid_to) over (
                partition by account_id, seen_from, employment_id
                order by valid_from asc
            ) = valid_from
        ) is not true as is_new
    from held

),

by_stretch as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by account_id, seen_from, employment_id
            order by valid_from asc
        ) as stretch
    from by_day

),

stretches as (

    select
        account_id,
        employment_id,
        seen_from,
        seen_to,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from by_stretch
    group by account_id, employment_id, seen_from, seen_to, stretch

),

by_picture as (

    select
        *,
        (
            lag(seen_to) over (
                partition by employment_id, valid_from, valid_to
                order by seen_from asc
            ) = seen_from
        ) is not true as is_new
    from stretches

),

by_version as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by employment_id, valid_from, valid_to
            order by seen_from asc
        ) as version
    from by_picture

),

known as (

    select
        employment_id,
        valid_from,
        valid_to,
        min(seen_from) as known_from,
        max(seen_to) as known_to
    from by_version
    group by employment_id, valid_from, valid_to, version

),

final as (

    select
        employments.* exclude (
            employee_number, valid_from, valid_to, known_from, known_to, ends_on,
            recorded_at, replaced_at
        ),
        account_persons.person_id,
        known.valid_from,
        nullif(known.valid_to, date '9999-12-31') as valid_to,
        nullif(known.known_from, timestamp '1900-01-01') as known_from,
        nullif(known.known_to, timestamp '9999-12-31') as known_to,
        md5(concat_ws('|', known.employment_id, known.valid_from, known.valid_to, known.known_from))
            as employment_version_id
    from known
    inner join employments on known.employment_id = employments.employment_id

    left join account_persons on employments.account_id = account_persons.account_id

)

select * from final
