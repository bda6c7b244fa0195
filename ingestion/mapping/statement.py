"""A mapping and a header become one SELECT: text -> decoded -> typed -> judged, all columnar.

Names are those of the contract or made from positions; whatever a source or a mapping says stands
in the SQL as a literal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.connector import ColumnType
from ingestion.mapping.mapping import Mapping, Source, ZoneColumn
from ingestion.mapping.readers import FALSE, Manner, one_of, read_as
from ingestion.mapping.texts import Opened
from storage.sql import quoted

LONGEST_SHOWN = 60  # characters of a value in a reason


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the contract, or one attribute, as it is read from one column of text."""

    slot: int
    name: str
    kind: ColumnType
    source: Source
    position: int
    manner: Manner

    @property
    def text(self) -> str:
        return f"t{self.position}"

    @property
    def decoded(self) -> str:
        return f"d{self.slot}"

    @property
    def value(self) -> str:
        return f"v{self.slot}"

    @property
    def missing(self) -> str:
        return f"m{self.slot}"


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL of one mapping over one opened table of texts.

    `judged` is a SELECT with a row per record: values v0, v1, ..., the codes for
    missing values m0, m1, ..., `rid`, `is_left_out`, `is_deleted`, and where a row does not fit
    `problem`, `shown` and `record`.
    """

    mapping: Mapping
    opened: Opened

    @property
    def parts(self) -> list[Part]:
        return [
            self._part(slot, name, source)
            for slot, (name, source) in enumerate(self.mapping.reads.items())
        ]

    def _part(self, slot: int, name: str, source: Source) -> Part:
        position = self.opened.position(source.column)
        manner = Manner(
            zone=self.zone,
            format=source.format,
            decimal=source.decimal,
            is_exact=position in self.opened.exact,
            is_mixed=self.opened.is_mixed,
        )
        kind = self.mapping.target.columns.get(name, "string")
        return Part(slot, name, kind, source, position, manner)

    @property
    def zone(self) -> str:
        """SQL for the time zone of naive times; null for one that nobody knows."""
        zone = self.mapping.time_zone
        if not isinstance(zone, ZoneColumn):
            return quoted(zone or "UTC")
        named = f"t{self.opened.position(zone.column)}"
        return f"case when {named} in (select name from pg_timezone_names()) then {named} end"

    @property
    def judged(self) -> str:
        positions = sorted({self.opened.position(header) for header in self.mapping.headers})
        texts = ", ".join(f"nullif(trim(c{at}), '') as t{at}, c{at}" for at in positions)
        decoded = ", ".join(column for part in self.parts for column in _decoded(part))
        values = ", ".join(f"{_value(part)} as {part.value}" for part in self.parts)
        return f"""
            with
            texts as (select {texts} from {self.opened.relation}),
            decoded as (select *, {decoded} from texts),
            typed as (
                select *, {values}, {self._rid} as rid, {self._is_left_out} as is_left_out,
                    {self._is_deleted} as is_deleted
                from decoded
            ),
            judged as (select *, {self._problem} as problem from typed)
            select {self._kept}, rid, is_left_out, is_deleted, problem,
                case when problem is not null then {self._shown} end as shown,
                case when problem is not null then {self._record(positions)} end as record
            from judged
        """

    @property
    def _kept(self) -> str:
        kept = [part.value for part in self.parts]
        return ", ".join(kept + [part.missing for part in self.parts if part.source.missing])

    @property
    def _rid(self) -> str:
        """SQL for the record id, or for the content that makes one where there is none."""
        if self.mapping.is_numbered:
            return f"md5(to_json([{', '.join(part.text for part in self.parts)}]))"
        ids = [as_id(f"t{self.opened.position(column)}") for column in self.mapping.record_id]
        if len(ids) == 1:
            return ids[0]
        return " || ':' || ".join(f"replace({id_}, ':', '%3A')" for id_ in ids)

    @property
    def _is_left_out(self) -> str:
        if not self.mapping.only_with:
            return "false"
        return f"t{self.opened.position(self.mapping.only_with)} is null"

    @property
    def _is_deleted(self) -> str:
        """SQL that tells whether the source marks a row as deleted: neither empty nor no."""
        if not self.mapping.soft_delete:
            return "false"
        mark = f"t{self.opened.position(self.mapping.soft_delete)}"
        return f"{mark} is not null and not {one_of(f'lower({mark})', FALSE)}"

    @property
    def _problem(self) -> str:
        """SQL for what is wrong with a row, the first thing found, or null."""
        cases = [("rid is null", f"the record id ({', '.join(self.mapping.record_id)}) is empty")]
        # Of a deleted row only the id counts: the rest may have been scrubbed.
        cases += [
            (f"not is_deleted and ({fault})" if self.mapping.soft_delete else fault, sentence)
            for part in self.parts
            for fault, sentence in self._faults(part)
        ]
        whens = " ".join(f"when {condition} then {quoted(text)}" for condition, text in cases)
        return f"case {whens} end"

    def _faults(self, part: Part) -> Iterator[tuple[str, str]]:
        """Yield (condition, sentence) of everything that can be wrong with one column."""
        absent = f" and {part.missing} is null" if part.source.missing else ""
        if part.source.codes:
            unknown = f"{part.text} is not null and {part.decoded} is null{absent}"
            yield unknown, f"{part.name} has a code that the mapping does not name"
        if part.kind != "string":
            where = f" in {self.mapping.time_zone}" if part.kind == "timestamp" else ""
            if isinstance(self.mapping.time_zone, ZoneColumn):
                where = " in the zone of its row"
            misread = f"{part.decoded} is not null and {part.value} is null"
            yield misread, f"{part.name} is not a {part.kind}{where}"
        if part.source.scale:
            low, high = part.source.scale
            outside = f"{part.value} not between {low!r} and {high!r}"
            yield outside, f"{part.name} is outside the scale {low:g} to {high:g}"
        promise = self.mapping.target.promise
        if part.name in promise.limits:
            broken, sentence = promise.limits[part.name]
            yield broken.format(part.value), f"{part.name} {sentence}"
        if part.source.required or part.name in promise.needed:
            yield f"{part.value} is null", f"{part.name} is required and empty"

    @property
    def _shown(self) -> str:
        """SQL for the value that does not fit, by the column that the problem names first."""
        whens = " ".join(
            f"when starts_with(problem, {quoted(part.name + ' ')}) then {part.text}"
            for part in self.parts
        )
        return f"left(case {whens} end, {LONGEST_SHOWN})" if whens else "null"

    def _record(self, positions: list[int]) -> str:
        """SQL for the mapped columns of a row as the source has them."""
        pairs = [f"{quoted(self.opened.header[at])}, c{at}" for at in positions]
        return f"json_object({', '.join(pairs)})"


def _decoded(part: Part) -> Iterator[str]:
    """Yield SQL for the text that is to be typed, and for the missing code that was found."""
    source, text = part.source, part.text
    # A text is kept as it was typed; what is compared or converted is trimmed.
    plain = f"case when {text} is not null then c{part.position} end"
    given = plain if part.kind == "string" and not part.name.endswith("_id") else text
    if source.codes:
        whens = " ".join(
            f"when {quoted(code)} then {quoted(value)}" for code, value in source.codes.items()
        )
        given = f"case {text} {whens} end"
    if not source.missing:
        yield f"{given} as {part.decoded}"
        return
    is_missing = one_of(text, source.missing)
    yield f"case when {is_missing} then {text} end as {part.missing}"
    yield f"case when not {is_missing} then {given} end as {part.decoded}"


def _value(part: Part) -> str:
    value = read_as(part.kind, part.decoded, part.manner)
    return as_id(value) if part.name.endswith("_id") else value


def as_id(text: str) -> str:
    """Return SQL for an id: keys travel where no e-mail may go, so an address is hashed."""
    return f"case when contains({text}, '@') then md5(lower({text})) else {text} end"
