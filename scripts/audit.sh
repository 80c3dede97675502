#!/usr/bin/env bash
# `make audit`: known vulnerabilities of every package of the lock, by pip-audit in an environment of
# its own. Asks one advisory source after the other whether it answers for a package that must be
# known; ends with 75 where none does, or where a package went unjudged: then nothing is known.
# What pip-audit finds is left in build/audit.json. Files of others (npm) it doesn't look at.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
lock=requirements/all.txt
tools=requirements/audit.txt
venv=build/audit
said=build/audit.json
judge=(.venv/bin/python -m scripts.supply.audit)

not_checked() {
    echo "audit: NOT CHECKED: $*" >&2
    exit 75
}

install_tools() {
    local wanted
    wanted=$(sha256sum <"$tools")
    [ "$(cat "$venv/.stamp" 2>/dev/null)" != "$wanted" ] || return 0
    .venv/bin/python -m venv --clear "$venv" &&
        "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check \
            --only-binary :all: --require-hashes -r "$tools" && echo "$wanted" >"$venv/.stamp"
}

ask() { # SERVICE REQUIREMENTS
    rm -f "$said"
    timeout 600 "$venv/bin/pip-audit" --vulnerability-service "$1" --requirement "$2" \
        --disable-pip --require-hashes --progress-spinner off --format json --output "$said" \
        >build/audit.log 2>&1
    [ -s "$said" ]
}

mkdir -p build
install_tools || not_checked "pip-audit can't be installed: no index, or another one than the lock's"
"${judge[@]}" one-package "$lock" >build/audit-one.txt
for service in pypi osv; do
    if ask "$service" build/audit-one.txt && "${judge[@]}" answers "$said"; then
        ask "$service" "$lock" || not_checked "$service stopped answering; see build/audit.log"
        "${judge[@]}" verdict "$said" "$service"
        exit
    fi
    echo "audit: $service doesn't answer for a package that it must know" >&2
done
not_checked "no advisory source can be reached from here; run this where one can, before a release"
