"""Messages with the clinic over the real engine: they come, are read, and are answered."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Choose, Press, Typed
from mobile.presenters.page import PageView
from mobile.presenters.views import TodayView
from shared.care import bodies
from shared.care.bodies import MessageOut
from shared.care.from_clinic import ClinicMessage, Seen
from shared.trust.sealing import open_sealed
from shared.wire import fields
from shared.wire.items import DownKind, care_context
from tests.mobile.engine.test_caring import put_card
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card
from tests.shared.clinic import PATIENT_ID

MESSAGE_ID = b"message-16-bytes"


def put_message(world: World, text: str = "How are you?", message_id: bytes = MESSAGE_ID) -> None:
    sent_ms = world.clock.wall_ms
    body = fields.pack(ClinicMessage(message_id, sent_ms, "Dr. K.", text))
    world.server.put(DownKind.MESSAGE, body)


def told(world: World) -> list[bodies.CareItem]:
    """What came at the clinic, opened with the care key."""
    context = care_context(PATIENT_ID)
    return [
        bodies.unpack(open_sealed(body, key=world.server.care, context=context))[1]
        for body in world.cared().values()
    ]


async def page(world: World, name: str, words: str = "") -> PageView:
    return await world.see(PageView, lambda view: view.name == name and words in str(view))


async def test_a_message_is_announced_read_and_answered(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        put_card(world, card())
        put_message(world)
        await world.drive("sync")
        today = await world.see(TodayView, lambda view: view.rows[0].action == "messages")
        assert today.rows[0].value == "1 new message"

        world.act(Press("messages"))
        await page(world, "messages", "New from Dr. K.")
        world.act(Press(f"message/{MESSAGE_ID.hex()}"))
        await page(world, "message", "How are you?")
        world.act(Press("answer"))
        await page(world, "answer")
        world.act(Press("send"))
        await page(world, "answer", "Choose a sentence")
        world.act(Choose("thanks", "sentences"))
        world.act(Typed("text", "A bit better."))
        world.act(Choose("call-me", "calls"))
        world.act(Press("send"))
        await page(world, "message", "Thank you.\\nA bit better.")
        await world.drive("sync")
        assert told(world) == [MessageOut("A bit better.", "thanks", True, MESSAGE_ID)]
        await page(world, "message", "Nobody has read it yet")

        item_id = next(iter(world.cared()))
        world.server.put(DownKind.SEEN, fields.pack(Seen(item_id, "K.", world.clock.wall_ms)))
        await world.drive("sync")
        await page(world, "message", "Read by K.")
        world.act(Press("back"))
        await page(world, "messages", "Dr. K., today")
        world.act(Press("back"))
        today = await world.see(TodayView)
        assert "messages" not in [row.action for row in today.rows]


async def test_a_half_written_answer_outlasts_the_app(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        put_message(world)
        await world.drive("sync")
        world.act(Press("messages"))
        world.act(Press(f"message/{MESSAGE_ID.hex()}"))
        world.act(Press("answer"))
        await page(world, "answer")
        world.act(Typed("text", "Half a word"))
        world.act(Choose("call-me", "calls"))
        await page(world, "answer", "'call-me'})")
        view = await world.start_again(PageView)
        assert view.name == "answer"
        assert "Half a word" in str(view)
        world.act(Press("send"))
        await world.see(TodayView)
        await world.drive("sync")
        assert told(world) == [MessageOut("Half a word", "", True, MESSAGE_ID)]


async def test_the_same_message_twice_is_one(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        put_message(world)
        put_message(world)
        put_message(world, "Another", b"another-16-bytes")
        await world.drive("sync")
        assert len(world.life.context.store.messages.all()) == 2


async def test_without_a_network_it_waits_and_says_so(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.is_down = True
        world.act(Press("between"))
        await page(world, "between")
        world.act(Press("messages"))
        await page(world, "messages", "No messages yet")
        world.act(Press("write"))
        await page(world, "answer")
        world.act(Typed("text", "Please call about Friday."))
        world.act(Press("send"))
        await page(world, "messages", "Please call about Friday.")
        item_id = world.life.context.store.messages.all()[0].id
        world.act(Press(f"message/{item_id}"))
        await page(world, "message", "Not sent yet")
        world.server.is_down = False
        await world.drive("sync")
        await page(world, "message", "With the clinic since")
