{#
    Who of a CTE `opted_out` (record_id) does not want marketing e-mail, as rows of the contract
    `consents`: a flag tells neither the basis nor since when.
#}
{% macro opted_out(source) %}
    select
        ---------- ids
        '{{ source }}' as source,
        record_id as source_record_id,
        '{{ source }}:' || record_id || ':marketing' as consent_id,
        '{{ source }}:' || record_id as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        null as valid_from

    from opted_out
{% endmacro %}
