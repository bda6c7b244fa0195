{#
    The records of a contract, each with who lived it and as which audience. The experience of that
    kind says so, in place of the columns `instead_of` that the contract has of its own.
#}
{% macro as_lived(records, kind, key, instead_of) %}
with

records as (

    select * from {{ records }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = '{{ kind }}'

),

final as (

    select
        records.* exclude ({{ instead_of | join(', ') }}),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.{{ key }} = experiences.experience_id

)

select * from final
{% endmacro %}
