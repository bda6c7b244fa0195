{#
    The person key that a publication carries: HMAC-SHA256 (RFC 2104), one key a purpose, so that
    two purposes can not be joined on it. The key fills one block of the hash, 64 characters, and a
    file with more or fewer is refused by `xor`. It is read from its file when the query runs and
    never stands in SQL, a log or a published file.
#}
{% macro pseudonym(person_id, purpose) -%}
    case
        when {{ person_id }} is not null
            then sha256(
                {{ pseudonym_pad(purpose, '5c') }}
                || unhex(sha256({{ pseudonym_pad(purpose, '36') }} || encode({{ person_id }})))
            )
    end
{%- endmacro %}

{# The key of a purpose, each byte of it crossed with one of the two bytes that RFC 2104 names. #}
{% macro pseudonym_pad(purpose, byte) -%}
    {%- set folder = env_var("AX_KEYS_DIR", env_var("AX_DATA_DIR", "../data") ~ "/keys") -%}
    (
        select cast(xor(cast(encode(trim(content, chr(10) || ' ')) as bit), cast(unhex('{{ byte * 64 }}') as bit)) as blob)
        from read_text('{{ folder }}/{{ purpose }}.key')
    )
{%- endmacro %}
