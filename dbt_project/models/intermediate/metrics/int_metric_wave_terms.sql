-- Grain: one wave (its opening day) x metric x audience, with the minimum group and the cuts that the
-- registries declared when the wave was first seen open. Written once: what is declared later holds
-- for later waves. Survives a full refresh.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}
with

waves as (

    select wave_opened_on from {{ ref('int_survey_answers') }}
    union
    select wave_opened_on from {{ ref('int_survey_invitations') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

metrics as (

    select * from {{ ref('metrics') }}
    where list_contains(string_split(periods, '|'), 'wave')

),

final as (

    select
        waves.wave_opened_on,
        metrics.metric,
        audiences.audience,
        {{ minimum_group('audiences', "metrics.event = 'label'") }} as minimum_group,
        metrics.segments
    from waves
    cross join metrics
    inner join audiences
        on list_contains(string_split(metrics.families, '|'), audiences.family)
    where waves.wave_opened_on <= {{ local_date(as_of()) }}
    {% if is_incremental() %}
        and waves.wave_opened_on not in (select known.wave_opened_on from {{ this }} as known)
    {% endif %}

)

select * from final
