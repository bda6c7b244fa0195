-- Grain: one organisation, resolved over all systems.
with

organisations as (

    select * from {{ source('identity', 'organisations') }}

),

accounts as (

    select * from {{ ref('int_organisation_accounts') }}

),

-- Of several systems that name an organisation above, the one that changed last.
parents as (

    select
        accounts.organisation_id,
        above.organisation_id as parent_organisation_id
    from accounts
    inner join accounts as above
        on
            accounts.parent_organisation_account_id = above.organisation_account_id
            and accounts.organisation_id <> above.organisation_id
    qualify
        row_number() over (
            partition by accounts.organisation_id
            order by accounts.changed_at desc nulls last, accounts.organisation_account_id asc
        ) = 1

),

final as (

    select
        organisations.*,
        parents.parent_organisation_id
    from organisations

    left join parents on organisations.organisation_id = parents.organisation_id

)

select * from final
