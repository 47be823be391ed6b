#!/bin/bash
# Runs a command with DATABASE_URL set to a PostgreSQL of its own, thrown away afterwards:
#   tests/postgres.sh .venv/bin/python -m pytest
set -euo pipefail
here=$(dirname "$0")

newest_server() {
    local version
    for version in $(ls /usr/lib/postgresql 2>/dev/null | sort -nr); do
        if [ "$version" -ge 15 ] && [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
            echo "/usr/lib/postgresql/$version/bin"
            return
        fi
    done
}

bin=$(newest_server)
if [ -z "$bin" ]; then
    "$here/debian.sh" postgresql
    bin=$(newest_server)
fi
if [ -z "$bin" ]; then
    echo "PostgreSQL 15 or newer was not found under /usr/lib/postgresql." >&2
    exit 1
fi

folder=$(mktemp -d /tmp/portal-postgres.XXXXXX)
as_server=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root.
    as_server=(runuser -u postgres --)
    chown postgres "$folder"
fi

server() {
    (cd "$folder" && "${as_server[@]}" "$bin/$1" "${@:2}")
}

clean_up() {
    status=$?
    trap - EXIT
    server pg_ctl stop -D "$folder/data" -m immediate -s 2>/dev/null || true
    rm -rf "$folder"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Without autovacuum: counting a table while a test's rows are not committed, it takes the table for
# empty, and what is asked next takes minutes. What is measured asks for its own ANALYZE.
options="-p $port -c autovacuum=off -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
server initdb -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
server pg_ctl start -D data -w -s -l log -o "$options" || { cat "$folder/log" >&2; exit 1; }
server createdb -h 127.0.0.1 -p "$port" -U postgres portal

echo "PostgreSQL $("$bin/postgres" --version | grep -o '[0-9.]*' | head -1) runs on port $port for this command only."
DATABASE_URL=postgres://postgres@127.0.0.1:$port/portal "$@"
