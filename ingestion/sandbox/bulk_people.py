"""The bulk world's people and staff, and what HubSpot and BambooHR hold of them.

`PREPARE` makes what the other tables of a part draw from; `TABLES` are rows as raw has them.
"""

# Of ten people four have an account of the desk, four are asked in surveys, six are known to the
# website and one stands in the member register; the last digit of their number says which.
PREPARE = {
    "people": """
with numbers as (
    select range as number, range >= {known} as is_new from range({first}, {last})
    where range >= {known} or range // 5 % {one_in} = 0
),
drawn as (
    select *, row_number() over (order by number) - 1 as position,
        hash(number * 31 + {seed}) as d, hash(number * 7919 + {seed}) as e
    from numbers
),
placed as (
    select drawn.*, places.* exclude (place, prefix),
        given[1 + (d // 7 % len(given))::int] as first_name,
        family[1 + (d // 1009 % len(family))::int] as last_name,
        given_typed[1 + (d // 7 % len(given))::int] || '.'
            || family_typed[1 + (d // 1009 % len(family))::int] as typed,
        case when e % 10 < 3 then prefix || lpad((number % 10000000)::varchar, 7, '0') end as phone
    from drawn inner join places on drawn.d % 21 = places.place
)
select number, position, is_new, d, e, city, country, language, first_name, last_name, phone,
    typed || number || '@'
        || ['mail', 'post', 'inbox', 'webmail', 'correo'][1 + (e // 10 % 5)::int] || '.example'
        as email,
    (20100000000 + number)::varchar as contact_id,
    'CID_' || number as respondent_id,
    ['customer', 'customer', 'customer', 'customer', 'customer', 'lapsed', 'subscriber', 'prospect',
        'lead', 'other'][1 + (e // 50 % 10)::int] as stage,
    -- One role in two people, and everybody who is at no stage has one.
    case when e // 50 % 10 = 9 or e // 500 % 10 < 4 then
        ['fan', 'fan', 'fan;superfan', 'fan;member', 'member', 'donor', 'fan;donor', 'dealer',
        'alumnus', 'volunteer'][1 + (e // 5000 % 10)::int] else '' end as roles,
    case when roles like '%dealer%' then 'dealer' when roles like '%donor%' then 'donor'
        when roles = '' or roles in ('alumnus', 'volunteer') then 'customer' else 'fan' end as kind,
    -- A person's own level, so that answers of one person resemble one another.
    (d // 100003 % 1000) / 1000.0 - 0.5 as trait,
    timestamp '2019-01-01' + to_seconds((d // 17 % 142000000)::bigint) as known_since
from placed
""",
    # Twelve employees or three of a thousand people; a third of them answer tickets, every tenth
    # leads the nine after.
    "staff": """
with numbers as (
    select {staff_from} + range as number, range as place_in_part,
        hash(({staff_from} + range) * 131 + {seed}) as d
    from range({staff})
),
named as (
    select numbers.* exclude (place_in_part), place_in_part < {staff} // 3 as is_agent,
        place_in_part - place_in_part % 10 + {staff_from} as leader,
        places.* exclude (place, number),
        given[1 + (d // 7 % len(given))::int] as first_name,
        family[1 + (d // 1009 % len(family))::int] as last_name,
        given_typed[1 + (d // 7 % len(given))::int] || '.'
            || family_typed[1 + (d // 1009 % len(family))::int] as typed
    from numbers inner join (select *, place as number from places) as places
        on numbers.d % 21 = places.place
)
select named.number, {known} = {first} as is_new, d, city, language, first_name, last_name,
    is_agent, nullif(leader, named.number) as leader,
    (1000 + named.number)::varchar as employee_id,
    'E' || (100000 + named.number) as employee_number,
    typed || named.number || '@northlight.example' as email,
    46100000000000 + named.number as agent_id,
    case when is_agent then 'Service' else 'Commercial' end as division,
    case when is_agent then ['Care East', 'Care North', 'Care Fans'][1 + (d // 5 % 3)::int]
        else ['Sales', 'Marketing', 'Ticketing'][1 + (d // 5 % 3)::int] end as department,
    case when is_agent then 'Care Agent' else 'Specialist' end as job_title,
    date '2017-01-01' + (d // 11 % 3300)::int as hired_on,
    case when d % 7 = 0 and named.number <> leader
        then least(hired_on + 200 + (d // 13 % 1500)::int, date '2026-06-01') end as left_on
from named
""",
}

TABLES = {
    "hubspot.contacts": """
select contact_id as id, known_since as created_at, known_since as updated_at, first_name,
    last_name, email, phone, city, country, language,
    case when d % 3 = 0 then (date '1945-01-01' + (d // 23 % 22000)::int)::varchar end
        as birth_date,
    stage as lifecycle_stage, roles as audience_roles, d % 20 = 0 as opted_out,
    case when stage = 'subscriber' and d % 2 = 0 then known_since end as entered_subscriber_at,
    case when stage = 'lead' and d % 2 = 0 then known_since end as entered_lead_at,
    case when stage = 'prospect' and d % 2 = 0 then known_since end as entered_prospect_at,
    case when stage = 'customer' and d % 2 = 0 then known_since end as entered_customer_at,
    case when stage = 'lapsed' and d % 2 = 0 then known_since end as entered_lapsed_at
from people where is_new
""",
    "hubspot.companies": """
select (8800000000 + number)::varchar as id, known_since as created_at, known_since as updated_at,
    last_name || ' Outfitters ' || number as name, 'company' || number || '.example' as domain,
    country, ['CUSTOMER', 'RESELLER', 'VENDOR'][1 + (d % 3)::int] as type
from people where is_new and number % 100 = 0
""",
    "hubspot.contact_companies": """
select contact_id, case when kind <> 'dealer' then '[]' else json_array(json_object(
    'associationTypes', json_array(
        json_object('category', 'HUBSPOT_DEFINED', 'label', 'Primary', 'typeId', 1)),
    'toObjectId', 8800000000 + number - number % 100))::varchar end as companies
from people where is_new
""",
    "hubspot.deals": """
with asked as (
    select *, {moment} as opened_at,
        opened_at + to_seconds((y % 2000000)::bigint) as qualified_at,
        qualified_at + to_seconds((y // 7 % 2000000)::bigint) as offered_at,
        offered_at + to_seconds((y // 11 % 3000000)::bigint) as decided_at,
        x // 3 % 10 < 6 as is_lost
    from records
)
select (9300000000 + i)::varchar as id, opened_at as created_at,
    'Deal ' || i as name, 'default' as pipeline, 100.0 + y % 90000 / 10 as amount,
    'EUR' as currency, case when decided_at <= {until} then decided_at end as closed_at,
    not is_lost and decided_at <= {until} as is_won, is_lost and decided_at <= {until} as is_lost,
    opened_at as entered_appointmentscheduled_at,
    case when qualified_at <= {until} and (not is_lost or x % 2 = 0) then qualified_at end
        as entered_qualifiedtobuy_at,
    case when offered_at <= {until} and (not is_lost or x % 4 = 0) then offered_at end
        as entered_contractsent_at,
    case when not asked.is_lost and decided_at <= {until} then decided_at end
        as entered_closedwon_at,
    case when asked.is_lost and decided_at <= {until} then decided_at end as entered_closedlost_at,
    case when closed_at is null then 'appointmentscheduled' when asked.is_lost then 'closedlost'
        else 'closedwon' end as stage
from asked
""",
    "hubspot.deal_contacts": """
select (9300000000 + i)::varchar as deal_id, json_array(json_object(
    'associationTypes', json_array(
        json_object('category', 'HUBSPOT_DEFINED', 'label', null, 'typeId', 3)),
    'toObjectId', contact_id::bigint))::varchar as contacts
from records inner join people on people.position = y // 1000 % {count}
""",
    "hubspot.feedback_submissions": """
with told as (
    select records.*, people.language, contact_id, {moment} as submitted_at,
        greatest(least(round(7.2 + 6 * ((y % 1000) / 1000.0 - 0.5 + trait)), 10), 0) as value
    from records inner join people on people.position = y // 1000 % {count}
)
select (6600000000 + i)::varchar as id, submitted_at, submitted_at as created_at,
    'Website loyalty survey' as survey_name, 'NPS' as survey_type, 'WEB' as channel, contact_id,
    value, case when y % 3 = 0
        then words[1 + (y // 7 % len(words))::int] || ' (' || i || ')' end as content
from told inner join comments on told.language = comments.language
    and tone = case when value >= 9 then 'good' when value >= 7 then 'mixed' else 'bad' end
""",
    "bamboohr.employees": """
select employee_id, employee_number, staff.first_name, staff.last_name, email as work_email,
    case when left_on is null then 'Active' else 'Inactive' end as status, hired_on as hire_date,
    left_on as termination_date, job_title, department, division, city as location,
    (1000 + leader)::varchar as reports_to_id, led.first_name || ' ' || led.last_name
        as reports_to_name
from staff left join (select number as leader, first_name, last_name from staff) as led
    using (leader)
where is_new
""",
    "bamboohr.employee_changes": """
select employee_id, 'Updated' as action, greatest(hired_on, left_on)::timestamp as changed_at
from staff where is_new
""",
    "bamboohr.job_info": """
select employee_id, greatest(hired_on, left_on)::timestamp as changed_at, 0 as position,
    hired_on as effective_date, department, division, job_title, city as location,
    led.first_name || ' ' || led.last_name as reports_to
from staff left join (select number as leader, first_name, last_name from staff) as led
    using (leader)
where is_new
""",
    "bamboohr.employment_status": """
select employee_id, greatest(hired_on, left_on)::timestamp as changed_at, 0 as position,
    hired_on as effective_date, 'Full-Time' as employment_status, null as termination_type
from staff where is_new
union all
select employee_id, left_on::timestamp, 1, left_on, 'Terminated', 'Voluntary'
from staff where is_new and left_on is not null
""",
}
# Records of a table for each person, over all three years.
RATES = {"hubspot.deals": 0.2, "hubspot.deal_contacts": 0.2, "hubspot.feedback_submissions": 0.1}
