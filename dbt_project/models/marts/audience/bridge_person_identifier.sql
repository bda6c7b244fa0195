-- Grain: one stretch for which an account was known under one id of a person, half-open.
with

bindings as (

    select * from {{ ref('int_person_bindings') }}

),

final as (

    select
        ---------- ids
        md5(concat_ws('|', account_id, person_id, valid_from, valid_to, evidence)) as binding_id,
        account_id,
        split_part(account_id, ':', 1) as source,
        person_id,
        current_person_id,

        ---------- facts
        evidence,
        valid_to is null as is_current,

        ---------- timestamps
        valid_from,
        valid_to

    from bindings

)

select * from final
