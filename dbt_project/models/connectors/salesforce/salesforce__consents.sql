-- Grain: one contact or lead that does not want marketing e-mail, or not to be called; silence is no
-- consent. Whoever is not to be called is not to be contacted: no queue tells a call from a letter.
with

people as (

    select
        contact_id as record_id,
        has_opted_out,
        is_not_called
    from {{ ref('stg_salesforce__contacts') }}

    union all

    select
        lead_id as record_id,
        has_opted_out,
        is_not_called
    from {{ ref('stg_salesforce__leads') }}

),

opted_out as (

    select record_id from people
    where has_opted_out

),

not_called as (

    select record_id from people
    where is_not_called

),

final as (

    {{ opted_out('salesforce') }}

    union all

    {{ opted_out('salesforce', 'contact', 'not_called') }}

)

select * from final
