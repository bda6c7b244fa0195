"""A YAML file as a validated model; one that is wrong is one sentence with key and remedy."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Branches of a union, which pydantic names and nobody wrote.
UNWRITTEN = {"str", "ZoneColumn"}
SAID_BETTER = {
    "extra_forbidden": "is no key of a mapping; correct or remove it",
    "missing": "is missing; add it",
    "string_pattern_mismatch": "takes lower-case letters, digits and underscores",
}
SPEAKING = {*SAID_BETTER, "value_error"}  # these name what is wrong themselves
EXAMPLES = "docs/examples"

Model = TypeVar("Model", bound=BaseModel)


def read_model(path: Path, model: type[Model], given: Mapping[str, str]) -> Model:
    """Read a file over what its name gives; raise `ValueError` where it is wrong."""
    try:
        return model.model_validate({**given, **read_keys(path)})
    except ValidationError as wrong:
        raise ValueError(sentence(wrong.errors(include_url=False))) from wrong


def read_keys(path: Path) -> dict[str, Any]:
    """Return what a file says, every scalar as text."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else "?"
        raise ValueError(f"line {line}: is not YAML ({broken.problem}); mend it") from broken
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise ValueError(f"line 1: is not YAML in UTF-8 ({broken}); mend it") from broken
    if not isinstance(said, dict):
        raise ValueError(f"line 1: holds no keys; start from an example in {EXAMPLES}")
    return said


def sentence(errors: Iterable[Any]) -> str:
    """Return what is wrong first, after the key where it is."""
    error = next(iter(errors))
    said = [str(part) for part in error["loc"] if str(part) not in UNWRITTEN]
    text = SAID_BETTER.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if not said:
        return text
    shown = "" if error["type"] in SPEAKING else f" ({str(error['input'])[:60]!r})"
    return f"{'.'.join(said)}: {text[0].lower()}{text[1:]}{shown}"
