-- Grain: one role that a registry names as an owner, with whether anybody holds it now.
with

employments as (

    select * from {{ ref('int_employments') }}

),

-- The employer's numbers go no further than this: they are compared and left behind.
numbers as (

    select
        employment_id,
        employee_number
    from {{ ref('employments') }}

),

owner_roles as (

    select * from {{ ref('owner_roles') }}

),

named as (

    select owner_role from {{ ref('audiences') }}
    where owner_role is not null

    union

    select owner_role from {{ ref('journey_stages') }}
    where owner_role is not null

    union

    select owner_role from {{ ref('initiatives') }}
    where owner_role is not null

    union

    select owner_role from {{ ref('case_rules') }}
    where owner_role is not null

),

current_employments as (

    select
        employments.*,
        numbers.employee_number
    from employments
    left join numbers on employments.employment_id = numbers.employment_id
    where
        employments.known_to is null
        and employments.valid_from <= {{ local_date(as_of()) }}
        and (employments.valid_to is null or employments.valid_to > {{ local_date(as_of()) }})
        and (employments.left_on is null or employments.left_on > {{ local_date(as_of()) }})
        and employments.contract_kind is distinct from 'terminated'

),

held as (

    select distinct named.owner_role
    from named
    left join owner_roles on named.owner_role = owner_roles.owner_role
    inner join current_employments
        on
            case
                when owner_roles.employee_number is not null
                    then owner_roles.employee_number = current_employments.employee_number
                else
                    lower(trim(coalesce(owner_roles.job_title, named.owner_role)))
                    = lower(trim(current_employments.job_title))
            end

),

-- Without a source that tells who does what, nobody can be said to be gone.
told as (

    select count(*) > 0 as has_titles
    from employments
    where job_title is not null

),

final as (

    select
        named.owner_role,
        case
            when held.owner_role is not null then 'held'
            when told.has_titles then 'vacant'
            else 'unverified'
        end as owner_status
    from named
    cross join told
    left join held on named.owner_role = held.owner_role

)

select * from final
