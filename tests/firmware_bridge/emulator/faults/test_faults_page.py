"""The page about faults says what the tables of the code say."""

from scripts.fault_tables import DOCUMENT, filled


def test_faults_document_is_as_the_code_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document == filled(document), "run: .venv/bin/python -m scripts.fault_tables --write"
