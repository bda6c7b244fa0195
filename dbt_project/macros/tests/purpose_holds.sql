{#
    Every row of a published model may be read by its purpose: the policy says so for its family
    and its person, and neither the workforce's own experience nor a minor is ever a row.
#}
{% test purpose_holds(model, purpose) %}
    with

    persons as (

        select
            {{ pseudonym('person_id', purpose) }} as person_key,
            is_workforce,
            is_minor
        from {{ ref('dim_persons') }}

    ),

    readable as (

        select
            fact_family,
            person_is_workforce
        from {{ ref('purpose_policy') }}
        where purpose = '{{ purpose }}' and may_read

    )

    select published.*
    from {{ model }} as published
    left join persons on published.person_key = persons.person_key
    left join readable
        on
            published.family = readable.fact_family
            and coalesce(persons.is_workforce, false) = readable.person_is_workforce
    where
        readable.fact_family is null
        or published.family = 'workforce'
        or coalesce(persons.is_minor, false)
        or published.audience in (
            select audiences.audience from {{ ref('audiences') }} as audiences
            where audiences.is_minor
        )
{% endtest %}
