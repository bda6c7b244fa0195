-- Grain: one unit (a department or a division) x time over which its place and its lead stood so.
with

units as (

    select * from {{ ref('int_employments__units') }}

),

final as (

    select
        ---------- ids
        md5(concat_ws('|', unit_kind, unit, valid_from)) as unit_version_id,
        unit,
        manager_account_id,

        ---------- facts
        unit_kind,
        unit_above,
        valid_from <= {{ local_date(as_of()) }}
        and {{ local_date(as_of()) }} < valid_to as is_current,

        ---------- times
        valid_from,
        nullif(valid_to, date '9999-12-31') as valid_to

    from units

)

select * from final
