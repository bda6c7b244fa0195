-- What one registry points at, another holds; what a stage expects belongs to it.
{{ config(meta={
    'dagster': {'ref': {'name': 'int_audiences__tree'}},
    'classes': {'registry': 'none', 'registry_key': 'none'},
}) }}
{% set lists = [
    ('audiences', 'audience', 'parent', 'audiences', 'audience'),
    ('audiences', 'audience', 'journey', 'journey_stages', 'journey'),
    ('journey_stages', 'stage', 'journey', 'journeys', 'journey'),
    ('journeys', 'journey', 'journey', 'journey_stages', 'journey'),
    ('journeys', 'journey', 'family', 'audiences', 'family'),
    ('audiences', 'audience', 'instrument', 'instruments', 'instrument'),
    ('audiences', 'audience', 'target_metric', 'metrics', 'metric'),
    ('instruments', 'instrument', 'family', 'audiences', 'family'),
    ('touchpoint_types', 'touchpoint_type', 'family', 'audiences', 'family'),
    ('instruments', 'instrument', "journey || '.' || stage", 'journey_stages', "journey || '.' || stage"),
    ('touchpoint_types', 'touchpoint_type', "journey || '.' || stage", 'journey_stages', "journey || '.' || stage"),
    ('journey_stages', 'stage', "journey || '.' || stage || '.' || unnest(string_split(touchpoint_types, ';'))", 'touchpoint_types', "journey || '.' || stage || '.' || touchpoint_type"),
    ('metrics', 'metric', "unnest(string_split(families, '|'))", 'audiences', 'family'),
    ('contract_audiences', 'audience', 'audience', 'audiences', 'audience'),
    ('activity_families', 'record_type', "case when record <> 'feedback' then record_type end", 'touchpoint_types', 'touchpoint_type'),
    ('metrics', 'metric', "case when role like 'fan_engagement%' then definition_version end", 'engagement_baselines', 'baseline_version'),
    ('survey_items', 'source_survey_id', 'instrument', 'instruments', 'instrument'),
    ('business_hours', 'schedule', 'schedule', 'schedules', 'schedule'),
    ('holidays', 'schedule', 'schedule', 'schedules', 'schedule'),
    ('support_types', 'touchpoint_type', 'schedule', 'schedules', 'schedule'),
    ('support_types', 'touchpoint_type', 'touchpoint_type', 'touchpoint_types', 'touchpoint_type'),
    ('sla_targets', 'clock', 'touchpoint_type', 'touchpoint_types', 'touchpoint_type'),
    ('case_rules', 'rule', "unnest(string_split(families, '|'))", 'audiences', 'family'),
    ('case_rules', 'rule', 'audience', 'audiences', 'audience'),
    ('case_rules', 'rule', "journey || '.' || stage", 'journey_stages', "journey || '.' || stage"),
    ('case_rules', 'rule', 'schedule', 'schedules', 'schedule'),
    ('beliefs', 'question_key', 'audience', 'audiences', 'audience'),
    ('audience_reviews', 'audience', 'audience', 'audiences', 'audience'),
    ('case_rules', 'rule', "case when trigger = 'figure' then role end", 'metrics', 'metric'),
] %}
{% set targets = [
    ('audiences', 'audience'), ('audiences', 'family'), ('instruments', 'instrument'),
    ('journey_stages', 'journey'), ('journey_stages', "journey || '.' || stage"),
    ('engagement_baselines', 'baseline_version'), ('journeys', 'journey'), ('metrics', 'metric'),
    ('touchpoint_types', "journey || '.' || stage || '.' || touchpoint_type"),
    ('touchpoint_types', 'touchpoint_type'), ('schedules', 'schedule'),
] %}
with

pointers as (
    {% for registry, key, pointer, target, found in lists %}
        select
            '{{ registry }}' as registry,
            {{ key }} as registry_key,
            '{{ (target ~ "." ~ found) | replace("'", "") }}' as target,
            cast({{ pointer }} as varchar) as pointed_at
        from {{ ref(registry) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

targets as (
    {% for target, found in targets %}
        select distinct
            '{{ (target ~ "." ~ found) | replace("'", "") }}' as target,
            cast({{ found }} as varchar) as held
        from {{ ref(target) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A child is of its parent's family, and every branch has a root.
branches as (

    select
        audiences.audience,
        parents.family = audiences.family as is_of_its_family,
        tree.audience is not null as has_a_root
    from {{ ref('audiences') }} as audiences
    left join {{ ref('audiences') }} as parents on audiences.parent = parents.audience
    left join {{ ref('int_audiences__tree') }} as tree on audiences.audience = tree.audience

)

select
    pointers.registry,
    pointers.registry_key,
    pointers.target || ' has no ' || pointers.pointed_at as broken_promise
from pointers
left join targets
    on
        pointers.target = targets.target
        and pointers.pointed_at = targets.held
where pointers.pointed_at is not null and targets.held is null

union all

select
    'audiences' as registry,
    audience as registry_key,
    'is of another family than its parent, or below no root' as broken_promise
from branches
where not has_a_root or not coalesce(is_of_its_family, true)
