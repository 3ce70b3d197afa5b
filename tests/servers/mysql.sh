# shellcheck shell=bash
# MariaDB or MySQL. What it promises is left as it is by default: innodb_flush_log_at_trx_commit = 1, doublewrite.

mysql_full_version() { "$1" --no-defaults --version; }

# Done at each start. Names are not looked up, so that whoever comes by TCP comes from a number.
mysql_secrets() {
    local who="'root'@'127.0.0.1'" password
    password="$(cat "$folder/password")"
    printf "CREATE USER IF NOT EXISTS %s IDENTIFIED BY '%s';\n" "$who" "$password"
    printf 'CREATE DATABASE IF NOT EXISTS bailiwick;\n'
    printf 'GRANT ALL PRIVILEGES ON *.* TO %s WITH GRANT OPTION;\n' "$who"
}

mysql_init() {
    local install
    if is_mariadb "$1"; then
        install="$(find_mariadb_install "$1")" || fail "mariadb-install-db is not there; it comes with the server"
        "${as_server[@]}" env PATH="$PATH:/usr/sbin:/usr/bin" "$install" --no-defaults --datadir="$folder/own/data" \
            --basedir="$(cd "$(dirname "$1")/.." && pwd)" --skip-test-db --skip-name-resolve < /dev/null
    else
        "${as_server[@]}" "$1" --no-defaults --initialize-insecure --secure-file-priv=NULL --datadir="$folder/own/data"
    fi
}

# A socket's path has 107 bytes at most, so that some folders need one elsewhere.
mysql_socket() {
    local path="$folder/own/s"
    if ((${#path} > 100)); then
        [[ -s $folder/socket ]] || "${as_server[@]}" env TMPDIR=/tmp mktemp -d -t bailiwick-XXXXXX > "$folder/socket"
        path="$(cat "$folder/socket")"
        "${as_server[@]}" mkdir -p -m 700 "$path"
        path="$path/s"
    fi
    printf '%s\n' "$path"
}

mysql_command() {
    command=(
        "$1" --no-defaults "--datadir=$folder/own/data"
        "--port=$(cat "$folder/port")" --bind-address=127.0.0.1 --skip-name-resolve
        "--socket=$(mysql_socket)" "--pid-file=$folder/own/server.pid" "--init-file=$folder/own/init/secrets"
        --max-connections=200 --innodb-buffer-pool-size=64M
    )
    # MySQL would take a second port, and wants a folder for files that its core package does not make.
    is_mariadb "$1" || command+=(--mysqlx=OFF --secure-file-priv=NULL)
}

mysql_is_ready() { grep -q 'ready for connections' "$folder/log"; }

mysql_url() { printf 'mysql://root:%s@127.0.0.1:%s/bailiwick\n' "$(cat "$folder/password")" "$(cat "$folder/port")"; }

mysql_forget() {
    [[ -s $folder/socket ]] || return 0
    rm -rf "$(cat "$folder/socket")"
    rm -f "$folder/socket"
}
