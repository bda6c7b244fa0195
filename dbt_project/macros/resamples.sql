{# How many times an interval is drawn from its own persons. #}
{% macro resamples() -%}
    200
{%- endmacro %}

{#
    How often somebody is drawn: a Poisson(1) number made of a key and the number of the draw, by
    the inverse of its distribution from the first 52 bits of an MD5. No seed but the key.
#}
{% macro poisson_draw(key, draw) -%}
    {%- set share -%}
        (cast(('0x' || left(md5({{ key }} || ':' || {{ draw }}), 13)) as bigint) / 4503599627370496.0)
    {%- endset -%}
    {#- The distribution of Poisson(1) up to 8; beyond it lies one in a million. -#}
    {%- set up_to = [
        0.36787944117144233, 0.7357588823428847, 0.9196986029286058, 0.9810118431238462,
        0.9963401531726563, 0.9994058151824183, 0.9999167588507119, 0.9999897508033253,
        0.9999988747974020,
    ] -%}
    case
        {%- for share_reached in up_to %}
        when {{ share }} < {{ share_reached }} then {{ loop.index0 }}.0
        {%- endfor %}
        else 9.0
    end
{%- endmacro %}
