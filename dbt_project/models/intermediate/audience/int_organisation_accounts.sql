-- Grain: one organisation as one system knows it, with the organisation that it is.
with

accounts as (

    select * from {{ ref('organisations') }}

),

account_organisations as (

    select * from {{ source('identity', 'account_organisations') }}

),

final as (

    select
        accounts.organisation_id as organisation_account_id,
        accounts.source,
        account_organisations.organisation_id,
        accounts.parent_organisation_id as parent_organisation_account_id,
        accounts.name,
        account_organisations.evidence,
        coalesce(accounts.is_deleted, false) as is_deleted,
        coalesce(accounts.updated_at, accounts.created_at) as changed_at,
        account_organisations.bound_at
    from accounts

    left join account_organisations
        on accounts.organisation_id = account_organisations.account_id

)

select * from final
