"""What the engine's rooms share: the parts they work with, and what is known at the moment.

It belongs to the engine's event loop; whoever changes something calls `changed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_bridge.link import Connection, LinkLost, LinkState, StimulatorClient
from mobile import language
from mobile.engine.answer_book import AnswerBook
from mobile.engine.caring import Caring, default_card
from mobile.engine.enrolment import Enrolment, kept
from mobile.engine.former_ledgers import FormerLedgers
from mobile.engine.instants import Instants
from mobile.engine.ledger_copy import LedgerCopy
from mobile.engine.options import Options
from mobile.engine.phone_clock import PhoneClock
from mobile.engine.plans import Plan, Plans
from mobile.engine.preferences import Preferences
from mobile.engine.preferences import keep as keep_preferences
from mobile.engine.preferences import kept as kept_preferences
from mobile.engine.screens import Screen, Sitting, Today, Welcome
from mobile.engine.session import Arming, SessionRun
from mobile.engine.text_packs import TextPacks
from mobile.engine.under_way import UnderWay
from mobile.engine.unkept import UnkeptHolds
from mobile.language import _
from mobile.platform import KeyName, KeyStore, KeyStoreBroken, Phone, signer
from mobile.platform.downloads import downloads
from mobile.platform.links import LetterLink
from mobile.platform.silent import silent_phone
from mobile.platform.zone import UTC_NAME, zone_of
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import Notice, Tone, View
from mobile.presenters.words import Now
from mobile.store import Store
from mobile.sync import IngestClient, keep_pin, kept_pin
from mobile.sync.signing import RequestSigner
from shared.care.card import ClinicCard
from shared.trust.keys import SoftwareKey
from shared.wire.status import Status

if TYPE_CHECKING:
    from mobile.engine.places.place import Place

_BAND_SETTING = "band-address"
CLINIC_ADDRESS = "clinic-address"
"""The setting with the server's address, where a letter's link named it."""


class Context:
    """Parts and knowledge. Made once the store is open."""

    def __init__(
        self,
        options: Options,
        clock: PhoneClock,
        keys: KeyStore,
        store: Store,
        connection: Connection,
        ingest: IngestClient,
        phone: Phone | None = None,
    ) -> None:
        self.clock, self.keys, self.store = clock, keys, store
        self.connection, self.ingest = connection, ingest
        self.stimulator = StimulatorClient(connection)
        self.instants = Instants(store, clock, ingest.time)
        self.plans = Plans(store)
        self.answers = AnswerBook(store)
        self.text_packs = TextPacks(store)
        self.exports = options.exports or downloads(Path.home())
        self.usual = options.usual
        self.preferences = kept_preferences(store)
        self.caring = Caring(store)
        self.unkept = UnkeptHolds()
        self.phone = silent_phone() if phone is None else phone
        self._zone = options.zone
        self.on_change: Callable[[], None] = lambda: None
        self.wake: Callable[[], None] = lambda: None
        """There's a reason for a round of clinic and band; set by whoever makes them."""
        self.band_lock = asyncio.Lock()
        self.gone = asyncio.Event()
        """Another screen stands there since; cleared by who paces what is counted."""
        self._paired, self._forgotten = asyncio.Event(), asyncio.Event()

        self.enrolment: Enrolment | None = None
        self.ledger: LedgerCopy | None = None
        self.former: FormerLedgers | None = None
        self.screen: Screen | Place = Welcome()
        self.letter: LetterLink | None = None
        """What the link of a letter said, for the fields of the first page."""
        self.notice: Notice | None = None
        self.session: SessionRun | None = None
        self.under_way = UnderWay(store)
        self.session_word: str | None = None
        self.last_arm: Arming | None = None
        self.lost_wall_ms: int | None = None
        self.losses_healed = 0
        self.leads: bool | None = None
        """Whether this phone leads the band; None until the band has said."""
        self.reached_wall_ms: int | None = None
        self.watched_wall_ms: int | None = None
        self.reachable = True
        self.dials = True
        """Whether this device makes calls; known to be false once one has failed."""
        self.stop_waits = False
        self.band_firmware: str | None = None
        self.cover: Callable[[], View | None] = lambda: None
        """What the app's lock shows over everything, while it stands."""
        self.erase_wanted = asyncio.Event()
        self.first_page: Callable[[], View | None] = lambda: None
        """What stands before everything at the start of the app, where there is such a page."""
        band = store.settings.get(_BAND_SETTING)
        self.band_address = band.decode() if band else None
        address = store.settings.get(CLINIC_ADDRESS)
        if address:
            ingest.move_to(address.decode())
        enrolment = kept(store)
        if enrolment is not None:
            self.take_enrolment(enrolment)
            self.screen = Sitting() if self.under_way.stands_first else Today()

    # Knowledge

    def changed(self) -> None:
        """Something that a screen shows has changed."""
        self.on_change()

    def go(self, screen: Screen | Place) -> None:
        """Show another screen."""
        self.screen = screen
        self.gone.set()
        self.changed()

    def go_home(self) -> None:
        """Show the day."""
        self.go(Today())

    def say(self, title: str, body: str, tone: Tone = Tone.WAIT) -> None:
        """Put a notice on the present screen, until the next deliberate touch."""
        self.notice = Notice(title, body, tone)
        self.changed()

    def prefer(self, preferences: Preferences) -> None:
        """The person chose otherwise."""
        keep_preferences(self.store, preferences)
        self.preferences = preferences
        self.changed()

    @property
    def appearance(self) -> Appearance:
        """How the app is to look now."""
        spoken = language.current()
        return self.preferences.appearance(
            self.usual, language=spoken.code, mirrored=spoken.is_mirrored
        )

    def take_enrolment(self, enrolment: Enrolment) -> None:
        """This phone is the patient's from now on."""
        key = signer(self.keys, KeyName.REQUEST)
        if key is None:
            raise KeyStoreBroken(
                _("This phone's request key is gone. Enrol again with a new code.")
            )
        self.enrolment = enrolment
        pin = kept_pin(self.store)
        if pin is not None:
            self.ingest.pin_to(pin)
        self.ledger = LedgerCopy(self.store, enrolment.device_id)
        self.former = FormerLedgers(self.store, enrolment.patient_id)
        self.caring.begin(enrolment)
        self.text_packs.begin(enrolment)
        self.ingest.sign_as(RequestSigner(enrolment.phone_id, key))

    def keep_server(self) -> None:
        """The clinic's server was met: this one and no other from now on, by the keys it showed."""
        seen = self.ingest.seen
        if seen != kept_pin(self.store):
            keep_pin(self.store, seen)
            self.ingest.pin_to(seen)

    def take_band(self, address: str) -> None:
        """This band is the person's."""
        self.store.settings.put(_BAND_SETTING, address.encode())
        self.band_address = address
        self._forgotten.clear()
        self._paired.set()

    async def until_paired(self) -> str:
        """Return the band's address as soon as there is one."""
        while self.band_address is None:
            self._paired.clear()
            await self._paired.wait()
        return self.band_address

    def forget_band(self) -> None:
        """The bond is gone: the band is to be paired anew."""
        self.store.settings.put(_BAND_SETTING, b"")
        self.band_address = None
        self._forgotten.set()

    async def until_forgotten(self) -> None:
        """Return once the band that was paired isn't the person's any more."""
        await self._forgotten.wait()

    @property
    def app_key(self) -> SoftwareKey:
        """The key that the band knows this app by."""
        key = signer(self.keys, KeyName.APP)
        if key is None:
            raise KeyStoreBroken(_("This phone's app key is gone. Enrol again with a new code."))
        return key

    @property
    def status(self) -> Status | None:
        """What the band last said, in this run of the app."""
        return self.connection.status

    @property
    def is_linked(self) -> bool:
        """True while commands can be sent."""
        return self.connection.state is LinkState.READY

    @property
    def zone_name(self) -> str:
        """The IANA name of the zone in which the person is now."""
        if self._zone is None:
            return self.phone.zone.name()
        return getattr(self._zone, "key", UTC_NAME)

    @property
    def zone(self) -> tzinfo:
        """The zone in which the person is now: the one that was set, else the phone's."""
        return self._zone or zone_of(self.phone.zone.name())

    @property
    def now(self) -> Now:
        """The hour for the screens."""
        return Now(self.instants.wall_ms(), self.zone)

    @property
    def card(self) -> ClinicCard:
        """What the clinic tells of itself: hours, numbers, lists; never nothing."""
        name = None if self.enrolment is None else self.enrolment.clinic_name
        return self.caring.card or default_card(name)

    @property
    def plan(self) -> Plan | None:
        """The plan that is on the band, if this phone holds it."""
        status = self.status
        if status is not None and status.prescription_hash is not None:
            return self.plans.find(status.prescription_hash)
        return None if self.ledger is None else self.plans.find(self.ledger.state.prescription_hash)

    def require_enrolment(self) -> Enrolment:
        """Return the enrolment; there must be one by now."""
        if self.enrolment is None:
            raise KeyStoreBroken(_("This phone isn't enrolled with a clinic yet."))
        return self.enrolment

    def require_status(self) -> Status:
        """Return what the band last said, over a link that holds."""
        status = self.status
        if status is None or not self.is_linked:
            raise LinkLost
        return status
