-- Grain: one person x audience that some source ever counted them to.
with

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

final as (

    select
        account_persons.person_id,
        membership_evidence.audience,
        {{ source_names('membership_evidence.source') }} as sources
    from {{ ref('membership_evidence') }} as membership_evidence
    inner join account_persons
        on membership_evidence.account_id = account_persons.account_id
    where membership_evidence.snapshot_date is null
    group by account_persons.person_id, membership_evidence.audience

)

select * from final
