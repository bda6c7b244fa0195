-- A touchpoint type or instrument that no registry knows names no family, so it counts nowhere.
-- A warning: it is a finding about the registry, and what is registered is still right.
{{ config(severity='warn') }}
select
    experience_kind,
    count(*) as experiences
from {{ ref('int_experiences') }}
where family is null
group by experience_kind
