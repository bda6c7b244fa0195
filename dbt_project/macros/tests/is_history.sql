{#
    Rows tell the history of a key: each is half-open and holds for a time, no two of a key overlap,
    at most one is current. A null end is open; a null beginning is the beginning of time.
    key: columns that name what has a history. valid_from, valid_to: when a row holds.
    known_from, known_to: when it was known, of a bitemporal table; rows may then claim the same day
    as long as they were not known at the same time. is_current: column that says which one holds now.
    may_touch: false where rows that touch would have to be one.
#}
{% test is_history(
    model, key, valid_from='valid_from', valid_to='valid_to', known_from=none, known_to=none,
    is_current=none, clock=none, may_touch=true
) %}
    {%- set times = [('valid', valid_from, valid_to)] -%}
    {%- if known_from %}{% do times.append(('known', known_from, known_to)) %}{% endif %}
    {%- set now = {'valid': local_date(as_of()) if clock == 'day' else as_of(), 'known': as_of()} %}
    with

    numbered as (

        select
            {{ key | join(', ') }},
            {%- for name, begins, ends in times %}
            coalesce(cast({{ begins }} as timestamp), timestamp '0001-01-01') as {{ name }}_begins,
            coalesce(cast({{ ends }} as timestamp), timestamp '9999-12-31') as {{ name }}_ends,
            {%- endfor %}
            {%- if is_current %}
            {{ is_current }} as is_said_to_hold,
            {%- endif %}
            row_number() over (order by
                {{ key | join(', ') }}
                {%- for _, begins, ends in times %}, {{ begins }}, {{ ends }}{% endfor %}
                {{- ', ' ~ is_current if is_current }}
            ) as row_number
        from {{ model }}

    )

    select
        'it holds for no time' as broken_promise,
        {{ key | join(', ') }}
    from numbered
    where {% for name, _, _ in times %}{{ 'or ' if not loop.first }}{{ name }}_begins >= {{ name }}_ends {% endfor %}

    union all

    select
        'two overlap' as broken_promise,
        {% for column in key %}one.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from numbered as one
    inner join numbered as other
        on
            {%- for column in key %}
            one.{{ column }} = other.{{ column }} and
            {%- endfor %}
            one.row_number < other.row_number
            {%- for name, _, _ in times %}
            {%- set before = '<' if may_touch or name == 'known' else '<=' %}
            and one.{{ name }}_begins {{ before }} other.{{ name }}_ends
            and other.{{ name }}_begins {{ before }} one.{{ name }}_ends
            {%- endfor %}

    {%- if is_current %}

    union all

    select
        'several are current' as broken_promise,
        {{ key | join(', ') }}
    from numbered
    where is_said_to_hold
    group by {{ key | join(', ') }}
    having count(*) > 1
    {%- endif %}
    {%- if clock %}

    union all

    select
        'current is not what holds now' as broken_promise,
        {{ key | join(', ') }}
    from numbered
    where is_said_to_hold is distinct from (
        {%- for name, _, _ in times %}
        {{ 'and ' if not loop.first }}{{ name }}_begins <= {{ now[name] }} and {{ now[name] }} < {{ name }}_ends
        {%- endfor %}
    )
    {%- endif %}
{% endtest %}
