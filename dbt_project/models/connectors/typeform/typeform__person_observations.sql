-- Grain: a respondent whom a link, or an answer, named.
with

responses as (

    select
        *,
        {{ respondent_account('typeform') }} as account_id,
        coalesce(answered_at, begun_at) as seen_at

    from {{ ref('stg_typeform__responses') }}

    where not is_gone

),

-- As the newest response that says it.
respondents as (

    select
        account_id,
        arg_max(nullif(trim(contact_id), ''), seen_at) as contact_id,
        arg_max(nullif(trim(employee_number), ''), seen_at) as employee_number,
        arg_max(nullif(trim(email), ''), seen_at) as email

    from responses

    where account_id is not null

    group by account_id

),

final as (

    select
        ---------- ids
        'typeform' as source,
        substr(account_id, length('typeform:') + 1) as source_record_id,
        account_id,
        employee_number,
        null as member_number,
        contact_id as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'respondent' as account_kind,
        null as first_name,
        null as last_name,
        null as full_name,
        email,
        null as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        false as is_deleted,
        null as attributes,

        ---------- timestamps
        null as created_at,
        null as updated_at

    from respondents

)

select * from final
