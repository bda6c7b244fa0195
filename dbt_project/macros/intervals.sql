{#
    Centre and standard error of the 95 % interval of a cell, by statistic, in the unit of the
    observations. Reads n_eff, mean, mean_square, share_positive, share_negative, scale_min,
    scale_max of the row.
    trinomial: adjusted Wald, 3/4 promoter, 3/4 detractor, 3/2 passive added (Rocks 2016).
    proportion: Wilson. bounded_mean: 3/K added to each of the K points. mean: normal. ratio: normal
    with the linearised error, none where nobody differs from anybody; or what was drawn from its
    persons (`resampled_error`); or, of happenings against time, the score interval of a Poisson
    count, which is Wilson's for rates and does not shrink to nothing where nothing happened.
    total: none.
#}
{% macro interval_by_statistic(part) -%}
    {%- set n3 = '(n_eff + 3.0)' -%}
    {%- set p = '((share_positive * n_eff + 0.75) / ' ~ n3 ~ ')' -%}
    {%- set d = '((share_negative * n_eff + 0.75) / ' ~ n3 ~ ')' -%}
    {%- set z2 = '3.841459' -%}
    {%- set middle = '((scale_min + scale_max) / 2.0)' -%}
    {#- The mean square of the points a, a+1, .., b is that of their spread plus the middle's. -#}
    {%- set spread = '((pow(scale_max - scale_min + 1, 2) - 1) / 12.0 + ' ~ middle ~ ' * ' ~ middle ~ ')' -%}
    {%- set bounded_mean = '((mean * n_eff + 3.0 * ' ~ middle ~ ') / ' ~ n3 ~ ')' -%}
    {%- set bounded_square = '((mean_square * n_eff + 3.0 * ' ~ spread ~ ') / ' ~ n3 ~ ')' -%}
    {%- set parts = {
        'center': {
            'trinomial': p ~ ' - ' ~ d,
            'proportion': '(mean + ' ~ z2 ~ ' / (2 * n_eff)) / (1 + ' ~ z2 ~ ' / n_eff)',
            'bounded_mean': bounded_mean,
            'mean': 'mean',
            'ratio': "case when interval_method = 'poisson' then (total + " ~ z2 ~ ' / 2.0) / exposure else mean end',
        },
        'std_error': {
            'trinomial': 'sqrt((' ~ p ~ ' + ' ~ d ~ ' - pow(' ~ p ~ ' - ' ~ d ~ ', 2)) / ' ~ n3 ~ ')',
            'proportion': 'sqrt(greatest(mean * (1 - mean), 0.0) / n_eff + ' ~ z2 ~ ' / (4 * n_eff * n_eff)) / (1 + ' ~ z2 ~ ' / n_eff)',
            'bounded_mean': 'sqrt(greatest(' ~ bounded_square ~ ' - pow(' ~ bounded_mean ~ ', 2), 0.0) / ' ~ n3 ~ ')',
            'mean': 'sqrt(greatest(mean_square - mean * mean, 0.0) / nullif(greatest(n_eff - 1, 0.0), 0.0))',
            'ratio': "case when interval_method = 'poisson' then sqrt(total + " ~ z2 ~ " / 4.0) / exposure else coalesce(resampled_error, case when cluster_variance > 1e-18 then sqrt(cluster_variance) end) end",
        },
    } -%}
    case case when interval_method <> 'none' then statistic end
        {%- for statistic, formula in parts[part].items() %}
        when '{{ statistic }}' then {{ formula }}
        {%- endfor %}
    end
{%- endmacro %}

{#
    A bound of the interval in the unit of the observations: clipped to what the scale allows and
    extended to include the raw value.
#}
{% macro interval_bound(sign) -%}
    {%- set pick = 'least' if sign == '-' else 'greatest' -%}
    {%- set drawn = 'resampled_low' if sign == '-' else 'resampled_high' -%}
    {%- set bound = '(center ' ~ sign ~ ' 1.959964 * std_error)' -%}
    case case when std_error is not null then statistic end
        when 'trinomial' then greatest(least({{ pick }}({{ bound }}, mean), 1.0), -1.0)
        when 'proportion' then greatest(least({{ pick }}({{ bound }}, mean), 1.0), 0.0)
        when 'bounded_mean'
            then greatest(least({{ pick }}({{ bound }}, mean), scale_max), scale_min)
        when 'mean' then {{ bound }}
        -- Of counts against counts; what may fall below nothing has no interval.
        when 'ratio' then greatest({{ pick }}(coalesce({{ drawn }}, {{ bound }}), mean), 0.0)
    end
{%- endmacro %}

{#
    Columns that the intervals read of other statistics than a model has: they are there, and null.
#}
{% macro figures_of_other_statistics(names) -%}
    {%- for name in names %}
        cast(null as double) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
