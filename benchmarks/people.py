"""Made-up accounts with a known person: any number, as dirty as wanted, the same for a seed.

Chance is a hash of (seed, person or account, what for), so that rows need no order and DuckDB makes
a million of them in seconds.
"""

from dataclasses import dataclass

import duckdb

SYLLABLES = [
    "an", "bel", "cor", "da", "el", "fin", "gar", "hil", "is", "jo", "ka", "lem", "mar", "ned",
    "or", "pet", "ros", "san", "tor", "ul", "ven", "wil", "yas", "zo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dirt:
    """Shares of values and persons (0 to 1) that are not as they should be."""

    typo: float = 0.03  # of a value
    missing: float = 0.15
    changed: float = 0.1  # an address, phone or e-mail that is another one by now
    twins: float = 0.01  # of persons, with the person before them: all but given name and number
    shared_box: float = 0.02  # of persons, who use the e-mail of the person before them
    shared_phone: float = 0.05
    relatives: float = 0.15  # of persons, who live with the person before them and are called so
    swapped: float = 0.01  # given name and family name in each other's place


def accounts(
    db: duckdb.DuckDBPyConnection, table: str, count: int, seed: int = 1, dirt: Dirt | None = None
) -> None:
    """Create a table of accounts: record_id, truth (the person) and twelve text columns.

    given_name, family_name, full_name, birth_date, email, phone, street, house_number, postcode,
    city, company. A person has between one and four accounts, 1.7 on average.
    """
    dirt = dirt or Dirt()
    db.execute(f"create or replace temp table syllables as select {SYLLABLES!r} as part")
    db.execute(
        f"""
        create or replace temp macro chance(who, what) as
            hash(concat_ws('/', {seed}, who, what)) / 18446744073709551616.0;
        create or replace temp macro part(number) as
            (select part[1 + (number % {len(SYLLABLES)})::integer] from syllables);
        create or replace temp macro word(number) as part(number)
            || part(number // {len(SYLLABLES)} + 7)
            || part(number // {len(SYLLABLES) ** 2} * 5 + 3);
        create or replace temp macro one_of(words, who, what) as
            words[1 + (4 * chance(who, what))::integer % 4];
        -- A value with one letter changed, lost, or in its neighbour's place.
        create or replace temp macro slip(value, who, what) as case
            when value is null or length(value) < 3 or chance(who, what || 'typo') >= {dirt.typo}
                then value
            when chance(who, what || 'how') < 0.4 then
                left(value, at(value, who, what) - 1)
                || chr(97 + (26 * chance(who, what || 'letter'))::integer % 26)
                || substr(value, at(value, who, what) + 1)
            when chance(who, what || 'how') < 0.7 then
                left(value, at(value, who, what) - 1) || substr(value, at(value, who, what) + 1)
            else left(value, at(value, who, what) - 1)
                || substr(value, at(value, who, what) + 1, 1)
                || substr(value, at(value, who, what), 1)
                || substr(value, at(value, who, what) + 2)
        end;
        create or replace temp macro lost(value, who, what, share) as
            case when chance(who, what || 'missing') >= share then value end;
        """.replace(
            "at(value, who, what)",
            "(2 + ((length(value) - 2) * chance(who, what || 'at'))::integer)",
        )
    )
    persons = max(1, int(count / 1.7))
    _persons(db, persons, dirt)
    _accounts(db, table, count, persons, dirt)


def _persons(db: duckdb.DuckDBPyConnection, persons: int, dirt: Dirt) -> None:
    """Create `people`; frequent names and towns are frequent (a power law).

    Twice as many as have accounts: where the others live, people move to.
    """
    db.execute(
        f"""
        create or replace temp table alone as
        select
            person::bigint as person,
            word((1500 * power(chance(person, 'given'), 3))::bigint) as given_name,
            word(3 * (9000 * power(chance(person, 'family'), 2.5))::bigint) as family_name,
            date '1940-01-01' + (24000 * chance(person, 'born'))::integer as birth_date,
            '+4477' || (10000000 + (89999999 * chance(person, 'phone'))::bigint) as phone,
            word((4000 * chance(person, 'street'))::bigint) || ' street' as street,
            (1 + 150 * power(chance(person, 'house'), 2))::integer::varchar as house_number,
            (10000 + 3000 * power(chance(person, 'city'), 2))::integer::varchar as postcode,
            word(11 * (300 * power(chance(person, 'city'), 2))::bigint) || 'ton' as city,
            word(5 * (5000 * power(chance(person, 'company'), 2))::bigint) || ' '
                || one_of(['ltd', 'group', 'systems', 'partners'], person, 'form') as company,
            (100 * chance(person, 'digits'))::integer as digits,
            one_of(['mail', 'post', 'inbox', 'letters'], person, 'host') || '.example' as host
        from range({2 * persons}) as all_persons(person);

        create or replace temp table people as
        select
            alone.person, alone.given_name,
            if(is_relative, before.family_name, alone.family_name) as family_name,
            if(is_twin, before.birth_date, alone.birth_date) as birth_date,
            if(is_twin or shares_phone or is_relative and chance(alone.person, 'home line') < 0.3,
                before.phone, alone.phone) as phone,
            if(is_relative, before.street, alone.street) as street,
            if(is_relative, before.house_number, alone.house_number) as house_number,
            if(is_relative, before.postcode, alone.postcode) as postcode,
            if(is_relative, before.city, alone.city) as city,
            alone.company,
            if(
                shares_box,
                concat(before.given_name, '.', before.family_name, before.digits, '@', before.host),
                concat(
                    alone.given_name, '.', if(is_relative, before.family_name, alone.family_name),
                    alone.digits, '@', alone.host
                )
            ) as email
        from (
            select *,
                person > 0 and chance(person, 'twin') < {dirt.twins} as is_twin,
                is_twin or person > 0 and chance(person, 'home') < {dirt.relatives} as is_relative,
                person > 0 and chance(person, 'box') < {dirt.shared_box} as shares_box,
                person > 0 and chance(person, 'line') < {dirt.shared_phone} as shares_phone
            from alone
        ) as alone
        left join alone as before on alone.person = before.person + 1;
        """
    )


def _accounts(
    db: duckdb.DuckDBPyConnection, table: str, count: int, persons: int, dirt: Dirt
) -> None:
    """Create the table from `people`: the first accounts are one a person, the others anybody's."""
    db.execute(
        f"""
        create or replace table {table} as
        with owners as (
            select
                number,
                case
                    when number < {persons} then number
                    else ({persons} * chance(number, 'owner'))::bigint % {persons}
                end as person,
                'a' || left(md5(number::varchar || 'account'), 12) as record_id
            from range({count}) as numbers(number)
        ),
        moved as (
            select owners.number, owners.record_id, people.*,
                {persons} + (chance(number, 'elsewhere') * {persons - 1})::bigint as elsewhere
            from owners inner join people using (person)
        ),
        typed as (
            select
                moved.record_id, moved.number, moved.person,
                slip(moved.given_name, number, 'given') as given_name,
                slip(moved.family_name, number, 'family') as family_name,
                slip(strftime(moved.birth_date, '%Y-%m-%d'), number, 'born') as birth_date,
                slip(if(chance(number, 'mail') < {dirt.changed},
                    moved.given_name || moved.number || '@new.example', moved.email),
                    number, 'email') as email,
                slip(if(chance(number, 'line') < {dirt.changed}, other.phone, moved.phone),
                    number, 'phone') as phone,
                chance(number, 'moved') < {dirt.changed} as has_moved,
                slip(if(has_moved, other.street, moved.street), number, 'street') as street,
                if(has_moved, other.house_number, moved.house_number) as house_number,
                slip(if(has_moved, other.postcode, moved.postcode), number, 'post') as postcode,
                slip(if(has_moved, other.city, moved.city), number, 'city') as city,
                slip(moved.company, number, 'company') as company
            from moved inner join people as other on moved.elsewhere = other.person
        )
        select
            record_id, person::varchar as truth,
            lost(if(chance(number, 'swap') < {dirt.swapped}, family_name, given_name),
                number, 'given', {dirt.missing} / 3) as given_name,
            lost(if(chance(number, 'swap') < {dirt.swapped}, given_name, family_name),
                number, 'family', {dirt.missing} / 3) as family_name,
            given_name || ' ' || family_name as full_name,
            lost(birth_date, number, 'born', {dirt.missing} * 2) as birth_date,
            lost(email, number, 'email', {dirt.missing}) as email,
            lost(phone, number, 'phone', {dirt.missing} * 2) as phone,
            lost(street, number, 'street', {dirt.missing}) as street,
            lost(house_number, number, 'house', {dirt.missing}) as house_number,
            lost(postcode, number, 'post', {dirt.missing}) as postcode,
            lost(city, number, 'city', {dirt.missing}) as city,
            company
        from typed
        order by record_id
        """
    )
