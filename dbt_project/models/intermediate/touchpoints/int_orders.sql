-- Grain: one order, donation, registration or attendance, with who and as which audience.
{{ as_lived(ref('orders'), 'order', key='order_id', instead_of=['account_id', 'audience']) }}
