-- Grain: one open case that may be acted on, in the order in which it is to be.
-- Nobody is here who does not want to be contacted, or must not be. First what is due first, then the
-- audience that ranks highest, then the lowest score. Names are not here.
with

cases as (

    select * from {{ ref('fct_closed_loop_cases') }}
    where is_open

),

reachable as (

    select person_id from {{ ref('dim_person_contactability') }}
    where purpose = 'contact' and may_be_contacted

),

final as (

    select
        cases.case_id,
        cases.person_id,
        cases.unit,
        cases.rule,
        rules.label,
        cases.family,
        cases.audience,
        cases.journey,
        cases.stage,
        case cases.owner_status when 'vacant' then 'vacant' else cases.owner_role end
            as owner_role,
        cases.state,
        cases.is_reopened,
        cases.due_at < {{ as_of() }} as is_overdue,
        cases.score,
        cases.root_cause,
        cases.detected_at,
        cases.due_at,
        row_number() over (
            order by
                cases.due_at asc nulls last,
                audiences.rank asc nulls last,
                cases.score asc nulls last,
                cases.detected_at asc,
                cases.case_id asc
        ) as position

    from cases

    inner join {{ ref('case_rules') }} as rules on cases.rule = rules.rule

    left join {{ ref('audiences') }} as audiences on cases.audience = audiences.audience

    left join reachable on cases.person_id = reachable.person_id

    where cases.person_id is null or reachable.person_id is not null

)

select * from final
