"""The bulk world's files: the website's log, the shop's orders and the member register."""

FILE = "'{name}.parquet' as file_name, '{name}' as mapping, '0000000000000000' as mapping_version"

TABLES = {
    "files.person_observations": f"""
select 'web_visitors:' || number as source_record_id, 'web:' || number as account_id,
    'record' as account_kind, null as full_name, email, null as member_number,
    {FILE.format(name="web_visitors")}
from people where is_new and number % 5 < 3
union all
select 'members:M' || number, 'register:M' || number, 'member', first_name || ' ' || last_name,
    email, 'M' || number, {FILE.format(name="members")}
from people where is_new and number % 10 = 3
""",
    "files.membership_evidence": f"""
select 'member_register:M' || number as source_record_id, source_record_id as evidence_id,
    'register:M' || number as account_id, 'member' as audience,
    'Entry in the member register' as evidence, known_since as valid_from,
    case when d % 4 = 0 then known_since + interval 3 year end as valid_to,
    {FILE.format(name="member_register")}
from people where is_new and number % 10 = 3
""",
    # Of five people in a row the first three are known to the website, and to its shop.
    "files.touchpoints": f"""
select 'visits:' || i as source_record_id, source_record_id as touchpoint_id,
    'web:' || number as account_id,
    case when kind = 'fan' then ['content', 'content', 'content', 'share', 'community_post',
        'referral', 'attendance', 'attendance', 'registration', 'content'][
        1 + (y % 10)::int]
        else ['content', 'content', 'article_view', 'article_view', 'article_view', 'bot_session',
        'bot_session', 'complaint', 'share', 'content'][1 + (y % 10)::int]
        end as touchpoint_type,
    ['web', 'web', 'app'][1 + (y // 10 % 3)::int] as channel, 'inbound' as direction,
    {{moment}} as occurred_at, {FILE.format(name="visits")}
from (select *, y // 1000 % {{count}} as drawn from records) as records
inner join people on people.position = drawn - drawn % 5 + drawn % 3
""",
    "files.orders": f"""
select 'shop_orders:F' || i as source_record_id, source_record_id as order_id,
    'web:' || number as account_id,
    case kind when 'donor' then 'donation'
        when 'fan' then ['attendance', 'registration', 'order'][1 + (y % 3)::int]
        else 'order' end as order_kind,
    ['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'refunded', 'cancelled'][
        1 + (y // 3 % 10)::int] as status, {{moment}} as ordered_at,
    10.0 + y // 30 % 9000 / 100.0 as amount, 'EUR' as currency,
    case when status = 'refunded' then amount else 0.0 end as refunded_amount,
    round(amount * 0.6, 2) as cost_amount, {FILE.format(name="shop_orders")}
from (select *, y // 1000 % {{count}} as drawn from records) as records
inner join people on people.position = drawn - drawn % 5 + drawn % 3
""",
}
RATES = {"files.touchpoints": 9.0, "files.orders": 0.5}
