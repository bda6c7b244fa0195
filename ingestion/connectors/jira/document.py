"""The Atlassian Document Format as plain text."""

from typing import Any

# After these a line ends.
BLOCKS = {"paragraph", "heading", "codeBlock", "hardBreak", "rule", "tableRow", "listItem"}


def text_of(node: Any) -> str | None:
    """Return what a document says, without its form; what is text already stays."""
    if node is None or isinstance(node, str):
        return node
    return _said(node).strip()


def _said(node: dict[str, Any]) -> str:
    attributes = node.get("attrs") or {}
    own = node.get("text") or attributes.get("text") or attributes.get("url") or ""
    inner = "".join(_said(child) for child in node.get("content") or [])
    text = f"{own}{inner}"
    ends = node.get("type") in BLOCKS and not inner.endswith("\n")
    return f"{text}\n" if ends else text
