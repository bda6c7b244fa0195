"""The bulk world's surveys: what Qualtrics holds of contacts, mailings and responses."""

# A mailing: the survey, the list it goes to, its id, and when it went out.
PREPARE = {
    "mailings": """
with waves as (
    select unnest(range({since}, {until}, interval {every})) as opened_at
),
sent as (
    select 'SV_' || kind || '_nps' as survey_id, 'CG_' || kind || 's' as mailing_list_id,
        kind as asked_kind, opened_at + {delay} as sent_at
    from waves cross join (values ('customer'), ('fan'), ('dealer'), ('donor')) as kinds (kind)
    union all
    select 'SV_employee_pulse', 'CG_employees', 'employee', opened_at + {delay}
    from waves where {known} = {first}
    union all
    select 'SV_ticket_csat', 'CG_support', 'support', opened_at
    from (select unnest(range({since}, {until}, interval {every_rating})) as opened_at)
)
select *, concat_ws('_', 'EMD', mailing_list_id, strftime(sent_at, '%Y%m%d')) as distribution_id
from sent
""",
    # Of five people in a row the first and the third are asked how likely they would recommend, the
    # first also how a ticket went, at most once a month.
    "invitations": """
with chosen as (
    select mailings.*, respondent_id, people.language, people.trait, null::bigint as ticket_id,
        hash(number * 7907 + epoch(sent_at)::bigint) as d, sent_at as asked_at
    from people inner join mailings on people.kind = mailings.asked_kind
    where number % 5 in (0, 2) and hash(number * 31 + epoch(sent_at)::bigint) % 1000 < {asked}
    union all
    select mailings.*, 'CID_' || employee_number, language, (d % 1000) / 1000.0 - 0.5, null,
        hash(number * 7907 + epoch(sent_at)::bigint), sent_at
    from staff inner join mailings on asked_kind = 'employee'
        and sent_at >= hired_on and (left_on is null or sent_at < left_on)
    union all
    select mailings.*, 'CID_' || number, language, trait, ticket_id, d, solved_at + interval 1 hour
    from tickets inner join mailings on asked_kind = 'support' and solved_at >= sent_at
        and solved_at < sent_at + interval {every_rating}
    where number % 5 = 0 and status in ('solved', 'closed') and d % 2 = 0
    qualify row_number() over (partition by number, mailings.sent_at order by solved_at) = 1
),
answered as (
    select *, asked_at + to_seconds((exp(d // 7 % 1000 / 100.0) * 12)::bigint + 60)
            as completed_at,
        d // 11 % 100 < case asked_kind when 'support' then 32 when 'employee' then 70 else 34 end
            and completed_at <= {until} as has_answered,
        (d // 13 % 1000) / 1000.0 - 0.5 + trait as latent
    from chosen
)
select answered.*,
    case when has_answered then concat_ws('_', 'R', distribution_id, substr(respondent_id, 5)) end
        as response_id,
    greatest(least(round(7.5 + 5 * latent), 10), 0)::int as recommends,
    greatest(least(round(3.7 + 2.5 * latent), 5), 1)::int as satisfied,
    greatest(least(round(5 + 3 * latent), 7), 1)::int as easy,
    case when d // 17 % 10 < 3 then comments.words[1 + (d // 7 % len(comments.words))::int]
        || case when d % 4 = 0 then ' (' || (d % 1000000) || ')' else '' end end as comment
from answered inner join comments on answered.language = comments.language
    and comments.tone = case when latent > 0.3 then 'good' when latent > -0.1 then 'mixed'
        else 'bad' end
""",
}
QUESTIONS = [
    *(
        question
        for survey in ("customer_nps", "fan_nps", "dealer_nps", "donor_nps", "employee_pulse")
        for question in (
            (survey, "QID1", "How likely are you to recommend us?", "MC", "NPS"),
            (survey, "QID2", "What is the main reason for your answer?", "TE", "SL"),
        )
    ),
    ("employee_pulse", "QID3", "I have what I need to do my work well.", "MC", "SAVR"),
    ("employee_pulse", "QID4", "My opinion counts here.", "MC", "SAVR"),
    ("ticket_csat", "QID1", "How satisfied are you with the help?", "MC", "SAVR"),
    ("ticket_csat", "QID2", "What is the main reason for your answer?", "TE", "SL"),
    ("ticket_csat", "QID3", "It was easy to get my request handled.", "MC", "SAVR"),
    ("ticket_csat", "QID4", "Was that better or worse than you expected?", "MC", "SAVR"),
]
VALUES = ", ".join(str(question) for question in QUESTIONS)

TABLES = {
    "qualtrics.survey_questions": f"""
select 'SV_' || survey as survey_id, question_id, question_text, question_type, selector
from (values {VALUES}) as questions (survey, question_id, question_text, question_type, selector)
where {{is_first}}
""",
    "qualtrics.distributions": """
select distribution_id, survey_id, mailing_list_id, 'Invite' as request_type,
    'Done' as request_status, sent_at, sent_at as created_at, sent_at as updated_at
from mailings where {is_first} or {known} > {first}
""",
    "qualtrics.contacts": """
select respondent_id as contact_id, 'CG_' || kind || 's' as mailing_list_id, first_name, last_name,
    email, phone, contact_id as external_reference, language, d % 50 = 0 as is_unsubscribed,
    false as is_list_unsubscribed
from people where is_new and number % 5 in (0, 2)
union all
select 'CID_' || employee_number, 'CG_employees', first_name, last_name, email, null,
    employee_number, language, false, false
from staff where is_new
""",
    "qualtrics.invitations": """
select distribution_id, respondent_id as contact_id, survey_id, asked_at as sent_at, response_id,
    case when has_answered then 'SurveyFinished' when d % 100 < 4 then 'HardBounce'
        when d % 100 < 40 then 'Opened' else 'Success' end as status,
    case when status in ('SurveyFinished', 'Opened')
        then least(asked_at + (completed_at - asked_at) / 2, {until}) end as opened_at,
    case when has_answered then completed_at - interval 1 minute end as started_at,
    case when has_answered then completed_at end as completed_at
from invitations
""",
    "qualtrics.responses": """
select response_id, survey_id, respondent_id as contact_id, distribution_id,
    ticket_id::varchar as ticket_id, 0 as status, 1 as finished, 100 as progress, 60 as
    duration_seconds, 'email' as channel, upper(language) as language,
    completed_at - interval 1 minute as started_at, completed_at as ended_at,
    completed_at as recorded_at,
    json_merge_patch(
        case asked_kind
            when 'support' then json_object('QID1', satisfied, 'QID3', easy,
                'QID4', satisfied // 2 - 1)
            when 'employee' then json_object('QID1', recommends, 'QID3', satisfied,
                'QID4', greatest(satisfied - 1, 1))
            else json_object('QID1', recommends) end,
        case when comment is null then '{{}}' else json_object('QID2_TEXT', comment) end
    )::varchar as "values"
from invitations where has_answered
""",
}
