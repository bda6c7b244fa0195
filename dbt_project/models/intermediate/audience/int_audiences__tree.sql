-- Grain: one audience of the registry, with its depth below the root.
with recursive

audiences as (

    select * from {{ ref('audiences') }}

),

tree as (

    select
        audiences.audience,
        audiences.family,
        audiences.rank,
        0 as depth
    from audiences
    where audiences.parent is null

    union all

    select
        audiences.audience,
        audiences.family,
        audiences.rank,
        tree.depth + 1 as depth
    from audiences
    inner join tree on audiences.parent = tree.audience

)

select * from tree
