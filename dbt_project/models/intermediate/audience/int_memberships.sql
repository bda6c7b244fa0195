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

merged as (

    {{ merged_stretches('dated', ['person_id', 'audience'], 'valid_from', 'valid_to') }}

),

final as (

    select
        person_id,
        audience,
        nullif(valid_from, timestamp '1900-01-01') as valid_from,
        nullif(valid_to, timestamp '9999-12-31') as valid_to
    from merged

)

select * from final
