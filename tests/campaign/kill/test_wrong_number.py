"""The numbers on phone and band differ: there's no bond on either side, and pairing works again."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.link import PairingRefusal, PairingRefused
from tests.campaign.kill.stand import Made, open_stand


async def test_wrong_number_leaves_no_bond_and_may_be_tried_again(tmp_path: Path) -> None:
    made, identity = Made(), tmp_path / "identity"
    made.write_identity(identity)
    async with open_stand(tmp_path, made, identity) as stand:
        await stand.switch_on()
        with pytest.raises(PairingRefused) as refused:
            await stand.patient.pair(stand.band, mistaken=True)
        assert refused.value.refusal is PairingRefusal.NUMBER_DIFFERS
        assert await stand.adapter.bonded() == []
        assert (await stand.band.state())["bonds"] == 0

        address = await stand.patient.pair(stand.band)
        assert len(await stand.adapter.bonded()) == 1
        assert (await stand.band.state())["bonds"] == 1
        async with stand.patient.kept(address):
            assert not (await stand.patient.client.hello()).provisioned
