"""The catalogues: what the app reads is what the translator wrote."""

import pytest

from scripts.words import CODES, compiled, compiled_of, read


@pytest.mark.parametrize("code", CODES)
def test_compiled_catalogue_is_made_of_its_source(code: str) -> None:
    assert compiled_of(code).read_bytes() == compiled(read(code)), "run `make words`"
