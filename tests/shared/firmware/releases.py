"""A maker with a firmware key, and images by it."""

from dataclasses import dataclass, field

from shared.firmware.image import Version
from shared.firmware.manifest import PRODUCT, Behaviour, Manifest
from shared.firmware.signed import AUDIENCE, Release, make
from shared.trust import certificates
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Certificate, Purpose

FROM_S = 1_700_000_000
UNTIL_S = 2_000_000_000
NEXT = Version(1, 1, 0)


@dataclass
class Maker:
    """Whoever may sign firmware."""

    root: SoftwareKey = field(default_factory=SoftwareKey.generate)
    key: SoftwareKey = field(default_factory=SoftwareKey.generate)

    def certificate(self, purpose: Purpose = Purpose.FIRMWARE, until_s: int = UNTIL_S) -> bytes:
        said = Certificate(purpose, self.key.public_key.data, "firmware", FROM_S, until_s)
        return certificates.issue(said, clinic_id=AUDIENCE, root=self.root)

    def image(
        self,
        version: Version = NEXT,
        behaviour: Behaviour = Behaviour.STEADY,
        *,
        security_counter: int = 1,
        filler: bytes = b"",
        product: str = PRODUCT,
        hardware: str = "emulated",
        certificate: bytes | None = None,
    ) -> bytes:
        """The bytes of a signed image."""
        manifest = Manifest(product, hardware, str(version), behaviour, filler)
        release = Release(manifest, version, security_counter)
        return make(release, key=self.key, certificate=certificate or self.certificate())
