-- Grain: one unbroken stretch of one person in one audience, half-open.
with

membership_evidence as (

    select * from {{ ref('membership_evidence') }}

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

-- Evidence without a date holds from the beginning of time.
dated as (

    select
        account_persons.person_id,
        membership_evidence.audience,
        coalesce(membership_evidence.valid_from, timestamp '1900-01-01') as valid_from,
        coalesce(membership_evidence.valid_to, timestamp '9999-12-31') as valid_to
    from membership_evidence
    inner join account_persons
        on membership_evidence.account_id = account_persons.account_id
    where membership_evidence.snapshot_date is null

),

-- A stretch begins where no earlier evidence reaches.
marked as (

    select
        dated.*,
        max(dated.valid_to) over (
            partition by dated.person_id, dated.audience
            order by dated.valid_from asc, dated.valid_to asc
            rows between unbounded preceding and 1 preceding
        ) as reached
    from dated
    where dated.valid_from < dated.valid_to

),

numbered as (

    select
        marked.*,
        sum(case when marked.valid_from <= marked.reached then 0 else 1 end) over (
            partition by marked.person_id, marked.audience
            order by marked.valid_from asc, marked.valid_to asc
        ) as stretch
    from marked

),

final as (

    select
        numbered.person_id,
        numbered.audience,
        nullif(min(numbered.valid_from), timestamp '1900-01-01') as valid_from,
        nullif(max(numbered.valid_to), timestamp '9999-12-31') as valid_to
    from numbered
    group by numbered.person_id, numbered.audience, numbered.stretch

)

select * from final
