# packages: what the bench needs besides what is built and tested with.
#
# Sourced by dev, whose words (packages, step, BIN) it uses.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # dev uses the one and sets the other

BENCH_PACKAGES=(
    "nodejs:node      runs the bench, and two of the peers"
    "npm:npm          fetches those"
    "php-cli:php      a peer: the loop of a PHP site"
    "php-redis        its link to Redis"
    "wrk              sends requests"
    "chromium:chromium  what the web client runs in"
    "valgrind         counts instructions"
)

unpack_nchan() { # a peer: the module alone, unpacked, since its package starts a service
    local into=$BIN/nchan
    rm -rf -- "$into"
    mkdir -p "$into"
    (cd "$into" && apt-get -q -o APT::Sandbox::User=root download libnginx-mod-nchan &&
        dpkg-deb -x ./libnginx-mod-nchan_*.deb . && rm ./libnginx-mod-nchan_*.deb)
}

bench_tools() {
    [[ -d $BIN/nchan/usr ]] || step "unpacking Nchan into build/" nchan unpack_nchan ||
        note "no Nchan here: going on without it"
    [[ -e $BIN/php-fpm/php-fpm ]] || step "unpacking php-fpm into build/" php-fpm unpack_php_fpm ||
        note "no php-fpm here: going on without it"
    # For locations of its own the module takes nginx's built-in folder, whatever the configuration says.
    [[ -d /var/lib/nginx || $EUID != 0 ]] || mkdir -p /var/lib/nginx
}
