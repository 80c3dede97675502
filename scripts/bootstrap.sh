#!/usr/bin/env bash
# Makes the tree ready to run: Debian packages, then a virtual environment in .venv from the locked
# file, then the project itself in it. Each step is taken only when something is missing or changed,
# so that the second run is quick and needs no network. Asks nothing.
#   bootstrap.sh --with-model   also what `make model` needs
#   bootstrap.sh --with-guest   also what `make test-bluez` needs
#   bootstrap.sh --with-ha      also what `make test-ha` needs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tree=$(pwd -P)
lock=requirements/all.txt
venv=$tree/.venv
say() { printf 'bootstrap: %s\n' "$*"; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }

# package: why
packages() {
    cat <<'LIST'
chromium: the clinician's browser, in the journey and the page tests
libatomic1: the driver of Playwright, which drives the browser, is linked with it
xvfb: a display for the app where there is none
xauth: xvfb-run needs it
libegl1: the app's window (EGL)
libgl1: the app's window (OpenGL)
libgl1-mesa-dri: draws OpenGL without a graphics card
libmtdev1: Kivy loads it for touch input
xclip: Kivy's clipboard on X11
espeak-ng: speaks the app's cues on a desktop
dbus-daemon: a bus of their own for the tests of notifications
postgresql: the cloud's tests on a real database
LIST
    if [ "${with_model:-no}" = yes ]; then
        cat <<'LIST'
spin: checks the models of tests/model
gcc: compiles what SPIN makes of them
libc6-dev: what that includes
LIST
    fi
    if [ "${with_guest:-no}" = yes ]; then
        cat <<'LIST'
qemu-system-x86: runs the guest of tests/bluez, its processor in software
debootstrap: makes the guest's root file system
e2fsprogs: makes the guest's disk of it
xz-utils: unpacks the kernel's modules
LIST
    fi
    if [ "${with_ha:-no}" = yes ]; then
        cat <<'LIST'
patroni: keeps two PostgreSQL nodes in step, and says which leads
python3-etcd: Patroni's way to etcd
etcd-server: where the nodes agree on the leader
LIST
    fi
    if [ "${needs_ensurepip:-no}" = yes ]; then
        echo "python3.11-venv: makes the virtual environment"
    fi
}

is_python_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3 /usr/bin/python3.11; do
        if is_python_311 "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

missing_packages() {
    local line name
    while read -r line; do
        name=${line%%:*}
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
            echo "$line"
        fi
    done < <(packages)
}

install_packages() {
    local missing names as_root=()
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    mapfile -t names < <(cut -d: -f1 <<<"$missing")
    say "Debian packages to install:"
    awk -F': ' '{ printf "  %-16s %s\n", $1, $2 }' <<<"$missing"
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
        sudo -n true 2>/dev/null || die "needs root or sudo once: apt-get install ${names[*]}"
    fi
    # The tests start a private PostgreSQL of their own: no cluster for the whole machine.
    local no_cluster=/etc/postgresql-common/createcluster.d/circlet.conf
    if [[ " ${names[*]} " == *" postgresql "* ]]; then
        "${as_root[@]}" mkdir -p "${no_cluster%/*}"
        echo "create_main_cluster = false" | "${as_root[@]}" tee "$no_cluster" >/dev/null
    fi
    mkdir -p build
    if ! {
        "${as_root[@]}" apt-get -q update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
                -o Dpkg::Use-Pty=0 install --no-install-recommends "${names[@]}"
    } >build/apt.log 2>&1; then
        "${as_root[@]}" rm -f "$no_cluster"
        tail -n 20 build/apt.log >&2
        die "apt-get failed; the whole log is build/apt.log"
    fi
    "${as_root[@]}" rm -f "$no_cluster"
}

fingerprint() { printf '%s\n' "$tree" "$1" | cat - "${@:2}" | sha256sum | cut -d' ' -f1; }

is_current() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

# An environment of another folder or interpreter can't be mended, only made anew: its scripts name
# the folder that it was made in.
is_venv_usable() {
    is_python_311 "$venv/bin/python" && head -n 3 "$venv/bin/pip" 2>/dev/null | grep -qF "$venv/bin/"
}

install_requirements() {
    local stamp=$venv/.requirements-stamp wanted
    wanted=$(fingerprint "$python" "$lock")
    if is_current "$stamp" "$wanted" && is_python_311 "$venv/bin/python"; then return 0; fi
    say "virtual environment in .venv from $lock (a minute or two)"
    rm -f "$stamp"
    if ! is_venv_usable; then "$python" -m venv --clear "$venv"; fi
    # crcmod, which smp needs, comes as source only; without a compiler it installs as plain Python.
    "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check \
        --only-binary :all: --no-binary crcmod --require-hashes -r "$lock"
    echo "$wanted" >"$stamp"
}

install_project() {
    local stamp=$venv/.project-stamp wanted
    wanted=$(fingerprint "$python" "$lock" pyproject.toml)
    if is_current "$stamp" "$wanted"; then return 0; fi
    say "the project itself, editable"
    "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check \
        --no-index --no-deps --no-build-isolation -e .
    echo "$wanted" >"$stamp"
}

case ${1:-} in
    --with-model) with_model=yes ;;
    --with-guest) with_guest=yes ;;
    --with-ha) with_ha=yes ;;
esac
python=$(find_python) || die "needs Python 3.11 (python3.11 or python3 on the PATH, or PYTHON=...)"
"$python" -c 'import ensurepip' 2>/dev/null || needs_ensurepip=yes
if command -v dpkg-query >/dev/null; then
    install_packages
else
    say "not a Debian system; these must be there:"
    packages | sed 's/^/  /'
fi
install_requirements
install_project
