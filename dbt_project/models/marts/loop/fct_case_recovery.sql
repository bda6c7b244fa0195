-- Grain: one rule x family: how much more scores changed where somebody was told than where not.
-- The next score less the one that opened the case, of those who were told, less the same of those who
-- may be contacted too and were not. The error is linearised over persons, who may have several cases.
-- Of whole families alone: nothing is left over when one figure is taken from another.
with

measured as (

    select
        cases.rule,
        cases.family,
        cases.person_id,
        cases.told_at is not null as is_told,
        cases.next_score - cases.score as change
    from {{ ref('fct_closed_loop_cases') }} as cases
    inner join {{ ref('dim_person_contactability') }} as contactability
        on
            cases.person_id = contactability.person_id
            and contactability.purpose = 'contact'
            and contactability.may_be_contacted
    where cases.trigger = 'answer' and cases.next_score is not null

),

compared as (

    select
        rule,
        family,
        count(*) filter (where is_told) as told,
        count(*) filter (where not is_told) as not_told,
        count(distinct person_id) filter (where is_told) as persons_told,
        count(distinct person_id) filter (where not is_told) as persons_not_told,
        count(distinct person_id) as persons,
        avg(change) filter (where is_told) as change_told,
        avg(change) filter (where not is_told) as change_not_told
    from measured
    group by rule, family

),

-- How far each person pulls the difference of the two means.
pulls as (

    select
        measured.rule,
        measured.family,
        measured.person_id,
        sum(case
            when measured.is_told
                then (measured.change - compared.change_told) / compared.told
            else (compared.change_not_told - measured.change) / compared.not_told
        end) as pull
    from measured
    inner join compared
        on
            measured.rule = compared.rule
            and measured.family = compared.family
    group by measured.rule, measured.family, measured.person_id

),

errors as (

    select
        rule,
        family,
        sum(pull * pull) as squares
    from pulls
    group by rule, family

),

judged as (

    select
        compared.*,
        rules.label,
        rules.role,
        rules.contact_limited_by,
        compared.change_told - compared.change_not_told as recovery,
        sqrt(errors.squares * compared.persons / nullif(compared.persons - 1, 0))
            as std_error,
        -- Thirty persons on either side: the normal interval needs them, and they name nobody.
        least(compared.persons_told, compared.persons_not_told) >= 30
        and errors.squares > 1e-12 as is_enough
    from compared
    inner join errors
        on
            compared.rule = errors.rule
            and compared.family = errors.family
    inner join {{ ref('case_rules') }} as rules on compared.rule = rules.rule

),

final as (

    select
        ---------- keys
        rule,
        family,
        label,
        role,

        ---------- null where there is not enough data
        {%- for figure in [
            'told', 'not_told', 'persons_told', 'persons_not_told',
            'change_told', 'change_not_told', 'recovery', 'std_error',
        ] %}
            case when is_enough then {{ figure }} end as {{ figure }},
        {%- endfor %}
        case when is_enough then recovery - 1.959964 * std_error end as low,
        case when is_enough then recovery + 1.959964 * std_error end as high,

        ---------- what it says
        case
            when not is_enough then 'not enough data'
            when recovery - 1.959964 * std_error > 0 then 'recovered more'
            when recovery + 1.959964 * std_error < 0 then 'recovered less'
            else 'no difference found'
        end as finding,
        case
            when contact_limited_by is null then 'association'
            else 'contact was limited by ' || case contact_limited_by
                when 'random' then 'lot'
                else contact_limited_by
            end
        end as basis,
        {{ as_of() }} as as_of

    from judged

)

select * from final
