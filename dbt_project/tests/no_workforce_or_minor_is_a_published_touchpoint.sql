-- What leaves about the workforce and about minors is aggregated, never a row.
{{ config(meta={'dagster': {'ref': {'name': 'pub_touchpoints'}}}) }}
with

kept_inside as (

    select {{ pseudonym('person_id', 'cx') }} as person_key
    from {{ ref('dim_persons') }}
    where is_workforce or is_minor

)

select touchpoints.touchpoint_id
from {{ ref('pub_touchpoints') }} as touchpoints
left join kept_inside on touchpoints.person_key = kept_inside.person_key
where
    kept_inside.person_key is not null
    or touchpoints.family = 'workforce'
    or touchpoints.family is null
    or touchpoints.audience in (
        select audience from {{ ref('audiences') }}
        where is_minor
    )
