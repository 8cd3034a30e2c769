"""A scenario as written: a tree of values that know where they stand and where they come from.

YAML and CSV both become `Node`s. Overrides, variants and postures edit the tree
(`glacis.scenario.override`); `glacis.scenario.read` validates it into models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from glacis.errors import Mark
from glacis.scenario.quantity import PROVENANCE_KEYS, VALUE_KEYS, Provenance

UNKNOWN = Provenance()
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Node:
    """One value: a mapping, a list or a scalar, with its place and provenance.

    `path` is where it was declared, empty until `rooted`.
    """

    content: Any
    mark: Mark
    provenance: Provenance = UNKNOWN
    path: str = ""

    @property
    def is_mapping(self) -> bool:
        """Whether it holds named members."""
        return isinstance(self.content, dict)

    @property
    def is_quantity(self) -> bool:
        """Whether it is a number or a mapping that describes one."""
        if isinstance(self.content, dict):
            return not VALUE_KEYS.isdisjoint(self.content)
        return isinstance(self.content, int | float) and not isinstance(self.content, bool)

    def get(self, path: str) -> Node | None:
        """The node at a dotted path below this one, or None."""
        node: Node | None = self
        for part in path.split(".") if path else []:
            node = node.child(part) if node is not None else None
        return node

    def child(self, name: str) -> Node | None:
        """The member or item called `name`, or None."""
        if isinstance(self.content, dict):
            found: Node | None = self.content.get(name)
            return found
        index = self._index(name)
        if index is not None:
            item: Node = self.content[index]
            return item
        return None

    def _index(self, name: str) -> int | None:
        """`name` as the number of an item there is."""
        if isinstance(self.content, list) and len(name) < 9 and name.isascii() and name.isdigit():
            return int(name) if int(name) < len(self.content) else None
        return None

    def nearest(self, parts: Sequence[str]) -> Node:
        """The deepest node that exists on the way down `parts`: the best place to point at."""
        node = self
        for part in parts:
            found = node.child(part)
            if found is None:
                return node
            node = found
        return node

    def children(self) -> Iterator[tuple[str, Node]]:
        """Names and nodes directly below."""
        if isinstance(self.content, dict):
            yield from self.content.items()
        elif isinstance(self.content, list):
            yield from ((str(index), item) for index, item in enumerate(self.content))

    def with_child(self, name: str, child: Node | None) -> Node:
        """The node with one member replaced, added, or (None) left out."""
        if isinstance(self.content, list):
            index = int(name)
            after = [] if child is None else [child]
            items = [*self.content[:index], *after, *self.content[index + 1 :]]
            return replace(self, content=items)
        members = dict(self.content)
        if child is None:
            members.pop(name, None)
        else:
            members[name] = child
        return replace(self, content=members)

    def match(self, pattern: str) -> list[str]:
        """Existing paths that fit a dotted pattern, whose parts may hold ``*`` and ``?``.

        A key with a dot in it (a variant's override) is passed over: no path can name it.
        """
        found = [("", self)]
        for part in pattern.split("."):
            found = [
                (f"{path}.{name}" if path else name, node)
                for path, parent in found
                for name, node in parent.fitting(part)
            ]
        return [path for path, _ in found]

    def has_match(self, pattern: str) -> bool:
        """Whether any path fits a pattern."""
        part, _, rest = pattern.partition(".")
        fitting = self.fitting(part)
        return any(not rest or node.has_match(rest) for _, node in fitting)

    def fitting(self, part: str) -> Iterator[tuple[str, Node]]:
        """Names and nodes directly below whose names fit one part of a pattern."""
        if isinstance(self.content, dict) and _WILD.isdisjoint(part):
            if part in self.content and "." not in part:
                yield part, self.content[part]
            return
        head = part[: min((part.find(sign) for sign in _WILD if sign in part), default=None)]
        for name, node in self.children():
            if "." in name or not name.startswith(head):
                continue
            if part in ("*", name) or fnmatchcase(name, part):
                yield name, node

    def rooted(self, path: str = "", outer: Provenance | None = None) -> Node:
        """The tree with each node's path and inherited provenance filled in.

        A node that already has a path keeps it: it was declared elsewhere and copied here.
        """
        if self.path:
            return self
        own = self.own_provenance()
        provenance = own if outer is None else own.over(outer)
        content = self.content
        if isinstance(content, dict):
            content = {
                name: node.rooted(f"{path}.{name}" if path else name, provenance)
                for name, node in content.items()
            }
        elif isinstance(content, list):
            content = [
                node.rooted(f"{path}.{index}" if path else str(index), provenance)
                for index, node in enumerate(content)
            ]
        return Node(content, self.mark, provenance, path)

    def own_provenance(self) -> Provenance:
        """What its own keys say, filled from what it was handed when it was read."""
        if not isinstance(self.content, dict):
            return self.provenance
        given = {
            key: _text(self.content[key].content)
            for key in PROVENANCE_KEYS
            if key in self.content and not self.content[key].is_mapping
        }
        if not given:
            return self.provenance
        place = self.content["source"].mark if given.get("source") else None
        return Provenance(**given, place=place).over(self.provenance)

    def handed_down(self) -> Node:
        """The node with its provenance given to its members instead.

        Two files may share a section; what one says at its top must not hold in the other.
        """
        if self.provenance == UNKNOWN or not self.is_mapping:
            return self
        members = {
            name: replace(node, provenance=node.provenance.over(self.provenance))
            for name, node in self.content.items()
        }
        return Node(members, self.mark, path=self.path)

    def bare(self) -> Any:
        """Plain Python data, with no memory of where it stood."""
        if isinstance(self.content, dict):
            return {name: node.bare() for name, node in self.content.items()}
        if isinstance(self.content, list):
            return [node.bare() for node in self.content]
        return self.content

    def relabelled(self, path: str) -> Node:
        """The tree as if it had been declared at `path`, its provenance kept."""
        content = self.content
        if isinstance(content, dict):
            content = {k: node.relabelled(f"{path}.{k}") for k, node in content.items()}
        elif isinstance(content, list):
            content = [node.relabelled(f"{path}.{i}") for i, node in enumerate(content)]
        return Node(content, self.mark, self.provenance, path)

    def plain(self) -> Any:
        """Plain data for validation; numbers and mappings remember path and provenance."""
        content = self.content
        if isinstance(content, dict):
            content = {name: node.plain() for name, node in content.items()}
        elif isinstance(content, list):
            return [node.plain() for node in content]
        return written(content, self.path, self.provenance)


def _text(content: object) -> str:
    """A source may be one key or a list of them."""
    if isinstance(content, list):
        return "; ".join(_text(node.content) for node in content)
    return "" if content is None else str(content)


class Written:
    """A mixin: a value that remembers where it was declared, and on what grounds."""

    path: str
    provenance: Provenance


class WrittenMapping(dict[str, Any], Written):
    """A mapping that remembers."""


class WrittenFloat(float, Written):
    """A float that remembers."""


class WrittenInt(int, Written):
    """An integer that remembers."""


class WrittenText(str, Written):
    """A text that remembers (it may be a range such as ``60..130``)."""


_KINDS: tuple[tuple[type, Callable[[Any], Written]], ...] = (
    (dict, WrittenMapping),
    (float, WrittenFloat),
    (int, WrittenInt),
    (str, WrittenText),
)


def written(value: Any, path: str, provenance: Provenance) -> Any:
    """The value as one that remembers; true, false and null cannot, and need not."""
    if isinstance(value, bool):
        return value
    for base, kind in _KINDS:
        if isinstance(value, base):
            made = kind(value)
            made.path, made.provenance = path, provenance
            return made
    return value


def merged(base: Node, over: Node) -> Node:
    """`over` laid on `base`: mappings are merged, all else is replaced, null removes.

    Both are rooted, so every node has its provenance already: what `base` says of its
    sections never vouches for a number of `over`.
    """
    if not (base.is_mapping and over.is_mapping) or base.is_quantity or over.is_quantity:
        return over
    members = dict(base.content)
    for name, node in over.content.items():
        if node.content is None:
            members.pop(name, None)
        elif name in members:
            members[name] = merged(members[name], node)
        else:
            members[name] = node
    return replace(base, content=members, mark=over.mark, provenance=over.provenance)
