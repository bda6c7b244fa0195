-- What HR's purpose may read of a person of the workforce was lived at work.
{{ config(meta={'dagster': {'ref': {'name': 'fct_touchpoints'}}}) }}
select touchpoint_id
from {{ ref('fct_touchpoints') }}
where
    person_is_workforce
    and family <> 'workforce'
    and {{ readable_by('ex') }}
