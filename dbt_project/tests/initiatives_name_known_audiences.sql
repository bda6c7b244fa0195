-- An initiative is for audiences that the registry knows, and compared with such.
{{ config(meta={'dagster': {'ref': {'name': 'initiatives'}}}) }}
with

named as (

    select
        initiative,
        unnest(string_split(concat_ws('|', audiences, compared_audiences), '|')) as audience
    from {{ ref('initiatives') }}

)

select named.*
from named
left join {{ ref('audiences') }} as audiences on named.audience = audiences.audience
where audiences.audience is null
