{#
    The segment an observation falls into under a declared cut: 'all', or `dimension=value` pairs
    in alphabetical order, values percent-encoded. A dimension without a value leaves the value
    empty: such a cell stays inside and only serves suppression. Feedback of another kind than
    triggered is never pooled with it: it has a segment of its own, and it falls under a cut only
    where that cut names the kind, as its dimension `feedback`.
#}
{% macro segment(cut, dimensions, feedback_kind) -%}
    case
        when {{ cut }} = 'all'
            then
                case
                    when {{ feedback_kind }} = 'triggered' then 'all'
                    else 'feedback=' || {{ feedback_kind }}
                end
        when {{ falls_under(cut, feedback_kind) }}
            then array_to_string(list_transform(
                list_sort(string_split({{ cut }}, ';')),
                lambda dimension: dimension || '=' || case
                    when dimension = 'feedback' then {{ feedback_kind }}
                    else coalesce(url_encode(json_extract_string({{ dimensions }}, dimension)), '')
                end
            ), ';')
    end
{%- endmacro %}

{#
    Whether an observation falls under a cut at all: has a segment there. To ask the segment itself
    would make it twice, once to filter.
#}
{% macro falls_under(cut, feedback_kind) -%}
    (
        {{ cut }} = 'all'
        or {{ feedback_kind }} = 'triggered'
        or list_contains(string_split({{ cut }}, ';'), 'feedback')
    )
{%- endmacro %}

{# True for a segment of observations that lack a value for a dimension of their cut. #}
{% macro is_unlabelled(segment) -%}
    regexp_matches({{ segment }}, '=(;|$)')
{%- endmacro %}
