{#
    Cells with what they are worth: the mean, the spread over persons and n_eff.
    n_eff = n / max(1, deff), deff by ratio linearisation over persons; where every answer carries a
    weight, n is replaced by Kish's (domain, interval rule a). A ratio is of sums and its error that
    of its linearised residuals, so it is worth its persons.
    `sums` has the cells' sums, `persons` what `person_products` makes of the persons in them,
    `keys` tell one cell from another. A rating is of one question on one scale: a cell that would
    pool two is not made.
#}
{% macro weighed_cells(sums, persons, keys) %}
    select
        variances.* exclude (kish_n, plain_variance),
        -- Where all answers are alike the design effect is 0 / 0: count persons then.
        coalesce(variances.kish_n, variances.n) / case
            when variances.statistic in ('ratio', 'total') then variances.n / variances.persons
            when variances.plain_variance > 1e-12 and variances.persons > 1
                then greatest(variances.cluster_variance / variances.plain_variance, 1.0)
            else variances.n / variances.persons
        end as n_eff
    from (
        select
            sums.*,
            sums.weighted_total / nullif(sums.weight_total, 0) as weighted_mean,
            case
                when sums.weighted_n = sums.n
                    then pow(sums.weight_total, 2) / nullif(sums.weight_squares, 0)
            end as kish_n,
            metrics.statistic,
            persons.persons,
            persons.persons_counted,
            sums.total / sums.exposure as mean,
            greatest(
                persons.total_products
                - 2 * sums.total / sums.exposure * persons.cross_products
                + pow(sums.total / sums.exposure, 2) * persons.exposure_products,
                0.0
            ) / (sums.exposure * sums.exposure)
            * persons.persons / nullif(persons.persons - 1, 0) as cluster_variance,
            greatest(sums.total_squares / sums.n - pow(sums.total / sums.n, 2), 0.0)
            / nullif(sums.n - 1, 0) as plain_variance
        from {{ sums }} as sums
        inner join {{ persons }} as persons
            on
                {%- for key in keys %}
                {% if not loop.first %}and {% endif %}sums.{{ key }} = persons.{{ key }}
                {%- endfor %}
        inner join {{ ref('metrics') }} as metrics on sums.metric = metrics.metric
        where
            sums.exposure > 0
            and (
                not (metrics.event = 'answer' and metrics.role = 'rating')
                or sums.first_scale is not distinct from sums.last_scale
            )
    ) as variances
{% endmacro %}

{#
    Of the persons in each cell how many there are, and of their own sums T and exposures E what the
    residuals T - mean x E need. `person_sums` has each person's total and exposure in each cell.
#}
{% macro person_products(person_sums, keys) %}
    select
        {{ keys | join(', ') }},
        count(*) as persons,
        count(*) filter (where total > 0) as persons_counted,
        sum(total * total) as total_products,
        sum(total * exposure) as cross_products,
        sum(exposure * exposure) as exposure_products
    from ({{ person_sums }}) as person_sums
    group by {{ keys | join(', ') }}
{% endmacro %}

{#
    Weighed cells with value, interval and standard error in the unit of the metric (domain, interval
    rules a to f). `cells` has for each also what was drawn from its persons: `resampled_low`,
    `resampled_high` and `resampled_error`, null where nothing was.
#}
{% macro estimated_cells(cells) %}
    select
        intervals.*,
        -- A sum of what is known would look like the sum of all.
        case
            when has_unknown then null
            when statistic = 'total' then total
            else mean
        end * factor as value,
        {{ interval_bound('-') }} * factor as low,
        {{ interval_bound('+') }} * factor as high,
        std_error * factor as std_error_of_value,
        case when weighted_n = n then weighted_mean * factor end as value_weighted
    from (
        select
            prepared.*,
            {{ interval_by_statistic('center') }} as center,
            {{ interval_by_statistic('std_error') }} as std_error
        from (
            select
                cells.*,
                metrics.interval_method,
                -- NPS counts hundredths, advocacy acts per hundred members.
                case when metrics.unit in ('score', 'per_hundred') then 100.0 else 1.0 end
                    as factor,
                cells.positives / cells.n as share_positive,
                cells.negatives / cells.n as share_negative,
                cells.total_squares / cells.n as mean_square
            from {{ cells }} as cells
            inner join {{ ref('metrics') }} as metrics on cells.metric = metrics.metric
        ) as prepared
    ) as intervals
{% endmacro %}
