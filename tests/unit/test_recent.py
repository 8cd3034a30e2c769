"""What was needed last is kept, and so many of it."""

from __future__ import annotations

from glacis.recent import Recent


def test_recent_keeps_the_last_used() -> None:
    made: list[int] = []

    def value(key: int) -> int:
        return recent.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]  # append gives none

    recent: Recent[int, int] = Recent(2)
    for key in (1, 2, 1, 3, 1, 2):
        assert value(key) == key
    assert made == [1, 2, 3, 2]


def test_what_is_asked_for_among_others_is_kept_once_it_is_used() -> None:
    recent: Recent[str, int] = Recent(3)
    values = dict(zip("abcd", range(4), strict=True))
    recent.keep({key: values[key] for key in "abc"})
    found = recent.among("ad")
    assert found == {"a": 0}
    recent.keep(found)
    recent.keep({"d": 3})
    assert list(recent.among("abcd")) == ["a", "c", "d"]
    recent.among("a")
    recent.keep({"b": 1})
    assert list(recent.among("abcd")) == ["a", "b", "d"]
    assert len(recent) == 3
    recent.keep(values)
    assert list(recent.among("abcd")) == ["b", "c", "d"]
