#!/bin/sh
# Provides what the build needs beyond a Rust toolchain, a C compiler and make, and says nothing if it is all there.
#
# usage: scripts/setup.sh         the required tools
#        scripts/setup.sh proofs  Coq too, which checks the theorems of proofs/coq
#        scripts/setup.sh tests   those too with which the tests judge; without one they say NOT RUN
#        scripts/setup.sh all     the optional ones too
#
# SETUP=no installs nothing. Whatever stays missing is named, one line each, and the script ends with 2; asked for those of
# the proofs or tests it ends with 0, since the tests can do without.
#
# What each costs is said before it is installed. On Debian 12 with a fast network it took 1 s for the required tools,
# 12 s for Coq, 37 s for the rest.
set -eu

# tool | group | package (or several) on Debian | on Fedora | in Homebrew | download, disk on Debian 12 | why
# The tests read this table too (tests/support/mod.rs): a tool that they look up has its line here.
packages='
m4|required|m4|m4|m4|0.3 MB, 1 MB|the build of GMP runs it
coqc|proofs|coq libcoq-interval|coq|coq|265 MB, 1.1 GB|the theorems of proofs/coq are checked with it and with coq-interval
gappa|tests|gappa|gappa|gappa|0.4 MB, 1 MB|the error of the fast exponential is proved with it
sollya|tests|sollya|sollya|sollya|5 MB, 29 MB|the approximation in the fast exponential is proved with it
gp|tests|pari-gp|pari-gp|pari|4 MB, 11 MB|exact numbers are compared with those of PARI/GP
pdflatex|tests|texlive-latex-recommended|texlive-collection-latexrecommended|texlive|48 MB, 151 MB|derivations and a report are typeset
z3|tests|z3|z3|z3|7 MB, 23 MB|claims at small K are handed to it
chromium|tests|chromium|chromium|chromium|112 MB, 389 MB|a report is looked at in a browser
python3|optional|python3|python3|python|5 MB, 20 MB|a test runs the code that logitlab doctor advises to paste, others the second checker of proofs
'

status=0

warn() {
    echo "setup: $*" >&2
}

complain() {
    warn "$@"
    status=2
}

# Found here but never installed: each has more than one good source, and the user has likely chosen one.
have() {
    command -v "$1" >/dev/null 2>&1
}
have cargo || complain "cargo is missing; get Rust from https://rustup.rs"
have cc || complain "cc is missing; get a C compiler with: apt-get install gcc libc6-dev | dnf install gcc | xcode-select --install"
have make || complain "make is missing; get it with: apt-get install make | dnf install make | xcode-select --install"

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@" # nobody is there to type a password
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=60 "$@" 2>&1
}

# Installs the Debian packages $1; $said is then what apt-get printed last. The package lists are only fetched when the
# ones at hand do not do: a fresh image has none, an old one has lists whose files are gone.
apt_install() {
    # shellcheck disable=SC2086 # one argument for each package
    set -- install -y --no-install-recommends $1
    said=$(apt "$@") && return
    apt update >/dev/null || true
    said=$(apt "$@")
}

# Installs the Debian packages $1, or sets $because to why it could not.
install_package() {
    if [ "${SETUP:-yes}" = no ]; then
        because="SETUP=no forbids installing it"
    elif ! have apt-get; then
        because="there is no apt-get to install it with"
    elif [ "$(id -u)" -ne 0 ] && ! have sudo; then
        because="installing it takes root or sudo"
    else
        case $1 in *' '*) plural=s ;; *) plural= ;; esac
        echo "setup: installing the package$plural $1 ($why; download and disk: $cost)"
        apt_install "$1" && have "$tool" && return
        because="apt-get did not install it: $(printf '%s\n' "$said" | tail -n 1)"
    fi
    return 1
}

while IFS='|' read -r tool group debian fedora homebrew cost why <&3; do
    if [ -z "$tool" ] || have "$tool"; then continue; fi
    case $group:${1:-} in required:* | proofs:proofs | proofs:tests | tests:tests | *:all) ;; *) continue ;; esac
    if install_package "$debian" 3<&-; then continue; fi
    case $group:${1:-} in *:all | required:*) tell=complain ;; *) tell=warn ;; esac
    "$tell" "$tool is missing ($why) and $because; get it with:" \
        "apt-get install $debian | dnf install $fedora | brew install $homebrew"
done 3<<EOF
$packages
EOF

exit "$status"
