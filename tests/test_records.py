"""Records are frozen, however they are made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from rhetoric.records import Voice, maker

VALUES = (3, 9, "quoted", "Mara Hale", False, None, (0, 2), True)


def test_a_maker_gives_the_same_frozen_record_as_the_class() -> None:
    made, record = maker(Voice)(*VALUES), Voice(*VALUES)
    assert type(made) is Voice
    assert (made, repr(made), hash(made)) == (record, repr(record), hash(record))
    assert replace(made, end=7).end == 7
    with pytest.raises(FrozenInstanceError):
        made.end = 8
    with pytest.raises(TypeError):
        maker(Voice)(3, 9)
