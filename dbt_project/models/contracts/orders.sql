-- Grain: an order, donation, registration or attendance, whichever source sent it.
{{ union_connectors('orders') }}
