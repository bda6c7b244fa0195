-- Grain: a time without a break over which one person reported to another.
with

stretches as (

    select * from {{ ref('bamboohr__employments') }}
    where
        known_to is null
        and manager_account_id is not null
        and contract_kind is distinct from 'terminated'

),

followed as (

    select
        *,
        lag(valid_to) over (
            partition by account_id, manager_account_id order by valid_from
        ) as ended_before

    from stretches

),

marked as (

    select
        *,
        (ended_before = valid_from) is not true as is_new

    from followed

),

numbered as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by account_id, manager_account_id order by valid_from
        ) as episode

    from marked

),

episodes as (

    select
        account_id,
        manager_account_id,
        min(valid_from) as begins_on,
        case when count(valid_to) = count(*) then max(valid_to) end as ends_on

    from numbered

    group by account_id, manager_account_id, episode

),

final as (

    select
        ---------- ids
        'bamboohr' as source,
        concat_ws(
            ':', split_part(account_id, ':', 2), split_part(manager_account_id, ':', 2),
            begins_on
        ) as source_record_id,
        concat_ws(':', account_id, 'reports_to', manager_account_id, begins_on)
            as relation_id,
        account_id,
        manager_account_id as related_account_id,
        null as related_organisation_id,

        ---------- facts
        'reports_to' as relation,

        ---------- timestamps
        timezone(
            'UTC', timezone('{{ var("time_zone") }}', cast(begins_on as timestamp))
        ) as valid_from,
        timezone(
            'UTC', timezone('{{ var("time_zone") }}', cast(ends_on as timestamp))
        ) as valid_to

    from episodes

)

select * from final
