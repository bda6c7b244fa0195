-- Grain: a question of a declared form, as its definition stands.
with

source as (

    select * from {{ source('typeform', 'form_fields') }}

),

final as (

    select
        ---------- ids
        form_id as survey_id,
        field_id as question_id,

        ---------- facts
        title as question_text

    from source

)

select * from final
