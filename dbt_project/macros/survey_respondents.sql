{#
    Who answered, as an account of a tool that knows people only by what their link handed over. An
    address never becomes a key, its hash does.
#}
{% macro respondent_account(source) -%}
    case
        when trim(contact_id) <> '' then '{{ source }}:' || trim(contact_id)
        when trim(employee_number) <> ''
            then '{{ source }}:employee:' || trim(employee_number)
        when trim(email) <> ''
            then '{{ source }}:guest:' || md5(lower(trim(email)))
    end
{%- endmacro %}

{#
    The rest of a model that fills person_observations, after its CTE `responses`: response_id,
    account_id, contact_id, employee_number, email, seen_at. A respondent whom a link or an answer
    named is as the newest response says; of one instant always the same one.
#}
{% macro survey_respondents(source) %}
dated as (

    select
        *,
        { 'is_dated': seen_at is not null, 'at': seen_at, 'id': response_id } as seen

    from responses

    where account_id is not null

),

respondents as (

    select
        account_id,
        arg_max(nullif(trim(contact_id), ''), seen) as contact_id,
        arg_max(nullif(trim(employee_number), ''), seen) as employee_number,
        arg_max(nullif(trim(email), ''), seen) as email

    from dated

    group by account_id

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        substr(account_id, length('{{ source }}:') + 1) as source_record_id,
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
{% endmacro %}
