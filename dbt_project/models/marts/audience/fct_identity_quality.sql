-- Grain: one figure on how accounts were joined, of all, of one kind of identifier or one reason.
-- A few accounts, ids or values of a kind are not counted out, nor a rate that would tell of them.
with

quality as (

    select
        *,
        coalesce(
            bool_or(figure = 'contested_values' and value between 1 and 4)
                over (partition by figure in ('contested_values', 'contested_rate')),
            false
        ) as has_few
    from {{ ref('int_identity_quality') }}

),

judged as (

    select
        *,
        case
            when figure in ('contested_values', 'contested_rate') then has_few
            when figure in ('accounts_moved', 'id_churn')
                then coalesce(
                    max(case when figure = 'accounts_moved' then value end) over () between 1 and 4,
                    false
                )
            when figure in ('ids_minted', 'ids_merged', 'open_reviews')
                then coalesce(value between 1 and 4, false)
            else false
        end as is_few
    from quality

),

final as (

    select
        figure,
        identifier_kind,
        contested_reason,
        case when not is_few then value end as value,
        case when is_few then 'fewer than five' else missing_because end as missing_because
    from judged

)

select * from final
