{#
    The rows of `computed`, but for what was told already, which stays as it was told: late answers
    and erasures change the next wave, not a published one (domain, 7). `keys` are what is told at
    once: of a key of which a row was told none is computed.
#}
{% macro told_once(told, computed, keys) %}
    select * from {{ told }}

    union all by name

    select * from {{ computed }}
    where
        not exists (
            select 1 from {{ told }}
            where
                {%- for key in keys %}
                {% if not loop.first %}and {% endif %}{{ computed }}.{{ key }}
                is not distinct from {{ told }}.{{ key }}
                {%- endfor %}
        )
{% endmacro %}
