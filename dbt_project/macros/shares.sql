{# A bound of Wilson's 95 % interval of a share of n; null where there is nothing to share. #}
{% macro wilson(sign, share, n) -%}
    {%- set n, z = 'nullif(' ~ n ~ ', 0)', 1.959964 -%}
    case
        when {{ n }} is not null
            then greatest(0.0, least(1.0, (
                {{ share }} + {{ z * z }} / (2.0 * {{ n }}) {{ sign }} {{ z }} * sqrt(
                    greatest({{ share }} * (1.0 - {{ share }}), 0.0) / {{ n }}
                    + {{ z * z }} / (4.0 * {{ n }} * {{ n }})
                )
            ) / (1.0 + {{ z * z }} / {{ n }})))
    end
{%- endmacro %}

{#
    A bound of Newcombe's interval of the difference of two independent shares, the first less the
    second: columns `one`, `one_low`, `one_high` and the same of `other`.
#}
{% macro newcombe(sign, one, other) -%}
    {{ one }} - {{ other }} {{ sign }} sqrt(
    {%- if sign == '-' %}
        pow({{ one }} - {{ one }}_low, 2) + pow({{ other }}_high - {{ other }}, 2)
    {%- else %}
        pow({{ one }}_high - {{ one }}, 2) + pow({{ other }} - {{ other }}_low, 2)
    {%- endif %}
    )
{%- endmacro %}
