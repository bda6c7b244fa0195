-- Grain: one person x purpose that they granted or refused, over all their accounts.
-- A refusal by any account holds for the whole person; only a dated grant by the same account that is
-- later than all it refused takes it back. A refusal that says not when may be the last word, so it is.
with

consents as (

    select * from {{ ref('consents') }}

),

purposes as (

    select * from {{ ref('consent_purposes') }}

),

bindings as (

    select * from {{ ref('int_person_bindings') }}
    where valid_to is null

),

-- Whatever is not plainly granted is refused, at once; a grant counts from its day on. Of what the
-- registry does not know nobody can grant anything, and who refuses it is left alone.
said as (

    select
        bindings.current_person_id as person_id,
        consents.account_id,
        coalesce(purposes.purpose, 'contact') as purpose,
        coalesce(consents.state = 'granted', false) as is_grant,
        consents.valid_from
    from consents
    inner join bindings on consents.account_id = bindings.account_id
    left join purposes on consents.purpose = purposes.purpose
    where
        consents.state is distinct from 'granted'
        or (
            purposes.purpose is not null
            and coalesce(consents.valid_from <= {{ as_of() }}, true)
        )

),

by_account as (

    select
        person_id,
        account_id,
        purpose,
        max(valid_from) filter (where is_grant) as granted_at,
        min(valid_from) filter (where not is_grant) as refused_at,
        count(*) filter (where not is_grant) > 0
        and not coalesce(
            count(*) filter (where not is_grant and valid_from is null) = 0
            and max(valid_from) filter (where is_grant)
            > max(valid_from) filter (where not is_grant),
            false
        ) as is_refused
    from said
    group by person_id, account_id, purpose

),

final as (

    select
        person_id,
        purpose,
        case when bool_or(is_refused) then 'refused' else 'granted' end as state,
        case
            when bool_or(is_refused) then min(refused_at) filter (where is_refused)
            else max(granted_at)
        end as valid_from,
        count(*) as accounts
    from by_account
    group by person_id, purpose

)

select * from final
