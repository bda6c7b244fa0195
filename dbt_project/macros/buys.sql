{#
    Whether somebody had ever bought before a day: 'yes', 'no', or null while purchases are not long
    enough on record to say so. `purchases` is the alias of int_persons__purchases.
#}
{% macro buys(purchases, day) -%}
    case
        when {{ purchases }}.first_bought_on < {{ day }} then 'yes'
        when {{ purchases }}.known_from <= {{ day }} then 'no'
    end
{%- endmacro %}
