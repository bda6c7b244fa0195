-- Grain: one contact x one of its companies.
with

source as (

    select * from {{ source('hubspot', 'contact_companies') }}

),

companies as (

    select
        source.contact_id,
        unnest(from_json(source.companies, '["json"]')) as company

    from source

),

final as (

    select
        ---------- ids
        contact_id,
        company ->> '$.toObjectId' as company_id,

        ---------- facts
        list_contains(
            from_json(json_extract(company, '$.associationTypes[*].label'), '["varchar"]'),
            'Primary'
        ) as is_primary

    from companies

)

select * from final
