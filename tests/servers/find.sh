# shellcheck shell=bash
# Looks for the programs of the servers; nothing here changes anything.

# A number such as 1508 or 1011 of a version such as 15.8 or 10.11.6.
version_number() {
    local major minor
    IFS=. read -r major minor _ <<< "$1"
    printf '%d\n' $((10#${major:-0} * 100 + 10#${minor:-0}))
}

# The folder with the programs of PostgreSQL, 15 or later: those of PATH, or else the newest of Debian's.
find_postgres() {
    local bin
    while read -r bin; do
        [[ -x $bin/postgres && -x $bin/initdb ]] || continue
        (($(version_number "$(postgres_version "$bin")") >= 1500)) || continue
        printf '%s\n' "$bin"
        return
    done < <(
        dirname "$(command -v postgres || printf none)"
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
        printf '%s\n' /usr/pgsql-*/bin | sort -rV
    )
    return 1
}

postgres_version() { "$1/postgres" --version 2> /dev/null | grep -oE '[0-9]+(\.[0-9]+)?' | head -n 1; }

# The program of MariaDB (10.6 or later) or MySQL (8.0 or later).
find_mysql() {
    local name program
    for name in mariadbd mysqld; do
        while read -r program; do
            [[ -x $program ]] || continue
            (($(version_number "$(mysql_version "$program")") >= $(is_mariadb "$program" && echo 1006 || echo 800))) || continue
            printf '%s\n' "$program"
            return
        done < <(
            command -v "$name"
            printf '%s\n' "/usr/sbin/$name" "/usr/libexec/$name" "/usr/local/sbin/$name"
        )
    done
    return 1
}

mysql_version() { "$1" --no-defaults --version 2> /dev/null | grep -oE 'Ver [0-9]+\.[0-9]+' | grep -oE '[0-9.]+'; }

is_mariadb() { "$1" --no-defaults --version 2> /dev/null | grep -q MariaDB; }

# What makes the data folder of MariaDB, beside its server.
find_mariadb_install() {
    local name bin
    for name in mariadb-install-db mysql_install_db; do
        for bin in "$(dirname "$1")/../bin" /usr/bin; do
            [[ -x $bin/$name ]] && printf '%s\n' "$bin/$name" && return
        done
        command -v "$name" && return
    done
    return 1
}

# The program or the programs' folder of a server; $1 is postgres or mysql.
find_server() { "find_$1"; }
