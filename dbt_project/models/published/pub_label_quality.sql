-- Grain: one kind of label x language x labeller.
select
    cast(label_quality_id as string) as label_quality_id,
    cast(label_kind as string) as label_kind,
    cast(language as string) as language,
    cast(labeller as string) as labeller,
    cast(labeller_version as string) as labeller_version,
    cast(macro_f1 as double) as macro_f1,
    cast(measured_n as bigint) as measured_n,
    cast(measured_on as string) as measured_on,
    cast(status as string) as status,
    cast(texts as bigint) as texts,
    cast(labelled_texts as bigint) as labelled_texts
from {{ ref('fct_label_quality') }}
order by label_kind, language, labeller, labeller_version
