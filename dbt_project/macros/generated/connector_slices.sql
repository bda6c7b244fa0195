{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({}) }}
{% endmacro %}
