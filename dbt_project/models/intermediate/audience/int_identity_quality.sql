-- Grain: one figure on how accounts were joined into persons.
with

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

contested as (

    select * from {{ source('identity', 'contested_values') }}

),

sizes as (

    select
        person_id,
        count(*) as accounts
    from account_persons
    group by person_id

),

final as (

    select
        'accounts' as figure,
        cast(count(*) as double) as value
    from account_persons

    union all

    select
        'persons' as figure,
        cast(count(*) as double) as value
    from sizes

    union all

    select
        'accounts_per_person' as figure,
        avg(accounts) as value
    from sizes

    union all

    select
        'largest_person' as figure,
        cast(max(accounts) as double) as value
    from sizes

    union all

    select
        'linked_share' as figure,
        avg(case when evidence <> 'alone' then 1.0 else 0.0 end) as value
    from account_persons

    union all

    select
        'contested_values' as figure,
        cast(count(*) as double) as value
    from contested

)

select * from final
