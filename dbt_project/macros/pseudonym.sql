{#
    The person key that a publication carries: a keyed hash, one key a purpose, so that two
    purposes can not be joined on it. The key is read from its file when the query runs and never
    stands in SQL, a log or a published file.
#}
{% macro pseudonym(person_id, purpose) -%}
    {%- set key -%}
        (select trim(content) from read_text('{{ env_var("AX_KEYS_DIR", env_var("AX_DATA_DIR", "../data") ~ "/keys") }}/{{ purpose }}.key'))
    {%- endset -%}
    case when {{ person_id }} is not null then sha256({{ key }} || sha256({{ key }} || {{ person_id }})) end
{%- endmacro %}
