# shellcheck shell=bash
# Installs a server from Debian packages: its programs alone, no service of the distribution is started and no database
# of it is made.

# install_server postgres|mysql; says on its error output why it could not.
install_server() (
    local -a root=() packages
    command -v apt-get > /dev/null || { printf 'there is no apt-get\n' >&2 && return 1; }
    if ((EUID != 0)); then
        root=(sudo -n)
        "${root[@]}" true 2> /dev/null || { printf 'apt-get needs root, or sudo without a password\n' >&2 && return 1; }
    fi
    readonly policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.d/bailiwick-tests.conf
    trap undo EXIT
    quiet
    mapfile -t packages < <(packages_of "$1")
    if [[ -z ${packages[*]} ]]; then # nothing known of them: perhaps the lists were never fetched
        apt update
        mapfile -t packages < <(packages_of "$1")
    fi
    [[ -n ${packages[*]} ]] || { printf 'no package has it\n' >&2 && return 1; }
    apt install "${packages[@]}" || { apt update && apt install "${packages[@]}"; } ||
        { printf 'apt-get failed, see above\n' >&2 && return 1; }
)

# MariaDB's core packages have no service; that of PostgreSQL has one.
packages_of() {
    local name
    case "$1" in
        postgres) is_known postgresql && printf 'postgresql\n' ;;
        mysql)
            for name in mariadb-server-core mariadb-server-core-10.6 mysql-server-core-8.0; do
                is_known "$name" && printf '%s\n' "$name" "${name/server/client}" && return
            done
            ;;
    esac
}

is_known() { apt-cache show "$1" > /dev/null 2>&1; }

apt() {
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" < /dev/null >&2
}

# While packages are configured, no service is started and no cluster of PostgreSQL is made.
quiet() {
    ours=("$clusters")
    if [[ ! -e $policy ]]; then
        ours+=("$policy")
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" > /dev/null && "${root[@]}" chmod 755 "$policy"
    fi
    made="${clusters%/*}"
    [[ ! -d $made ]] || made=
    "${root[@]}" mkdir -p "${clusters%/*}"
    printf 'create_main_cluster = false\n' | "${root[@]}" tee "$clusters" > /dev/null
}

undo() {
    "${root[@]}" rm -f ${ours[@]+"${ours[@]}"}
    [[ -z ${made:-} ]] || "${root[@]}" rmdir -p --ignore-fail-on-non-empty "$made"
}
