-- Grain: a person on a mailing list.
with

source as (

    select * from {{ source('qualtrics', 'contacts') }}

),

final as (

    select
        ---------- ids
        contact_id,
        mailing_list_id,
        external_reference,

        ---------- facts
        first_name,
        last_name,
        email,
        phone,
        language,
        is_unsubscribed,
        is_list_unsubscribed,
        _deleted_reason is not null as is_gone

    from source

)

select * from final
