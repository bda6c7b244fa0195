-- Grain: a company, dealer, supplier or employer as one system knows it, whichever source sent it.
{{ union_connectors('organisations') }}
