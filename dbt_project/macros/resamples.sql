{# How many times an interval is drawn from its own persons. #}
{% macro resamples() -%}
    200
{%- endmacro %}

{#
    How often somebody is drawn: a Poisson(1) number made of a lot, the MD5 of a key and the number of
    the draw, by the inverse of its distribution from the first 52 bits. No seed but the key. A lot is
    compared as it is written: its hexadecimal digits stand in the order of the shares they are.
#}
{% macro poisson_draw(lot) -%}
    {#- The distribution of Poisson(1) up to 8, times 2^52; beyond it lies one in a million. -#}
    {%- set up_to = [
        '5e2d58d8b3bce', 'bc5ab1b16779c', 'eb715e1dc1583', 'fb23979734a25', 'ff1025f59174e',
        'ffd90f3ba4056', 'fffa8b71fc72c', 'ffff540c0914b', 'ffffed1f4aa8f',
    ] -%}
    case
        {%- for share_reached in up_to %}
        when {{ lot }} < '{{ share_reached }}' then {{ loop.index0 }}.0
        {%- endfor %}
        else 9.0
    end
{%- endmacro %}

{# What a column of a relation adds up to in each group and draw, of `draws`: a list of sums. #}
{% macro drawn_sums(column) -%}
    [
        {%- for place in range(1, resamples() | int + 1) %}
            sum({{ column }} * draws.times[{{ place }}])
            {{- ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}
