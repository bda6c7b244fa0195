-- Five things that an organisation asks for, by audience and quarter, straight from raw, by hand: what
-- a good engineer writes in an afternoon, with no contract, no registry but the shared lists, no
-- suppression, no history, no test. Runs in one DuckDB connection on a warehouse that is loaded, in
-- the project's folder, with `set variable as_of`. Results: nps, csat, first_response,
-- journey_funnel, touchpoints.

-- ---------------------------------------------------------------- who is who
-- The CRM's contact is the person; other systems name it, or share its address.
create temp table contacts as
select id as contact_id, any_value(lower(email)) as email from raw_hubspot.contacts
where _deleted_reason is null group by id;

create temp table by_email as
select email, min(contact_id) as contact_id from contacts where email <> '' group by email;

create temp table accounts as
with told as (
    select 'hubspot:' || contact_id as account_id, contact_id as reference, email from contacts
    union all
    select 'zendesk:' || id, external_id, lower(email) from raw_zendesk.users
    union all
    select 'qualtrics:' || contact_id, any_value(external_reference), any_value(lower(email))
    from raw_qualtrics.contacts group by contact_id
    union all
    select 'files:' || account_id, null, any_value(lower(email))
    from raw_files.person_observations group by account_id
    union all
    select 'bamboohr:' || employee_id, null, any_value(lower(work_email))
    from raw_bamboohr.employees group by employee_id
)
select told.account_id,
    coalesce(named.contact_id, by_email.contact_id, told.email, told.account_id) as person_id
from told
left join contacts as named on told.reference = named.contact_id
left join by_email on told.email = by_email.email;

-- ---------------------------------------------------------------- who belongs to which audience
create temp table audiences as
select audiences.audience, audiences.family,
    -- The deepest counts, then the one of the best rank.
    coalesce(audiences.rank, 999) - case when parents.audience is null then 0
        when parents.parent is null then 1000 else 2000 end as priority
from read_csv('dbt_project/seeds/audiences.csv') as audiences
left join read_csv('dbt_project/seeds/audiences.csv') as parents
    on audiences.parent = parents.audience;

create temp table members as
with evidence as (
    select 'hubspot:' || id as account_id,
        case lifecycle_stage when 'lapsed' then 'lapsed_customer' else lifecycle_stage end
            as audience,
        case lifecycle_stage when 'subscriber' then entered_subscriber_at
            when 'lead' then entered_lead_at when 'prospect' then entered_prospect_at
            when 'customer' then entered_customer_at when 'lapsed' then entered_lapsed_at
            end as valid_from,
        archived_at as valid_to
    from raw_hubspot.contacts
    union all
    select 'hubspot:' || id, trim(unnest(string_split(audience_roles, ';'))), null, archived_at
    from raw_hubspot.contacts where audience_roles <> ''
    union all
    select 'files:' || account_id, audience, valid_from, valid_to from raw_files.membership_evidence
    union all
    select 'bamboohr:' || employee_id, 'employee', hire_date::timestamptz,
        termination_date::timestamptz
    from raw_bamboohr.employees where hire_date is not null
)
select accounts.person_id, audiences.family, audiences.audience, audiences.priority,
    coalesce(evidence.valid_from, timestamptz '1900-01-01') as valid_from,
    coalesce(evidence.valid_to, timestamptz '9999-12-31') as valid_to
from evidence
inner join accounts using (account_id)
inner join audiences using (audience);

-- ---------------------------------------------------------------- what happened
create temp table tickets as
select 'ticket:' || id as experience_id, id as ticket_id, 'zendesk:' || requester_id as account_id,
    case brand_id when 9001 then 'support_ticket' when 9002 then 'dealer_ticket'
        when 9003 then 'fan_ticket' end as touchpoint_type,
    created_at as occurred_at
from raw_zendesk.tickets
where status <> 'deleted' and not coalesce(tags like '%"test"%', false)
    and not coalesce(tags like '%"closed_by_merge"%', false);

-- Of those who were asked; what is always open on the website answers another question.
create temp table answers as
with told as (
    select 'response:' || response_id as experience_id, 'qualtrics:' || contact_id as account_id,
        survey_id, recorded_at as occurred_at, ("values" ->> '$.QID1')::double as score
    from raw_qualtrics.responses
    where status & 11 = 0 and finished = 1 and _deleted_reason is null
    qualify contact_id is null or distribution_id is null or row_number() over (
        partition by contact_id, survey_id, distribution_id, ticket_id
        order by recorded_at, response_id) = 1
)
select experience_id, account_id, occurred_at, score,
    case survey_id when 'SV_ticket_csat' then 'csat' else 'nps' end as metric,
    case survey_id when 'SV_fan_nps' then 'fan' when 'SV_dealer_nps' then 'partner'
        when 'SV_donor_nps' then 'funding' else 'customer' end as family
from told
where (survey_id = 'SV_ticket_csat' and score between 1 and 5)
    or (survey_id in ('SV_customer_nps', 'SV_fan_nps', 'SV_dealer_nps', 'SV_donor_nps')
        and score between 0 and 10);

create temp table types as
select touchpoint_type, family from read_csv('dbt_project/seeds/touchpoint_types.csv');

create temp table expected as
select journey, stage, position, unnest(string_split(touchpoint_types, ';')) as touchpoint_type
from read_csv('dbt_project/seeds/journey_stages.csv') where touchpoint_types is not null;

create temp table deals as
with entered as (
    unpivot (
        select id, is_won, is_lost, entered_appointmentscheduled_at as consider,
            least(entered_qualifiedtobuy_at, entered_contractsent_at) as evaluate,
            entered_closedwon_at as buy
        from raw_hubspot.deals where _deleted_reason is null
    ) on consider, evaluate, buy into name stage value occurred_at
),
held as (
    select deal_id, unnest(from_json(contacts, '["json"]')) ->> '$.toObjectId' as contact_id
    from raw_hubspot.deal_contacts
)
select concat_ws(':', 'stage', id, stage, contact_id) as experience_id,
    'hubspot:' || contact_id as account_id, id as deal_id, stage, occurred_at
from entered left join held on entered.id = held.deal_id;

-- Everything with its person, and its audience as it was lived.
create temp table happened as
select 'touchpoint:' || touchpoint_id as experience_id, 'files:' || account_id as account_id,
    family, occurred_at, 'touchpoint' as kind, touchpoint_type, null::double as score,
    null::varchar as deal_id, null::varchar as stage
from raw_files.touchpoints inner join types using (touchpoint_type)
where _deleted_reason is null
union all
select experience_id, account_id, family, occurred_at, 'ticket', touchpoint_type, null, null, null
from tickets inner join types using (touchpoint_type)
union all
select 'order:' || order_id, 'files:' || account_id, family, ordered_at, 'order',
    case when status <> 'cancelled' then order_kind end, null, null, null
from raw_files.orders inner join types on orders.order_kind = types.touchpoint_type
where _deleted_reason is null
union all
select experience_id, account_id, family, occurred_at, metric, null, score, null, null from answers
union all
select experience_id, account_id, 'customer', occurred_at, 'stage', null, null, deal_id, stage
from deals;

create temp table lived as
with named as (
    select happened.*, coalesce(accounts.person_id, happened.account_id) as person_id
    from happened left join accounts using (account_id)
),
placed as (
    select named.experience_id, arg_min(members.audience, members.priority) as audience
    from named inner join members
        on named.person_id = members.person_id and named.family = members.family
        and named.occurred_at >= members.valid_from and named.occurred_at < members.valid_to
    group by named.experience_id
)
select named.*, coalesce(placed.audience, 'unassigned') as audience,
    date_trunc('quarter', timezone('Europe/Berlin', named.occurred_at))::date as quarter
from named left join placed using (experience_id);

-- ---------------------------------------------------------------- 1 and 2: NPS, CSAT
create temp table scores as
with people as (
    select kind, audience, quarter, person_id, count(*) as n,
        sum(case when kind = 'csat' then (score >= 4)::int when score >= 9 then 1
            when score <= 6 then -1 else 0 end) as total,
        sum(case when kind = 'csat' then (score >= 4)::int
            when score >= 9 or score <= 6 then 1 else 0 end) as squares
    from lived where kind in ('nps', 'csat') group by all
),
cells as (
    select kind, audience, quarter, count(*) as persons, sum(n) as n, sum(total) as total,
        sum(squares) as squares, sum(total) / sum(n) as mean,
        sum(squares) / sum(n) - pow(sum(total) / sum(n), 2) as variance
    from people group by all
),
-- Answers of one person resemble one another: the design effect.
residuals as (
    select kind, audience, quarter, sum(pow(people.total - mean * people.n, 2)) as residual
    from people inner join cells using (kind, audience, quarter) group by all
)
select *, n / greatest(1, coalesce(
    (residual / n / n * persons / nullif(persons - 1, 0))
    / nullif(variance / nullif(n - 1, 0), 0), 1)) as n_eff
from cells inner join residuals using (kind, audience, quarter);

create or replace temp table nps as
with shares as (
    select audience, quarter, n, mean, n_eff,
        ((squares + total) / 2 / n * n_eff + 0.75) / (n_eff + 3) as promoters,
        ((squares - total) / 2 / n * n_eff + 0.75) / (n_eff + 3) as detractors
    from scores where kind = 'nps'
),
bounds as (
    select *, promoters - detractors as middle,
        1.959964 * sqrt((promoters + detractors - pow(promoters - detractors, 2)) / (n_eff + 3))
            as margin
    from shares
)
select audience, quarter, n, 100 * mean as value,
    100 * greatest(least(middle - margin, mean), -1) as low,
    100 * least(greatest(middle + margin, mean), 1) as high
from bounds;

create or replace temp table csat as
select audience, quarter, n, mean as value,
    (mean + 1.920729 / n_eff - margin) / (1 + 3.841459 / n_eff) as low,
    (mean + 1.920729 / n_eff + margin) / (1 + 3.841459 / n_eff) as high
from (
    select *, 1.959964 * sqrt(mean * (1 - mean) / n_eff + 3.841459 / 4 / n_eff / n_eff) as margin
    from scores where kind = 'csat'
);

-- ---------------------------------------------------------------- 3: first response
create or replace temp table first_response as
with agents as (select id from raw_zendesk.users where role in ('agent', 'admin')),
children as (
    select ticket_id, created_at, via, updater_id, unnest(from_json(child_events, '["json"]')) as child
    from raw_zendesk.ticket_events where child_events like '%"Comment"%'
),
replies as (
    select ticket_id, min(created_at) as replied_at from children
    where child ->> '$.event_type' = 'Comment' and (child ->> '$.public')::boolean
        and lower(via) not in ('rule', 'system', 'api', 'web service')
        and coalesce((child ->> '$.author_id')::bigint, updater_id) in (from agents)
    group by ticket_id
),
waits as (
    select audience, quarter, replied_at is not null as is_answered,
        date_diff('second', lived.occurred_at, coalesce(replied_at, getvariable('as_of'))) / 60.0
            as minutes
    from lived inner join tickets using (experience_id)
    left join replies using (ticket_id)
    where lived.kind = 'ticket'
),
-- Kaplan-Meier: whoever still waits is no answer, and no short wait either.
moments as (
    select audience, quarter, minutes, count(*) filter (where is_answered) as answered,
        sum(count(*)) over (partition by audience, quarter order by minutes desc) as waiting
    from waits group by audience, quarter, minutes
),
curve as (
    select audience, quarter, minutes,
        exp(sum(ln(greatest(1 - answered / waiting, 1e-300))) over so_far) as still,
        sum(answered / nullif(waiting * (waiting - answered), 0)) over so_far as spread
    from moments
    window so_far as (partition by audience, quarter order by minutes)
),
half as (
    select audience, quarter, min(minutes) as value, arg_min(spread, minutes) as spread
    from curve where still <= 0.5 + 1e-9 group by all
)
select half.audience, half.quarter, half.value,
    min(minutes) filter (where still <= 0.5 + 1e-9 + 0.98 * sqrt(half.spread)) as low,
    min(minutes) filter (where still <= 0.5 + 1e-9 - 0.98 * sqrt(half.spread)) as high
from half inner join curve using (audience, quarter)
group by half.audience, half.quarter, half.value;

-- ---------------------------------------------------------------- 4: journey funnel
create or replace temp table journey_funnel as
with evidence as (
    select experience_id, coalesce(deal_id, '') || ':' || person_id as walker, audience, occurred_at,
        'buyer' as journey, stage, case stage when 'consider' then 2 when 'evaluate' then 3 else 4
            end as position
    from lived where kind = 'stage'
    union all
    select experience_id, person_id, audience, occurred_at, journey, expected.stage, position
    from lived inner join expected using (touchpoint_type)
),
followed as (
    select *, lag(stage) over (
        partition by journey, walker order by occurred_at, position, experience_id) as before
    from evidence where occurred_at <= getvariable('as_of')
),
stays as (
    select * from followed where before is distinct from stage
),
furthest as (
    select journey, max(position) as last_position from stays group by journey
),
entries as (
    select stays.journey, stays.walker, stays.stage, stays.position,
        min(occurred_at) as entered_at, arg_min(audience, occurred_at) as audience
    from stays inner join furthest using (journey)
    where stays.position < last_position group by all
),
moved as (
    select entries.journey, entries.walker, entries.stage, entries.entered_at, entries.audience,
        bool_or(later.walker is not null) as has_moved_on
    from entries
    inner join read_csv('dbt_project/seeds/journeys.csv') as journeys using (journey)
    left join stays as later
        on entries.journey = later.journey and entries.walker = later.walker
        and later.position > entries.position and later.occurred_at >= entries.entered_at
        and later.occurred_at < entries.entered_at + to_days(window_days::int)
    where entries.entered_at + to_days(window_days::int) <= getvariable('as_of')
    group by all
),
cells as (
    select audience, journey, stage,
        date_trunc('quarter', timezone('Europe/Berlin', entered_at))::date as quarter,
        count(*) as entered, count(*) filter (where has_moved_on) as converted
    from moved group by all
)
select *, converted / entered as conversion,
    (converted / entered + 1.920729 / entered - margin) / (1 + 3.841459 / entered) as low,
    (converted / entered + 1.920729 / entered + margin) / (1 + 3.841459 / entered) as high
from (
    select *, 1.959964 * sqrt(converted / entered * (1 - converted / entered) / entered
        + 3.841459 / 4 / entered / entered) as margin
    from cells
);

-- ---------------------------------------------------------------- 5: touchpoints
create or replace temp table touchpoints as
select audience, quarter, count(*) as touchpoints, count(distinct person_id) as persons
from lived where kind in ('touchpoint', 'ticket', 'order') group by all;
