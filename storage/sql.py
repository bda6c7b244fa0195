"""How texts and names are written in SQL, where they can not be bound as parameters."""


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def named(*parts: str) -> str:
    """Return a name of several parts as SQL writes it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
