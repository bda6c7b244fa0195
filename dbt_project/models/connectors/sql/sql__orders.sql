-- Grain: an order, donation, registration or attendance,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'orders', ref('stg_sql__orders'),
    key='order_id', teller='mapping'
) }}
