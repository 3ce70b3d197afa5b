# shellcheck shell=bash
# The servers that all tests share, for tests/run: found, or installed, started below $target/servers, and stopped again.
# Those that already run on the machine are never looked for: only the environment names one.

# shellcheck source=tests/servers/find.sh
source tests/servers/find.sh
# shellcheck source=tests/servers/install.sh
source tests/servers/install.sh

readonly SERVERS=(postgres mysql)
servers_root=
servers_borrowed= # a folder that goes at the end
declare -a servers_started=()

url_variable() { printf 'BAILIWICK_TEST_%s_URL\n' "${1^^}"; }

# Whether BAILIWICK_TEST_WITHOUT names a word.
is_without() { [[ ",${BAILIWICK_TEST_WITHOUT// /}," == *",$1,"* ]]; }

# Sets servers_root, which this process then has for itself: below the target folder, unless another run is there or the
# user of the servers does not reach it.
servers_place() {
    BAILIWICK_TEST_WITHOUT="${BAILIWICK_TEST_WITHOUT:-}"
    servers_root="$target/servers"
    mkdir -p "$servers_root" || return 1
    exec 9> "$servers_root/lock" || return 1
    if flock -n 9 2> /dev/null; then
        servers_reachable "$servers_root" && return
        [[ -s $servers_root/elsewhere ]] || servers_elsewhere > "$servers_root/elsewhere" || return 1
        servers_borrowed="$(cat "$servers_root/elsewhere")"
    else
        servers_borrowed="$(servers_elsewhere)" || return 1
    fi
    servers_root="$servers_borrowed"
    mkdir -p -m 711 "$servers_root"
}

servers_elsewhere() {
    local folder
    folder="$(mktemp -d "${TMPDIR:-/tmp}/bailiwick-servers-XXXXXX")" && chmod 711 "$folder" && printf '%s\n' "$folder"
}

servers_reachable() {
    ((EUID != 0)) || setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$1" 2> /dev/null
}

# Finds or starts what the tests need and exports where it is; says what is missing, and answers 1 then.
servers_begin() {
    local kind missing=0
    servers_place || return 1
    for kind in "${SERVERS[@]}"; do
        if is_without "$kind"; then
            printf '%s: left out, as BAILIWICK_TEST_WITHOUT says\n' "$kind" >&2
        else
            servers_one "$kind" || missing=1
        fi
    done
    return "$missing"
}

servers_one() {
    local kind="$1" variable url folder="$servers_root/$1" why
    variable="$(url_variable "$kind")"
    if [[ -n ${!variable:-} ]] && { is_without crashes || find_server "$kind" > /dev/null; }; then
        printf '%s: the one of %s\n' "$kind" "$variable" >&2
        return
    fi
    if ! find_server "$kind" > /dev/null; then
        printf '%s: is not installed; trying to\n' "$kind" >&2
        why="$(install_server "$kind" 2>&1 | tee >(cat >&2) | tail -n 1)"
        find_server "$kind" > /dev/null || { servers_explain "$kind" "$why" >&2 && return 1; }
        [[ -z ${!variable:-} ]] || return 0
    fi
    if [[ ! -e $folder/kept ]]; then
        tests/servers/instance stop "$folder" 9>&- # left over from a run that was killed
        servers_started+=("$folder")
    fi
    url="$(tests/servers/instance start "$kind" "$folder" 9>&-)" || return 1
    export "$variable=$url"
    printf '%s: %s\n' "$kind" "${url##*@}" >&2
}

servers_explain() {
    local name='PostgreSQL, 15 or later,' package=postgresql
    [[ $1 == postgres ]] || name='MariaDB, 10.6 or later, or MySQL, 8.0 or later,' package=mariadb-server-core
    cat << EXPLANATION
$name is not on this machine and could not be installed: $2.
Provide it in one of these ways:
  install it; on Debian: apt-get install $package
  start one yourself, with Docker as tests/compose.yaml does, and set $(url_variable "$1") to its URL;
    BAILIWICK_TEST_WITHOUT=crashes then leaves out the tests that start and kill servers of their own
  BAILIWICK_TEST_WITHOUT=$1 leaves out all that it would show
EXPLANATION
}

# Stops what servers_begin has started.
servers_end() {
    local folder
    for folder in ${servers_started[@]+"${servers_started[@]}"}; do
        tests/servers/instance stop "$folder" 9>&-
    done
    servers_started=()
    [[ -z $servers_borrowed ]] || servers_return
}

# Removes the borrowed folder, unless servers are kept there.
servers_return() {
    local kind
    for kind in "${SERVERS[@]}"; do
        [[ ! -e $servers_borrowed/$kind/kept ]] || return 0
    done
    rm -rf "${servers_borrowed:?}"
    [[ $(cat "$target/servers/elsewhere" 2> /dev/null) != "$servers_borrowed" ]] || rm -f "$target/servers/elsewhere"
}

# tests/run servers start|stop|env|install
servers_command() {
    local kind status=0
    case "$1" in
        install)
            for kind in "${SERVERS[@]}"; do
                find_server "$kind" > /dev/null || install_server "$kind" || servers_explain "$kind" 'see above' >&2
                find_server "$kind" || status=1
            done
            return "$status"
            ;;
        start)
            servers_place || return 1
            [[ $servers_root == "$target/servers" || -e $target/servers/elsewhere ]] || { servers_busy && return 1; }
            servers_begin || status=1
            for kind in ${servers_started[@]+"${servers_started[@]}"}; do : > "$kind/kept"; done
            servers_started=()
            servers_lines
            ;;
        env)
            servers_root="$(cat "$target/servers/elsewhere" 2> /dev/null || printf '%s\n' "$target/servers")"
            servers_lines || status=1
            ;;
        stop)
            servers_place || return 1
            for kind in "${SERVERS[@]}"; do
                rm -f "$servers_root/$kind/kept"
                servers_started+=("$servers_root/$kind")
            done
            servers_end
            ;;
    esac
    return "$status"
}

servers_busy() {
    rm -rf "${servers_borrowed:?}"
    printf 'tests/run is at work with the servers of %s; wait until it has ended\n' "$target" >&2
}

# The lines that tell a shell where the servers are; 1 if there is none.
servers_lines() {
    local kind variable url status=1
    for kind in "${SERVERS[@]}"; do
        variable="$(url_variable "$kind")"
        url="$(tests/servers/instance url "$servers_root/$kind" 9>&- 2> /dev/null)" || url="${!variable:-}"
        [[ -n $url ]] || continue
        printf "export %s='%s'\n" "$variable" "$url"
        status=0
    done
    return "$status"
}
