-- The one current row of the history is the binding by which facts find their person.
{{ config(meta={'dagster': {'ref': {'name': 'bridge_person_identifier'}}}) }}
with

told as (

    select
        account_id,
        person_id
    from {{ ref('bridge_person_identifier') }}
    where is_current

),

bound as (

    select
        account_id,
        person_id
    from {{ source('identity', 'account_persons') }}

)

(
    select * from told
    except
    select * from bound
)

union all

(
    select * from bound
    except
    select * from told
)
