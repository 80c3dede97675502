"""The guest's kernel, initrd and disk: built from Debian's packages, then kept until one changes.

The kernel is unpacked and never installed. Building needs root, or `sudo` without a password, for
debootstrap and chroot. Not for what runs in the guest: that stays in the tree.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bluez.errors import CannotStart

SUITE = "bookworm"
"""Its Python is 3.11, as the tree's: the guest uses the tree's own virtual environment."""

KERNELS = ("linux-image-6.12-amd64", "linux-image-amd64")
"""The first that there is. Not bookworm's 6.1 (6.1.192): a band that lost its bond ends it with a
BUG in `hci_chan_del`, each time."""

PACKAGES = ("bluez", "dbus", "python3", "kmod", "iproute2", "busybox-static")

MODULES = (
    *("virtio_pci", "virtio_blk", "ext4", "virtio_net", "9p", "9pnet_virtio"),
    # What the pairing's cryptography asks for by name, before the stack itself.
    *("jitterentropy_rng", "drbg", "ctr", "sha512_generic", "cmac", "ecb", "ccm"),
    *("algif_hash", "algif_skcipher", "ecdh_generic", "uhid", "bluetooth", "hci_uart"),
)
DISK_MIB = 700
INITRD_INIT = Path(__file__).with_name("guest") / "initrd.sh"


@dataclass(frozen=True)
class Image:
    """What QEMU starts."""

    folder: Path

    @property
    def kernel(self) -> Path:
        return self.folder / "vmlinuz"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd.img"

    @property
    def disk(self) -> Path:
        return self.folder / "disk.img"

    @property
    def versions(self) -> str:
        """Which kernel, bluetoothd and D-Bus."""
        return (self.folder / "versions").read_text().strip()


def kept_image() -> Image:
    """The image for the packages of today; built where it isn't there."""
    kernel = _kernel_package()
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    image = Image(home / "circlet" / "bluez-guest" / _fingerprint(kernel))
    if not (image.folder / "versions").exists():
        _build(image, kernel)
    return image


def _kernel_package() -> str:
    """The package with the kernel itself, as the first of KERNELS depends on it."""
    for name in KERNELS:
        depends = _run("apt-cache", "depends", name, fails_softly=True)
        if found := re.search(r"Depends: (linux-image-[0-9]\S+-amd64)$", depends, re.MULTILINE):
            return found[1]
    raise CannotStart(f"apt knows none of {', '.join(KERNELS)}")


def _fingerprint(kernel: str) -> str:
    version = _run("apt-cache", "policy", kernel)
    parts = (kernel, version, SUITE, *PACKAGES, *MODULES, INITRD_INIT.read_text(), str(DISK_MIB))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _build(image: Image, kernel: str) -> None:
    """Build beside, move into place last; an image of other packages goes."""
    shutil.rmtree(image.folder.parent, ignore_errors=True)
    image.folder.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=image.folder.parent, prefix="building-") as name:
        building = Path(name)
        root, made = building / "root", building / "made"
        made.mkdir()
        try:
            _install(root)
            release = _unpack_kernel(kernel, building, root, made)
            _pack_initrd(root, building / "initrd", release, made)
            _pack_disk(root, made)
            (made / "versions").write_text(f"Linux {release}, {_versions(root)}\n")
        finally:
            _as_root("rm", "-rf", str(root))
        made.rename(image.folder)


def _install(root: Path) -> None:
    _as_root(
        "debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(root)
    )


def _unpack_kernel(package: str, building: Path, root: Path, made: Path) -> str:
    """Put the kernel beside the image and its modules into the root, for a while."""
    _run("apt-get", "download", package, folder=building)
    [archive] = building.glob("linux-image-*.deb")
    _run("dpkg-deb", "-x", str(archive), str(building / "kernel"))
    [kernel] = (building / "kernel/boot").glob("vmlinuz-*")
    shutil.copy(kernel, made / "vmlinuz")
    _as_root("cp", "-r", str(building / "kernel/lib/modules"), str(root / "lib/"))
    release = kernel.name.removeprefix("vmlinuz-")
    _as_root("chroot", str(root), "depmod", release)
    return release


def _pack_initrd(root: Path, folder: Path, release: str, made: Path) -> None:
    """busybox, the modules in the order that they need, and the first program."""
    for name in ("bin", "modules", "proc", "sys", "dev", "disk"):
        (folder / name).mkdir(parents=True)
    busybox = root / "bin/busybox"
    shutil.copy(busybox, folder / "bin/busybox")
    shutil.copy(INITRD_INIT, folder / "init")
    (folder / "init").chmod(0o755)
    names = [_take_module(root / path.lstrip("/"), folder) for path in _modules(root, release)]
    (folder / "modules/order").write_text("\n".join(names) + "\n")
    pack = f"find . | {busybox} cpio -o -H newc 2>/dev/null >{made / 'initrd.img'}"
    _run("sh", "-c", pack, folder=folder)


def _modules(root: Path, release: str) -> list[str]:
    found: dict[str, None] = {}
    for name in MODULES:
        shown = _as_root(
            *("chroot", str(root), "modprobe", "--show-depends", "--set-version", release, name)
        )
        found.update(dict.fromkeys(re.findall(r"^insmod (\S+)", shown, re.MULTILINE)))
    return list(found)


def _take_module(module: Path, folder: Path) -> str:
    name = module.name.removesuffix(".xz")
    target = folder / "modules" / name
    if module.suffix == ".xz":
        target.write_bytes(subprocess.run(["xz", "-dc", module], check=True, stdout=-1).stdout)
    else:
        shutil.copy(module, target)
    return name


def _pack_disk(root: Path, made: Path) -> None:
    _as_root("rm", "-rf", str(root / "lib/modules"))
    disk = made / "disk.img"
    _as_root("mke2fs", "-q", "-t", "ext4", "-d", str(root), str(disk), f"{DISK_MIB}M")
    _as_root("chmod", "644", str(disk))


def _versions(root: Path) -> str:
    query = (
        "dpkg-query",
        f"--admindir={root / 'var/lib/dpkg'}",
        "-W",
        "-f",
        "${Package} ${Version}\n",
    )
    return ", ".join(_run(*query, "bluez", "dbus", "python3").split("\n")).strip(", ")


def _as_root(*command: str) -> str:
    return _run(*(() if os.geteuid() == 0 else ("sudo", "-n")), *command)


def _run(*command: str, folder: Path | None = None, fails_softly: bool = False) -> str:
    environment = {**os.environ, "LC_ALL": "C", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, text=True, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise CannotStart(f"there is no {command[0]} here") from error
    if done.returncode and not fails_softly:
        raise CannotStart(f"{' '.join(command)[:120]}: {(done.stderr or done.stdout)[-400:]}")
    return done.stdout
