-- What a dashboard asks of the published marts, one statement a tile or page. The first line of each
-- says which. Names of people, or of one person, are asked for nowhere: there are none.

-- scorecard: every audience at a glance
select * from pub_scorecard order by rank nulls last, audience;

-- trend: NPS of customers by quarter, as docs/bi.md has it
select period_start, value, low, high, n, status from pub_metric_values
where metric = 'nps' and audience = 'customer' and segment = 'all' and period_kind = 'quarter'
order by period_start;

-- trend: NPS of every audience by month
select audience, month, nps, low, high, n, status, response_rate from pub_nps_monthly
where month >= date '2025-01-01' order by audience, month;

-- explorer: any metric with its label and its audience's
select coalesce(m.label, v.metric) || ', ' || coalesce(a.label, v.audience) as which,
    v.period_start, v.period_end - 1 as last_day, v.value, v.low, v.high, v.n, v.status, m.unit
from pub_metric_values as v
left join pub_metrics as m using (metric)
left join pub_audiences as a using (audience)
where v.metric = 'csat' and v.definition_version = 1 and v.audience = 'customer'
    and v.segment = 'all' and v.period_kind = 'month'
order by v.period_start desc;

-- explorer: the segments that a metric has, for a filter's list
select distinct segment from pub_metric_values
where metric = 'nps' and audience = 'customer' and period_kind = 'quarter' order by segment;

-- explorer: the newest values of all metrics of one audience
select metric, value, low, high, n, status from pub_metric_values
where audience = 'fan' and segment = 'all' and period_kind = 'quarter'
qualify period_start = max(period_start) over (partition by metric)
order by metric;

-- compare: NPS of customers by country in the newest quarter
select segment, value, low, high, n, status from pub_metric_values
where metric = 'nps' and audience = 'customer' and segment like 'country=%'
    and period_kind = 'quarter'
qualify period_start = max(period_start) over ()
order by value desc nulls last;

-- compare: CSAT of all audiences, quarter by quarter, as a heat map
select audience, period_start, value, status from pub_metric_values
where metric = 'csat' and segment = 'all' and period_kind = 'quarter'
order by audience, period_start;

-- support: the week, for each audience
select * from pub_support_weekly order by 1, 2 desc limit 500;

-- support: first response by day over the last quarter
select period_start, value, low, high, n from pub_metric_values
where metric = 'first_response_minutes_p50' and audience = 'customer' and segment = 'all'
    and period_kind = 'day' and period_start >= date '2026-04-01'
order by period_start;

-- support: first response by channel and priority
select segment, period_start, value, low, high, n, status from pub_metric_values
where metric = 'first_response_minutes_p50' and audience = 'customer'
    and (segment like 'channel=%' or segment like 'priority=%') and period_kind = 'quarter'
order by segment, period_start;

-- journey: the funnel of an audience, newest quarter of each stage
select * from pub_journey_funnel
where audience = 'customer' and conversion_status <> 'not_mature'
qualify period_start = max(period_start) over (partition by journey, stage)
order by journey, position;

-- journey: where people talk of effort
select * from pub_friction
where audience = 'customer' and status <> 'not_mature' and kind = 'any'
qualify period_start = max(period_start) over (partition by journey, stage);

-- journey: what is listened to and what is lived
select * from pub_listening_balance
where audience = 'fan' and status <> 'not_mature' and kind <> 'any'
qualify period_start = max(period_start) over (partition by journey, stage);

-- touchpoints: by audience and quarter
select audience, date_trunc('quarter', month) as quarter, sum(touchpoints) as touchpoints
from pub_touchpoints_monthly group by all order by all;

-- touchpoints: by type and channel in the last month
select touchpoint_type, channel, count(*) as touchpoints
from pub_touchpoints where occurred_at >= timestamp '2026-06-01' group by all order by 3 desc;

-- touchpoints: by month and stage of one journey
select month, stage, sum(touchpoints) as touchpoints
from pub_touchpoints_monthly where journey = 'fan' group by all order by all;

-- touchpoints: of one audience by weekday, the last year
select dayofweek(occurred_at) as weekday, count(*) as touchpoints
from pub_touchpoints
where audience = 'customer' and occurred_at >= timestamp '2025-07-01' group by all order by all;

-- priorities: what moves which score most
select * from pub_key_drivers order by 1, 2, 3 limit 200;

-- values: what a wide table in a spreadsheet asks for, metrics as columns
pivot (
    select period_start, metric, value from pub_metric_values
    where audience = 'customer' and segment = 'all' and period_kind = 'quarter'
        and metric in ('nps', 'csat', 'ces_top', 'first_response_minutes_p50', 'one_touch_rate')
) on metric using any_value(value) order by period_start;
