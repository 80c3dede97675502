"""A scenario is read whole or refused by file, line and field."""

from pathlib import Path

import pytest

from firmware_bridge.emulator.cli import main
from firmware_bridge.emulator.scenario.errors import ScenarioBroken
from firmware_bridge.emulator.scenario.reading import load_scenario, read_scenario, shipped

HEAD = 'title = "Trouble"\nseed = 5\n\n'
ONE = '[[fault]]\nfault = "contact"\n'


def test_scenario_has_its_faults_in_order_and_a_seed_for_each_chance() -> None:
    chance = '[[fault]]\nfault = "link_loss"\nevent = "pulse"\nprobability = 0.5\n'
    scenario = read_scenario(HEAD + ONE + chance + chance, "trouble.toml")
    assert [asked["fault"] for asked in scenario.faults] == ["contact", "link_loss", "link_loss"]
    seeds = [asked.get("seed") for asked in scenario.faults]
    assert seeds[0] is None
    assert seeds[1] != seeds[2]
    assert (scenario.title, scenario.seed) == ("Trouble", 5)


def test_every_shipped_scenario_reads_and_is_told_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shipped() == ("flaky-evening", "restless-wearer", "worn-flash")
    for name in shipped():
        main(["scenario", "check", name])
        said = capsys.readouterr().out.splitlines()
        assert len(said) == 1 + len(load_scenario(name).faults)
    main(["scenario", "list"])
    assert len(capsys.readouterr().out.splitlines()) == len(shipped())


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("", None, "title"),
        ('title = ""\nseed = 5\n' + ONE, 1, "title"),
        ('title = "x"\nseed = -1\n' + ONE, 2, "seed"),
        ('title = "x"\nseed = true\n' + ONE, 2, "seed"),
        (HEAD, None, "fault"),
        (HEAD + "fault = 3\n", 4, "fault"),
        (HEAD + "fault = [3]\n", 4, "fault"),
        (HEAD + "speed = 3\n" + ONE, 4, "speed"),
        (HEAD + ONE + "nth = 2\n", 6, "fault 1, nth"),
        (HEAD + ONE + 'event = "slice"\nnth = 0\n', 7, "fault 1, nth"),
        (HEAD + ONE + '\n[[fault]]\nfault = "gravity"\n', 8, "fault 2, gravity"),
        (HEAD + ONE + "value = 7\n", 6, "fault 1, contact"),
        (HEAD + ONE + 'event = "request"\nof = "DANCE"\n', 7, "fault 1, of"),
        (HEAD + '[[fault]]\nfault = "battery_percent"\n', 5, "fault 1, value"),
        (HEAD + "[[fault]\n", 4, "TOML"),
        (HEAD + ONE * 300, 5, "fault"),
    ],
)
def test_broken_scenario_is_refused_at_its_place(text: str, line: int | None, field: str) -> None:
    with pytest.raises(ScenarioBroken) as broken:
        read_scenario(text, "trouble.toml")
    assert broken.value.field == field
    if "300" not in field and field != "fault":
        assert broken.value.line == line
    assert str(broken.value).startswith("trouble.toml")


def test_command_says_in_a_sentence_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "trouble.toml"
    file.write_text(HEAD + ONE + "for_ms = 0\n")
    with pytest.raises(SystemExit, match=r"trouble\.toml, line 6: fault 1, for_ms: an integer"):
        main(["scenario", "check", str(file)])
    with pytest.raises(SystemExit, match="No such file"):
        main(["scenario", "check", str(tmp_path / "none.toml")])
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SystemExit, match="UTF-8 is wanted"):
        main(["scenario", "check", str(file)])
    file.write_bytes(b"#" * 300_000)
    with pytest.raises(SystemExit, match="at most 262144 bytes"):
        main(["scenario", "check", str(file)])
