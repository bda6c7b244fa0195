{#
    Who of a CTE (record_id) does not want what they are asked about, marketing e-mail if nothing else
    is said, as rows of the contract `consents`: a flag tells neither the basis nor since when.
#}
{% macro opted_out(source, purpose='marketing', records='opted_out') %}
    select
        ---------- ids
        '{{ source }}' as source,
        record_id as source_record_id,
        '{{ source }}:' || record_id || ':{{ purpose }}' as consent_id,
        '{{ source }}:' || record_id as account_id,

        ---------- facts
        '{{ purpose }}' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        null as valid_from

    from {{ records }}
{% endmacro %}
