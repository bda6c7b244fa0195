-- Grain: a contact of the directory, on however many mailing lists.
with

contacts as (

    select * from {{ ref('stg_qualtrics__contacts') }}

),

employee_lists as (

    select code as mailing_list_id
    from {{ ref('source_codes') }}
    where source = 'qualtrics' and field = 'mailing_list' and value = 'employee'

),

on_lists as (

    select
        contacts.*,
        nullif(contacts.external_reference, '') as reference,
        row_number() over (
            partition by contacts.contact_id
            order by contacts.is_gone, contacts.mailing_list_id
        ) as list_number,
        bool_or(employee_lists.mailing_list_id is not null) over (
            partition by contacts.contact_id
        ) as is_employee

    from contacts

    left join employee_lists
        on contacts.mailing_list_id = employee_lists.mailing_list_id

),

final as (

    select
        ---------- ids
        'qualtrics' as source,
        contact_id as source_record_id,
        'qualtrics:' || contact_id as account_id,
        case when is_employee then reference end as employee_number,
        null as member_number,
        case when not is_employee then reference end as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'respondent' as account_kind,
        nullif(first_name, '') as first_name,
        nullif(last_name, '') as last_name,
        null as full_name,
        nullif(email, '') as email,
        nullif(phone, '') as phone,
        null as birth_date,
        nullif(lower(split_part(language, '-', 1)), '') as language,
        null as country,
        null as city,
        false as is_test,
        is_gone as is_deleted,
        cast(json_object('unsubscribed', is_unsubscribed) as varchar) as attributes,

        ---------- timestamps
        null as created_at,
        null as updated_at

    from on_lists

    where list_number = 1

)

select * from final
