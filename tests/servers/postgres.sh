# shellcheck shell=bash
# PostgreSQL. What it promises is left as it is by default: fsync, full_page_writes, synchronous_commit.

postgres_full_version() { "$1/postgres" --version; }

postgres_secrets() { cat "$folder/password"; }

# The texts of such a database do not go by their bytes, as those of most users do not.
postgres_init() {
    local collation
    for collation in '--locale-provider=icu --icu-locale=en-US' ''; do
        # shellcheck disable=SC2086 # two words or none
        "${as_server[@]}" "$1/initdb" -D "$folder/own/data" --username=postgres --pwfile="$folder/own/init/secrets" \
            --auth=scram-sha-256 --encoding=UTF8 --locale=C $collation --no-sync && return
        rm -rf "$folder/own/data"
    done
    return 1
}

# Clients come by TCP alone.
postgres_command() {
    command=(
        "$1/postgres" -D "$folder/own/data"
        -c "port=$(cat "$folder/port")" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
        -c max_connections=200 -c shared_buffers=32MB -c max_wal_size=256MB
        -c max_prepared_transactions=10
    )
}

# The first line of this file is the process, the eighth what it does; one of an earlier process may lie there.
postgres_is_ready() {
    local -a lines=()
    mapfile -t lines 2> /dev/null < "$folder/own/data/postmaster.pid"
    [[ ${lines[0]:-} == "$(cat "$folder/pid")" && ${lines[7]:-} == ready* ]]
}

# A killed process may be there until its parent asks for it, and would pass for one that runs.
postgres_forget() { rm -f "$folder/own/data/postmaster.pid"; }

postgres_url() { printf 'postgres://postgres:%s@127.0.0.1:%s/postgres\n' "$(cat "$folder/password")" "$(cat "$folder/port")"; }
