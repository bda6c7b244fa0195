{#
    True for the rows of a mart that may leave for a purpose: nothing of minors, of the workforce
    family or of no known family (`is_publishable`), and of the rest what purpose_policy allows.
    The mart has `is_publishable`, `family` and `person_is_workforce`; every published model with
    rows about persons filters by this and by nothing else.
#}
{% macro readable_by(purpose) -%}
    is_publishable
    and (family, person_is_workforce) in (
        select
            fact_family,
            person_is_workforce
        from {{ ref('purpose_policy') }}
        where purpose = '{{ purpose }}' and may_read
    )
{%- endmacro %}
