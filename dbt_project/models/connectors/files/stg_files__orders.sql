-- Grain: an order, donation, registration or attendance x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('orders', source('files', 'orders')) }}
