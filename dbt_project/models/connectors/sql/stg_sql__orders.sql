-- Grain: an order, donation, registration or attendance x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('orders', source('sql', 'orders'), teller='mapping') }}
