{#
    The segment an observation falls into under a declared cut: 'all', or `dimension=value` pairs
    in alphabetical order, values percent-encoded; null where a dimension has no value. Feedback of
    another kind than triggered is never pooled with it: it has a segment of its own.
#}
{% macro segment(cut, dimensions, feedback_kind) -%}
    case
        when {{ feedback_kind }} = 'triggered' and {{ cut }} = 'all' then 'all'
        when {{ feedback_kind }} = 'triggered'
            and list_bool_and(list_transform(
                string_split({{ cut }}, ';'),
                lambda dimension: json_extract_string({{ dimensions }}, dimension) is not null
            ))
            then array_to_string(list_transform(
                list_sort(string_split({{ cut }}, ';')),
                lambda dimension: dimension || '='
                || url_encode(json_extract_string({{ dimensions }}, dimension))
            ), ';')
        when {{ cut }} = 'all' then 'feedback=' || {{ feedback_kind }}
    end
{%- endmacro %}
