# SPDX-License-Identifier: GPL-3.0-or-later
# The three fabs, their router and a designer on this machine: sourced by scripts/demo, by the tests of
# the web page and by bench/http. nearfab, nearfab-router and nearfab-agent are found on the PATH.
#
#   network_make FOLDER    keys, configurations and tokens in that folder, which should have a short
#                          name: the path of a control socket is limited
#   network_start          starts the programs, and returns when all fabs are there
#   network_stop           ends them
#
# Sets fabs, network_run, network_port, page_port, ada_token and nora_token, and what the command line
# needs to be the designer ada.
fabs=(lyon grenoble saint_etienne)
network_programs=()

network_public() { sed -n 's/^public //p' "$network_run/net/keys/$1.key"; }

# Free ports, so that it runs beside a real router.
network_free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

network_token() {
    nearfab-router --config "$network_run/net/router.toml" token --add "$@" \
        2>>"$network_run/router.log" | head -n 1
}

network_make() {
    network_run=$1
    local examples name file
    examples=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    mkdir -p "$network_run/net/keys"
    cp "$examples"/three_fabs/*.toml "$network_run/net/"
    cp -r "$examples/profiles" "$network_run/"
    for name in router "${fabs[@]}" ada; do
        nearfab keygen --out "$network_run/net/keys/$name.key" --quiet >/dev/null
    done
    {
        for name in "${fabs[@]}"; do echo "agent $name $(network_public "$name")"; done
        echo "client ada $(network_public ada)"
    } >"$network_run/net/allowed_keys"

    network_port=$(network_free_port 7440)
    page_port=$(network_free_port 7480)
    for file in "$network_run"/net/*.toml; do
        # The key may hold any character that sed would read as its own.
        PUBLIC=$(network_public router) PORT=$network_port awk '
            { while ((at = index($0, "@ROUTER_PUBLIC_KEY@")) > 0)
                  $0 = substr($0, 1, at - 1) ENVIRON["PUBLIC"] substr($0, at + 19)
              gsub(/:7440"/, ":" ENVIRON["PORT"] "\""); print }' "$file" >"$file.new"
        mv "$file.new" "$file"
    done

    # The page and the API: a designer, and an operator whom all three fabs listen to.
    printf '\n[http]\nlisten = "127.0.0.1:%s"\ntokens = "tokens"\n' "$page_port" \
        >>"$network_run/net/router.toml"
    for name in "${fabs[@]}"; do
        printf '\n[operators]\nthrough_router = ["nora"]\n' >>"$network_run/net/$name.toml"
    done
    ada_token=$(network_token --role designer --name ada)
    nora_token=$(network_token --role operator --name nora --fabs lyon,grenoble,saint_etienne)

    export XDG_CONFIG_HOME="$network_run/config" XDG_STATE_HOME="$network_run/state"
    export NEARFAB_ROUTER="tcp://127.0.0.1:$network_port"
    export NEARFAB_KEY_FILE="$network_run/net/keys/ada.key"
    NEARFAB_ROUTER_KEY=$(network_public router)
    export NEARFAB_ROUTER_KEY
}

network_start() {
    local name seen count=0
    nearfab-router --config "$network_run/net/router.toml" 2>>"$network_run/router.log" &
    network_programs+=($!)
    for name in "${fabs[@]}"; do
        nearfab-agent --config "$network_run/net/$name.toml" 2>"$network_run/$name.log" &
        network_programs+=($!)
    done
    for _ in $(seq 150); do
        seen=$(nearfab fabs --json 2>/dev/null || true)
        count=$(grep -c '"connected": true' <<<"$seen" || true)
        # An agent may be here before the first look at its machine.
        [ "$count" -eq 3 ] && ! grep -q '"state": "offline"' <<<"$seen" && return 0
        sleep 0.2
    done
    [ "$count" -eq 3 ] && return 0
    echo "only $count of 3 fabs came up" >&2
    return 1
}

network_stop() {
    [ ${#network_programs[@]} -eq 0 ] && return 0
    kill "${network_programs[@]}" 2>/dev/null || true
    wait "${network_programs[@]}" 2>/dev/null || true
    network_programs=()
}
