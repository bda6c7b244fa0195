-- Grain: one company; deleted and merged ones carry flags, person accounts are people.
with

companies as (

    select
        *,
        coalesce(country_code, country) as typed_country
    from {{ ref('stg_salesforce__accounts') }}
    where not coalesce(is_person, false)

),

kinds as (

    select
        code as account_type,
        value as organisation_kind
    from {{ ref('source_codes') }}
    where source = 'salesforce' and field = 'account_type'

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        companies.account_id as source_record_id,
        'salesforce:' || companies.account_id as organisation_id,
        null as registration_number,
        'salesforce:' || companies.parent_id as parent_organisation_id,
        'salesforce:' || companies.master_id as merged_into_organisation_id,

        ---------- facts
        companies.name,
        nullif(
            regexp_extract(
                lower(companies.website), '^(?:https?://)?(?:www\.)?([^/:?#\s]+)', 1
            ),
            ''
        ) as domain,
        kinds.organisation_kind,
        case
            when length(companies.typed_country) = 2 then upper(companies.typed_country)
        end as country,
        companies.deleted_reason is not null as is_deleted,

        ---------- timestamps
        companies.created_at,
        companies.updated_at

    from companies

    left join kinds
        on companies.account_type = kinds.account_type

)

select * from final
