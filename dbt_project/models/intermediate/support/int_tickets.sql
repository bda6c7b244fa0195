-- Grain: one ticket, with who asked and as which audience; deleted and test ones included.
{{ as_lived(ref('tickets'), 'ticket', key='ticket_id', instead_of=['account_id', 'audience']) }}
