-- Grain: a mailing of a survey.
with

source as (

    select * from {{ source('qualtrics', 'distributions') }}

),

final as (

    select
        ---------- ids
        distribution_id,
        survey_id,
        mailing_list_id,

        ---------- timestamps
        cast(sent_at as timestamp) as sent_at

    from source

)

select * from final
