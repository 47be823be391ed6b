#!/bin/bash
# Installs the Debian packages named, if that needs no question: as root or with a sudo that asks none.
set -euo pipefail

admin=()
if [ "$(id -u)" != 0 ]; then admin=(sudo -n); fi
if ! command -v apt-get >/dev/null || ! "${admin[@]}" true 2>/dev/null; then
    echo "Missing here: $*. On Debian: sudo apt install $*" >&2
    exit 1
fi

apt() {
    "${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

# The tests start a server of their own, so Debian's need not run.
no_cluster=/etc/postgresql-common/createcluster.d/outcomes-portal.conf
if [[ " $* " == *" postgresql "* ]]; then
    "${admin[@]}" install -D -m 644 /dev/stdin "$no_cluster" <<<"create_main_cluster = false"
    trap '"${admin[@]}" rm -f "$no_cluster"' EXIT
fi

echo "Installing from Debian: $*"
apt install --no-install-recommends "$@" 2>/dev/null || { apt update && apt install --no-install-recommends "$@"; }
