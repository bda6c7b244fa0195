-- Grain: one kind of stress x audience: who stayed half a year after it, against matched others.
-- Each who lived it is held against those of the same audience, month, country, orders and tenure who
-- lived no stress of any kind in that month; those without two such others are left out, counted. The
-- error is linearised over persons, who may come in several months and on both sides. From 30 persons
-- on either side; fewer are told of by no figure. An association: what makes a promise break or an
-- answer bad may make people leave by itself.
with

people as (

    select
        *,
        len(stresses) = 0 as is_calm
    from {{ ref('int_loyalty_months') }}

),

-- Of what kind anything is on record or declared.
recorded as (

    select
        'broken_promise' as stress,
        count(*) > 0 as is_recorded,
        'no source tells of promises' as reason
    from {{ ref('int_ticket_targets') }}

    union all

    select
        'bad_csat' as stress,
        count(*) > 0 as is_recorded,
        'nobody is asked by name for satisfaction from 1 to 5' as reason
    from {{ ref('int_survey_answers__judged') }}
    where
        excluded_as is null
        and confidentiality = 'identified'
        and metric_role = 'csat'
        and scale_min = 1
        and scale_max = 5

    union all

    select
        'price_rise' as stress,
        count(*) > 0 as is_recorded,
        'no price rise is declared' as reason
    from {{ ref('price_rises') }}

),

sides as (

    select
        recorded.stress,
        people.audience,
        people.stratum,
        people.person_id,
        people.period_start,
        people.period_end,
        people.is_calm,
        cast(people.is_retained as integer) as stayed
    from people
    cross join recorded
    where people.is_calm or list_contains(people.stresses, recorded.stress)

),

strata as (

    select
        stress,
        stratum,
        count(*) filter (where not is_calm) as stressed,
        count(*) filter (where is_calm) as calm,
        avg(stayed) filter (where is_calm) as calm_share
    from sides
    group by stress, stratum

),

matched as (

    select
        sides.*,
        strata.stressed,
        strata.calm,
        strata.calm_share
    from sides
    inner join strata
        on
            sides.stress = strata.stress
            and sides.stratum = strata.stratum
    where strata.stressed >= 1 and strata.calm >= 2

),

compared as (

    select
        stress,
        audience,
        count(*) filter (where not is_calm) as cases,
        count(distinct person_id) filter (where not is_calm) as persons_stressed,
        count(distinct person_id) filter (where is_calm) as persons_matched,
        count(distinct person_id) as persons,
        avg(stayed) filter (where not is_calm) as retention,
        avg(calm_share) filter (where not is_calm) as retention_matched
    from matched
    group by stress, audience

),

-- How far each person pulls the difference. A stratum's others stand for those who lived it there,
-- and of few others one is the mean of the rest: n / (n - 1).
pulls as (

    select
        matched.stress,
        matched.audience,
        matched.person_id,
        sum(case
            when matched.is_calm
                then
                    -(matched.stayed - matched.calm_share)
                    * matched.stressed / matched.calm
                    * sqrt(matched.calm / (matched.calm - 1))
            else
                matched.stayed - matched.calm_share
                - (compared.retention - compared.retention_matched)
        end / compared.cases) as pull
    from matched
    inner join compared
        on
            matched.stress = compared.stress
            and matched.audience = compared.audience
    group by matched.stress, matched.audience, matched.person_id

),

errors as (

    select
        stress,
        audience,
        sum(pull * pull) as squares
    from pulls
    group by stress, audience

),

-- Every kind has a row for every audience of which anybody was active.
audiences as (

    select
        recorded.stress,
        recorded.is_recorded,
        recorded.reason,
        people.audience,
        people.period_start,
        people.period_end,
        count(*) filter (where list_contains(people.stresses, recorded.stress)) as all_cases
    from people
    cross join recorded
    group by all

),

judged as (

    select
        audiences.*,
        compared.* exclude (stress, audience),
        compared.retention - compared.retention_matched as difference,
        sqrt(errors.squares * compared.persons / nullif(compared.persons - 1, 0)) as std_error,
        case
            when not audiences.is_recorded then 'not_measured'
            when
                least(compared.persons_stressed, compared.persons_matched) >= 30
                and errors.squares > 1e-12
                then 'ok'
            else 'low_n'
        end as status
    from audiences
    left join compared
        on
            audiences.stress = compared.stress
            and audiences.audience = compared.audience
    left join errors
        on
            audiences.stress = errors.stress
            and audiences.audience = errors.audience

),

bounded as (

    select
        *,
        cases / all_cases as matched_share,
        greatest(-1.0, difference - 1.959964 * std_error) as low,
        least(1.0, difference + 1.959964 * std_error) as high,
        2.801585 * std_error as smallest_detectable
    from judged

),

final as (

    select
        ---------- keys
        stress,
        audience,
        period_start,
        period_end,

        ---------- figures, of enough people
        {%- for figure in [
            'persons_stressed', 'persons_matched', 'matched_share', 'retention',
            'retention_matched', 'difference', 'low', 'high', 'smallest_detectable',
        ] %}
            case when status = 'ok' then {{ figure }} end as {{ figure }},
        {%- endfor %}

        ---------- what it says
        case
            when status <> 'ok' then null
            when low > 0 then 'stayed more'
            when high < 0 then 'stayed less'
            else 'no difference found'
        end as finding,
        status,
        case status
            when 'not_measured' then reason
            when 'low_n' then 'fewer than 30 persons on a side, or all alike'
        end as reason,
        'association, not cause' as basis

    from bounded

)

select * from final
