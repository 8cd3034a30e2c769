"""The interface's reference as one page of HTML: it needs no script and no other host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "background:#faf6ee;color:#1f1b16}code{font-size:.95em}h2{margin-top:2rem}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0;"
    "vertical-align:top}a{color:#0b5c50}"
)


def reference(openapi: Mapping[str, Any]) -> str:
    """The page, from the interface's OpenAPI description."""
    body = "".join([*_paths(openapi["paths"]), *_schemas(openapi["components"]["schemas"])])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>glacis, the REST interface</title><style>{STYLE}</style>"
        "<h1>glacis, the REST interface</h1>"
        '<p>As <a href="openapi.json">OpenAPI</a>. The socket of the live posture is at '
        "<code>/api/v1/live</code>; it takes <code>{id, channel, tier, state}</code> and answers "
        "with the same and a <code>result</code>, as <code>/api/v1/assess</code> gives it.</p>"
        f"{body}</html>"
    )


def _paths(paths: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Requests</h2><table>"
    for path, methods in paths.items():
        for method, one in methods.items():
            yield (
                f"<tr><th><code>{method.upper()}</code></th><td><code>{escape(path)}</code></td>"
                f"<td>{escape(one.get('description', ''))}{_body(one)}</td></tr>"
            )
    yield "</table>"


def _body(one: Mapping[str, Any]) -> str:
    for content in one.get("requestBody", {}).get("content", {}).values():
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name:
            return f' Takes <a href="#{escape(name)}">{escape(name)}</a>.'
    return ""


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, one in schemas.items():
        yield f'<h2 id="{escape(name)}">{escape(name)}</h2>'
        yield f"<p>{escape(one.get('description', ''))}</p><table>"
        for field, told in one.get("properties", {}).items():
            words = "required" if field in one.get("required", ()) else _default(told)
            kind = f"<code>{escape(_kind(told))}</code>"
            yield f"<tr><th><code>{escape(field)}</code></th><td>{kind}</td><td>{words}</td></tr>"
        yield "</table>"


def _default(told: Mapping[str, Any]) -> str:
    default = told.get("default")
    return f"<code>{escape(str(default))}</code> if left out" if default is not None else "optional"


def _kind(told: Mapping[str, Any]) -> str:
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " or ".join(_kind(one) for one in told["anyOf"])
    if "enum" in told:
        return ", ".join(map(str, told["enum"]))
    bounds = [f"from {told['minimum']}"] if "minimum" in told else []
    bounds += [f"to {told['maximum']}"] if "maximum" in told else []
    return " ".join([str(told.get("type", "any")), *bounds])


__all__ = ["reference"]
