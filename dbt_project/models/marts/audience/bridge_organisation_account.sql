-- Grain: one organisation as one system knows it, with the organisation that it is.
with

accounts as (

    select * from {{ ref('int_organisation_accounts') }}

),

final as (

    select
        organisation_account_id,
        source,
        organisation_id,
        name,
        evidence,
        is_deleted,
        bound_at
    from accounts

)

select * from final
