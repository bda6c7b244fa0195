-- Grain: one company; archived and merged ones carry flags.
with

companies as (

    select * from {{ ref('stg_hubspot__companies') }}

),

absorbed as (

    select
        unnest(string_split(merged_ids, ';')) as company_id,
        company_id as winner_id,
        updated_at
    from companies
    where merged_ids <> ''

),

survivors as (

    select
        company_id,
        winner_id
    from absorbed
    where winner_id <> company_id
    qualify row_number() over (
        partition by company_id
        order by updated_at desc, winner_id asc
    ) = 1

),

kinds as (

    select
        code as company_type,
        value as organisation_kind
    from {{ ref('source_codes') }}
    where source = 'hubspot' and field = 'company_type'

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        companies.company_id as source_record_id,
        'hubspot:' || companies.company_id as organisation_id,
        null as registration_number,
        'hubspot:' || nullif(companies.parent_id, '') as parent_organisation_id,
        'hubspot:' || survivors.winner_id as merged_into_organisation_id,

        ---------- facts
        companies.name,
        nullif(companies.domain, '') as domain,
        kinds.organisation_kind,
        case when length(companies.country) = 2 then upper(companies.country) end
            as country,
        coalesce(companies.deleted_reason, survivors.winner_id) is not null
            as is_deleted,

        ---------- timestamps
        companies.created_at,
        companies.updated_at

    from companies

    left join survivors
        on companies.company_id = survivors.company_id

    left join kinds
        on companies.company_type = kinds.company_type

)

select * from final
