{#
    Two-sided p-value of a standard normal z. DuckDB has no error function: Abramowitz and Stegun
    26.2.17, absolute error below 7.5e-8.
#}
{% macro two_sided_p(z) -%}
    {%- set t = '(1.0 / (1.0 + 0.2316419 * abs(' ~ z ~ ')))' -%}
    2.0 * exp(-pow({{ z }}, 2) / 2.0) / sqrt(2.0 * pi()) * (
        0.319381530 * {{ t }} - 0.356563782 * pow({{ t }}, 2) + 1.781477937 * pow({{ t }}, 3)
        - 1.821255978 * pow({{ t }}, 4) + 1.330274429 * pow({{ t }}, 5)
    )
{%- endmacro %}
