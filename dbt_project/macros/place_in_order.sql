{#
    The place, counted from 1, of the first of `n` in their order by which a share of them is reached;
    beyond `n` where it never is.
#}
{% macro place_in_order(share, n) -%}
    cast(greatest(ceil(({{ share }} - 1e-12) * {{ n }}), 1) as bigint)
{%- endmacro %}
