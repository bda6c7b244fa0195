-- Grain: one person chosen by one mailing, whether or not the invitation was sent.
with

invitations as (

    select * from {{ ref('stg_qualtrics__invitations') }}
    where not is_gone

),

distributions as (

    select
        *,
        {{ local_date('sent_at') }} as sent_on

    from {{ ref('stg_qualtrics__distributions') }}

),

survey_instruments as (

    select distinct
        source_survey_id,
        instrument,
        confidentiality,
        wave_unit
    from ({{ declared_items('qualtrics') }}) as declared_items

),

chosen as (

    select
        invitations.*,
        -- The vendor tells no moment of choosing: that of sending stands for it.
        coalesce(invitations.sent_at, distributions.sent_at) as sampled_at,
        survey_instruments.instrument,
        survey_instruments.confidentiality,
        case
            when survey_instruments.wave_unit = 'quarter'
                then cast(date_trunc('quarter', distributions.sent_on) as date)
        end as wave_opened_on

    from invitations

    inner join survey_instruments
        on invitations.survey_id = survey_instruments.source_survey_id

    left join distributions
        on invitations.distribution_id = distributions.distribution_id

),

final as (

    select
        ---------- ids
        'qualtrics' as source,
        distribution_id || ':' || contact_id as source_record_id,
        'qualtrics:' || distribution_id || ':' || contact_id as invitation_id,
        case
            when confidentiality <> 'anonymous' then 'qualtrics:' || contact_id
        end as account_id,
        instrument,
        'qualtrics:' || nullif(response_id, 'Anonymous') as response_id,

        ---------- facts
        case
            when completed_at is not null then 'completed'
            when status = 'SurveyFinished' then 'completed'
            when status in ('SoftBounce', 'HardBounce') then 'bounced'
            -- Held back by a rule of the vendor's: asked too often, opted out, on a block list.
            when status in ('Skipped', 'Blocked') then 'quarantined'
            when
                status in ('Pending', 'Failure', 'Error') or sent_at is null
                then 'sampled'
            when status = 'SurveyPartiallyFinished' then 'partial'
            when starts_with(status, 'Survey') then 'started'
            when status = 'SessionExpired' then 'started'
            when status = 'Opened' then 'opened'
            else 'sent'
        end as status,
        strftime(wave_opened_on, '%Y') || 'Q' || quarter(wave_opened_on) as wave,
        wave_opened_on,
        cast(wave_opened_on + interval 3 month as date) as wave_closed_on,

        ---------- timestamps
        sampled_at,
        case
            when status not in ('Pending', 'Skipped', 'Blocked', 'Failure', 'Error')
                then sent_at
        end as sent_at,
        opened_at,
        started_at,
        completed_at

    from chosen

)

select * from final
