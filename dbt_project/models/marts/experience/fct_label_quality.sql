-- Grain: one kind of label x language that is written here or that a labeller reads x its labeller,
-- with how well it does there. A language that nobody was measured in is `not_measured`.
-- How many texts there are is told from ten people on: they are comments.
with

turns as (

    select * from {{ ref('int_feedback_turns__as_lived') }}

),

labels as (

    select * from {{ ref('int_feedback_labels') }}

),

labellers as (

    select * from {{ ref('labellers') }}

),

written as (

    select
        turns.written_in as language,
        count(*) as texts,
        count(distinct coalesce(turns.person_id, turns.account_id, turns.turn_id)) as respondents
    from turns
    where turns.written_in is not null
    group by turns.written_in

),

labelled as (

    select
        labels.label_kind,
        labels.language,
        labels.labeller,
        labels.labeller_version,
        count(distinct labels.turn_id) as texts,
        count(distinct coalesce(turns.person_id, turns.account_id, turns.turn_id)) as respondents
    from labels
    inner join turns on labels.turn_id = turns.turn_id
    group by all

),

kinds as (

    select unnest(['sentiment', 'topic', 'emotion']) as label_kind

),

known as (

    select
        label_kind,
        language,
        labeller,
        version as labeller_version
    from labellers

    union

    select
        label_kind,
        language,
        labeller,
        labeller_version
    from labelled
    where language is not null

),

pairs as (

    select
        kinds.label_kind,
        written.language
    from kinds cross join written

    union

    select
        label_kind,
        language
    from known

),

final as (

    select
        ---------- keys
        concat_ws(
            ':', pairs.label_kind, pairs.language, known.labeller, known.labeller_version
        ) as label_quality_id,
        pairs.label_kind,
        pairs.language,
        known.labeller,
        known.labeller_version,

        ---------- how well
        labellers.macro_f1,
        labellers.n as measured_n,
        labellers.measured_on,
        case when labellers.macro_f1 is null then 'not_measured' else 'ok' end as status,

        ---------- how much
        case when written.respondents >= 10 then written.texts end as texts,
        -- Nor the difference of the two: what has no label are comments too.
        case
            when
                labelled.respondents >= 10
                and coalesce(written.texts - labelled.texts not between 1 and 9, true)
                then labelled.texts
        end as labelled_texts

    from pairs

    left join known
        on
            pairs.label_kind = known.label_kind
            and pairs.language = known.language

    left join labellers
        on
            known.label_kind = labellers.label_kind
            and known.language = labellers.language
            and known.labeller = labellers.labeller
            and known.labeller_version = labellers.version

    left join written on pairs.language = written.language

    left join labelled
        on
            known.label_kind = labelled.label_kind
            and known.language = labelled.language
            and known.labeller = labelled.labeller
            and known.labeller_version = labelled.labeller_version

)

select * from final
