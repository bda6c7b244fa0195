-- Grain: one figure on how accounts were joined, of all, of one kind of identifier or one reason.
{% set of_all = [
    ('accounts', 'persons', 'accounts', 'accounts', 'no account was delivered'),
    ('persons', 'persons', 'persons', 'accounts', 'no account was delivered'),
    ('accounts_per_person', 'persons', 'accounts / persons', 'accounts', 'no account was delivered'),
    ('largest_person', 'persons', 'largest', 'accounts', 'no account was delivered'),
    ('match_rate', 'persons', 'matched / accounts', 'accounts', 'no account was delivered'),
    ('linked_share', 'links', 'linked / accounts', 'accounts', 'no account was delivered'),
    ('open_reviews', 'links', 'open_reviews', 'accounts', 'no account was delivered'),
    ('persons_per_identifier_mean', 'identifiers', 'reached / held', 'held', 'no account has an identifier'),
    ('persons_per_identifier_max', 'identifiers', 'most', 'held', 'no account has an identifier'),
    ('contested_values', 'identifiers', 'contested', 'shared', 'no value is held by two accounts'),
    ('contested_rate', 'identifiers', 'contested / shared', 'shared', 'no value is held by two accounts'),
    ('ids_minted', 'last_change', 'minted', 'runs', 'no run has changed anything'),
    ('ids_merged', 'last_change', 'merged', 'runs', 'no run has changed anything'),
    ('accounts_moved', 'last_change', 'moved', 'runs', 'no run has changed anything'),
    ('id_churn', 'last_change', 'moved / accounts', 'accounts', 'no run has left an account'),
    ('organisations', 'organisations', 'organisations', 'organisations', 'no organisation was delivered'),
    ('accounts_per_organisation', 'organisations', 'accounts / organisations', 'organisations', 'no organisation was delivered'),
] %}
with

persons as (

    select
        cast(count(*) as double) as persons,
        cast(coalesce(sum(accounts), 0) as double) as accounts,
        max(accounts) as largest,
        coalesce(sum(accounts) filter (where sources > 1), 0) as matched
    from {{ source('identity', 'persons') }}

),

links as (

    select
        cast(count(*) as double) as accounts,
        count(*) filter (where evidence <> 'alone') as linked,
        (
            select coalesce(sum(open_reviews.cases), 0)
            from {{ source('identity', 'open_reviews') }} as open_reviews
        ) as open_reviews
    from {{ source('identity', 'account_persons') }}

),

identifier_quality as (

    select * from {{ source('identity', 'identifier_quality') }}

),

contested as (

    select
        reason,
        count(*) as contested
    from {{ source('identity', 'contested_values') }}
    group by reason

),

identifiers as (

    select
        cast(coalesce(sum(held_values), 0) as double) as held,
        cast(coalesce(sum(shared_values), 0) as double) as shared,
        sum(held_values * persons_per_value_mean) as reached,
        max(persons_per_value_max) as most,
        (select coalesce(sum(contested.contested), 0) from contested) as contested
    from identifier_quality

),

churn as (

    select * from {{ source('identity', 'churn') }}

),

last_change as (

    select
        count(*) as runs,
        cast(coalesce(max(accounts), 0) as double) as accounts,
        max(minted) as minted,
        max(merged) as merged,
        max(moved) as moved
    from churn
    where number = (select max(latest.number) from churn as latest)

),

organisations as (

    select
        cast(count(*) as double) as organisations,
        sum(accounts) as accounts
    from {{ source('identity', 'organisations') }}

),

-- What has no basis is null and says why; it is never 0.
final as (
    {% for figure, relation, value, basis, missing in of_all %}
        select
            '{{ figure }}' as figure,
            cast(null as varchar) as identifier_kind,
            cast(null as varchar) as contested_reason,
            case when {{ basis }} > 0 then cast({{ value }} as double) end as value,
            case when {{ basis }} = 0 then '{{ missing }}' end as missing_because
        from {{ relation }}

        union all
    {% endfor %}
    select
        'persons_per_identifier_mean' as figure,
        kind as identifier_kind,
        null as contested_reason,
        persons_per_value_mean as value,
        null as missing_because
    from identifier_quality

    union all

    select
        'persons_per_identifier_max' as figure,
        kind as identifier_kind,
        null as contested_reason,
        cast(persons_per_value_max as double) as value,
        null as missing_because
    from identifier_quality

    union all

    select
        'contested_values' as figure,
        null as identifier_kind,
        contested.reason as contested_reason,
        cast(contested.contested as double) as value,
        null as missing_because
    from contested

    union all

    select
        'contested_rate' as figure,
        null as identifier_kind,
        contested.reason as contested_reason,
        contested.contested / identifiers.shared as value,
        null as missing_because
    from contested
    cross join identifiers

)

select * from final
