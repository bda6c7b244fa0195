-- Grain: an order, donation, registration or attendance x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('orders', source('files', 'orders'), teller='file_name') }}
