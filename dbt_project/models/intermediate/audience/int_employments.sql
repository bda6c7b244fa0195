-- Grain: one dated stretch of an employment as it was recorded, with the person behind it.
with

employments as (

    select * from {{ ref('employments') }}
    where snapshot_date is null

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

final as (

    select
        employments.*,
        account_persons.person_id
    from employments

    left join account_persons on employments.account_id = account_persons.account_id

)

select * from final
