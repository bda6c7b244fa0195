-- Grain: one fan x month end, with how engaged they were then. Never published row by row.
with

engagement as (

    select * from {{ ref('int_fan_engagement') }}

),

final as (

    select
        ---------- keys
        engagement.person_id,
        cast(engagement.moment - 1 as date) as month_end,

        ---------- facts
        engagement.audience,
        engagement.baseline_version,
        engagement.attend_count,
        engagement.content_count,
        engagement.community_count,
        engagement.advocate_count,
        engagement.purchase_count,
        engagement.attend_score,
        engagement.content_score,
        engagement.community_score,
        engagement.advocate_score,
        engagement.purchase_score,
        engagement.engagement,
        engagement.engagement_without_purchase,
        engagement.has_advocated,
        engagement.is_superfan

    from engagement

)

select * from final
