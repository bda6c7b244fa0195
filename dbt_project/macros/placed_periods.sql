{#
    The period kinds in which a metric of the registry counts: those that it names, and for a
    headline with a trailing window the window before the last one, which only changes are read from.
#}
{% macro placed_periods() -%}
    list_concat(
        string_split(periods, '|'),
        case
            when is_headline and list_contains(string_split(periods, '|'), 'trailing_90')
                then ['preceding_90']
            else []
        end
    )
{%- endmacro %}
