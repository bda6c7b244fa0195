-- Every purpose knows of every family and of both kinds of persons whether it may read.
{{ config(meta={
    'dagster': {'ref': {'name': 'purpose_policy'}},
    'classes': {'purpose': 'none', 'family': 'none'},
}) }}
with

policy as (

    select * from {{ ref('purpose_policy') }}

),

purposes as (

    select distinct purpose from policy

),

families as (

    select distinct family from {{ ref('audiences') }}

),

kinds as (

    select true as person_is_workforce

    union all

    select false as person_is_workforce

)

select
    purposes.purpose,
    families.family,
    kinds.person_is_workforce
from purposes
cross join families
cross join kinds
left join policy
    on
        purposes.purpose = policy.purpose
        and families.family = policy.fact_family
        and kinds.person_is_workforce = policy.person_is_workforce
where policy.may_read is null
