-- Grain: an order, donation, registration or attendance,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'orders', ref('stg_files__orders'),
    key='order_id', teller='file_name'
) }}
