-- Grain: one human being x purpose of consent_purposes: may they be contacted for it, else why not.
with

persons as (

    select * from {{ ref('int_persons') }}

),

purposes as (

    select * from {{ ref('consent_purposes') }}

),

consents as (

    select * from {{ ref('int_person_consents') }}

),

bars as (

    select
        purpose,
        unnest(string_split(barred_by, ' ')) as barred_by
    from purposes

),

refused as (

    select
        consents.person_id,
        bars.purpose,
        min(consents.valid_from) as valid_from
    from consents
    inner join bars on consents.purpose = bars.barred_by
    where consents.state = 'refused'
    group by consents.person_id, bars.purpose

),

granted as (

    select * from consents
    where state = 'granted'

),

judged as (

    select
        persons.person_id,
        purposes.purpose,
        case
            when refused.person_id is not null then 'refused'
            when persons.is_minor then 'minor'
            when persons.is_workforce then 'workforce'
            when persons.is_deleted then 'deleted'
            when persons.is_test then 'test'
            when purposes.needs_consent and granted.person_id is null then 'no_consent'
        end as why_not,
        coalesce(refused.valid_from, granted.valid_from) as valid_from
    from persons

    cross join purposes

    left join refused
        on persons.person_id = refused.person_id and purposes.purpose = refused.purpose

    left join granted
        on persons.person_id = granted.person_id and purposes.purpose = granted.purpose

),

final as (

    select
        person_id,
        purpose,
        why_not is null as may_be_contacted,
        why_not,
        valid_from
    from judged

)

select * from final
