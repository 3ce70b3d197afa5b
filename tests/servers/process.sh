# shellcheck shell=bash
# The process of a server in $folder: found by its number and its data folder, so that no other is ever touched.

# Before a command: the user of the servers, who is oneself, or `nobody` for root, as no server runs as root.
declare -a as_server=(env)
((EUID != 0)) || as_server=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --)
# The keys that end a test run are not for its servers.
declare -a apart=(env)
! command -v setsid > /dev/null || apart=(setsid)
readonly as_server apart

# Whether a process is the server of this folder; a number may have come to another one.
is_ours() {
    local -a words=()
    [[ $1 =~ ^[0-9]+$ && -r /proc/$1/cmdline ]] || return 1
    local word tries
    for tries in {1..50}; do
        { mapfile -d '' -t words < "/proc/$1/cmdline"; } 2> /dev/null || return 1
        # One that has ended has no words; one that becomes another program has none for a moment.
        ((${#words[@]} == 0)) && is_alive "$1" || break
        sleep 0.02
    done
    for word in ${words[@]+"${words[@]}"}; do
        [[ $word == "$folder/own/data" || $word == "--datadir=$folder/own/data" ]] && return
    done
    return 1
}

# Prints the number of the server's process, if it runs.
running() {
    local pid
    pid="$(cat "$folder/pid" 2> /dev/null)" && is_ours "$pid" && printf '%s\n' "$pid"
}

# A port below those that the kernel gives to clients, so that it is still free after a crash.
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); do
        (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
    done
    printf '%s\n' "$port"
}

# Starts the words of the array `command` with nothing of ours open, and notes the number.
launch() {
    (
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        cd / || exit 1
        "${apart[@]}" "${as_server[@]}" env -i PATH="$PATH" LC_ALL=C "${command[@]}" < /dev/null > "$folder/log" 2>&1 &
        printf '%s\n' "$!" > "$folder/pid"
    )
    local left pid
    pid="$(cat "$folder/pid")"
    for ((left = 3000; left > 0; left--)); do # until it has become the server, which a busy machine may take long for
        running > /dev/null && return
        is_alive "$pid" || return 1
        sleep 0.02
    done
    kill -KILL "$pid"
    return 1
}

# Waits for up to $1 tenths of a second until the server has ended.
ended() {
    local left
    for ((left = $1 * 2; left > 0; left--)); do
        running > /dev/null || return 0
        sleep 0.05
    done
    return 1
}

# Ends the server in an orderly way, and if it does not listen by force.
stop() {
    local pid
    if pid="$(running)"; then
        kill -INT "$pid" 2> /dev/null # PostgreSQL: now, without waiting for clients
        [[ $(kind) == mysql ]] && kill -TERM "$pid" 2> /dev/null
        ended 300 || crash
        "$(kind)_forget"
    fi
    rm -f "$folder/pid"
}

# SIGKILL to the server and its children, as if the machine had lost them all at once.
crash() {
    local pid children
    pid="$(running)" || return 0
    mapfile -t children < <(children_of "$pid")
    kill -KILL "$pid" ${children[@]+"${children[@]}"} 2> /dev/null
    ended 100 || fail "process $pid does not end"
    local child
    for child in ${children[@]+"${children[@]}"}; do
        while is_alive "$child"; do sleep 0.02; done
    done
    "$(kind)_forget"
}

children_of() {
    local stat line
    for stat in /proc/[0-9]*/stat; do
        { read -r line < "$stat"; } 2> /dev/null || continue
        line="${line##*) }" # state, parent, …
        line="${line#* }"
        if [[ ${line%% *} == "$1" ]]; then
            stat="${stat#/proc/}"
            printf '%s\n' "${stat%/stat}"
        fi
    done
}

# Whether a process is there and has not ended; who should have collected it may be slow.
is_alive() {
    local line
    { read -r line < "/proc/$1/stat"; } 2> /dev/null || return 1
    line="${line##*) }"
    [[ ${line%% *} != [ZX] ]]
}

# Ends the server, and removes its folder, once a process has ended.
watch() {
    (
        exec < /dev/null > /dev/null 2>&1
        trap '' INT TERM HUP
        while is_alive "$1"; do
            [[ -d $folder ]] || exit
            sleep 0.5
        done
        crash
        rm -rf "${folder:?}"
    ) &
}

kind() { cat "$folder/kind" 2> /dev/null; }

# Makes the folder and in it the data, unless they are there, of this version and as this script makes them, which the
# number says.
prepare() {
    local kind="$1" program="$2" version
    version="2 $kind $("${kind}_full_version" "$program")" || fail "$program does not say its version"
    if [[ -e $folder/complete && $(cat "$folder/version" 2> /dev/null) == "$version" ]]; then
        return
    fi
    rm -rf "$folder/own" "$folder/complete" "$folder/url" "$folder/port"
    mkdir -p "$folder/own/init" || fail "$folder cannot be made"
    printf '%s\n' "$version" > "$folder/version"
    printf '%s\n' "$kind" > "$folder/kind"
    head -c 18 /dev/urandom | base64 | tr -dc 'a-zA-Z0-9' > "$folder/password"
    "${kind}_secrets" > "$folder/own/init/secrets"
    if ((EUID == 0)); then
        chmod go+x "$folder" && chown -R 65534:65534 "$folder/own" || fail "$folder cannot be given to the server's user"
    fi
    "${as_server[@]}" test -w "$folder/own" || fail "the user \`nobody\`, as whom the server runs, does not reach $folder"
    "${kind}_init" "$program" > "$folder/log" 2>&1 || fail "$kind cannot make its data; $folder/log ends with:
$(tail -n 20 "$folder/log")"
    : > "$folder/complete"
}
