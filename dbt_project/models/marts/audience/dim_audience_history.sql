-- Grain: one audience x time over which its row of the registry stood so, by the clock of the runs.
-- What a seed said before is nowhere else, so this table is kept: a run closes what changed or is
-- gone at its clock and opens what is new, and a full refresh leaves it. Of two changes at one clock
-- the later one is told.
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='audience_version_id',
        on_schema_change='append_new_columns',
        full_refresh=false,
    )
}}
{%- set facts = [
    'label', 'family', 'parent', 'rank', 'owner_role', 'show_name', 'champions', 'journey',
    'instrument', 'cadence_days', 'target_metric', 'target', 'minimum_group',
    'review_interval_days', 'is_minor',
] %}
with

audiences as (

    select * from {{ ref('audiences') }}

),

standing as (
    {% if is_incremental() %}
        select * from {{ this }}
        where valid_to is null
    {% else %}
        select
            *,
            cast(null as timestamp) as valid_from
        from {{ ref('audiences') }}
        where false
    {% endif %}
),

compared as (

    select
        audiences.*,
        greatest(standing.valid_from, {{ as_of() }}) as valid_from
    from audiences
    left join standing on audiences.audience = standing.audience
    where
        standing.audience is null
        {%- for fact in facts %}
            or audiences.{{ fact }} is distinct from standing.{{ fact }}
        {%- endfor %}

),

opened as (

    select
        *,
        cast(null as timestamp) as valid_to
    from compared

),

closed as (

    select
        standing.*,
        {{ as_of() }} as closes_at
    from standing
    left join audiences on standing.audience = audiences.audience
    left join compared on standing.audience = compared.audience
    where
        standing.valid_from < {{ as_of() }}
        and (audiences.audience is null or compared.audience is not null)

),

versions as (

    select
        audience,
        {%- for fact in facts %}
            {{ fact }},
        {%- endfor %}
        valid_from,
        valid_to
    from opened

    union all

    select
        audience,
        {%- for fact in facts %}
            {{ fact }},
        {%- endfor %}
        valid_from,
        closes_at as valid_to
    from closed

),

final as (

    select
        md5(audience || '|' || valid_from) as audience_version_id,
        audience,
        label,
        family,
        parent,
        cast(rank as bigint) as rank,
        owner_role,
        show_name,
        champions,
        journey,
        instrument,
        cast(cadence_days as bigint) as cadence_days,
        target_metric,
        cast(target as double) as target,
        cast(minimum_group as bigint) as minimum_group,
        cast(review_interval_days as bigint) as review_interval_days,
        is_minor,
        valid_to is null as is_current,
        valid_from,
        valid_to
    from versions

)

select * from final
