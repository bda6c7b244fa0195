-- Grain: one closed wave x instrument x question of role choice: how alike departments answer.
-- What was promised confidentiality is told once.
with

told as (

    select * from {{ ref('int_alignment__told') }}

),

computed as (

    select
        * exclude (confidentiality),
        confidentiality <> 'identified' as is_protected
    from {{ ref('int_alignment_estimates') }}

),

final as (

    {{ told_once('told', 'computed', ['instrument', 'question', 'period_start']) }}

)

select * from final
