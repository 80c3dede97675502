"""Each table says where its rows lie once there are several nodes: docs/scale.md."""

from cloud.distribution.classes import DISTRIBUTED, LOCAL, REFERENCE, kind_of
from cloud.models import METADATA


def test_every_table_has_one_class() -> None:
    unthought = [name for name in METADATA.tables if kind_of(name) is None]
    assert not unthought, f"name them in cloud/distribution/classes.py: {unthought}"
    assert len(DISTRIBUTED) + len(REFERENCE) + len(LOCAL) == len(DISTRIBUTED | REFERENCE | {*LOCAL})


def test_no_class_names_a_table_that_is_not_there() -> None:
    assert set(METADATA.tables) | {"alembic_version"} == DISTRIBUTED | REFERENCE | {*LOCAL}
