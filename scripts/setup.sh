#!/bin/sh
# Provides what the build needs beyond a Rust toolchain, a C compiler and make, and says nothing if it is all there.
#
# usage: scripts/setup.sh        the required tools
#        scripts/setup.sh tests  those too with which the tests judge; without one they say NOT RUN
#        scripts/setup.sh all    the optional ones too: tests and benches that lack one say NOT RUN
#
# SETUP=no installs nothing. Whatever stays missing is named, one line each, and the script ends with 2; asked for those of
# the tests it ends with 0, since the tests can do without.
set -eu

# tool | required, tests or optional | package (or several) on Debian | on Fedora | in Homebrew | why
# The tests read this table too (tests/support/mod.rs): a tool that they look up has its line here.
packages='
m4|required|m4|m4|m4|the build of GMP runs it
coqc|tests|coq libcoq-interval|coq|coq|the theorems of proofs/coq are checked with it and with coq-interval
gappa|tests|gappa|gappa|gappa|the error of the fast exponential is proved with it
sollya|tests|sollya|sollya|sollya|the approximation in the fast exponential is proved with it
gp|optional|pari-gp|pari-gp|pari|the bench compares with PARI/GP
python3|optional|python3|python3|python|a test runs the code that logitlab doctor advises to paste
pdflatex|optional|texlive-latex-recommended|texlive-collection-latexrecommended|texlive|tests typeset the derivations and a report
chromium|optional|chromium|chromium|chromium|tests look at a report in a browser
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
        echo "setup: installing the package$plural $1 ($why)"
        apt_install "$1" && have "$tool" && return
        because="apt-get did not install it: $(printf '%s\n' "$said" | tail -n 1)"
    fi
    return 1
}

while IFS='|' read -r tool need debian fedora homebrew why <&3; do
    if [ -z "$tool" ] || have "$tool"; then continue; fi
    case $need:${1:-} in required:* | tests:tests | *:all) ;; *) continue ;; esac
    if install_package "$debian" 3<&-; then continue; fi
    case $need:${1:-} in tests:tests) tell=warn ;; *) tell=complain ;; esac
    "$tell" "$tool is missing ($why) and $because; get it with:" \
        "apt-get install $debian | dnf install $fedora | brew install $homebrew"
done 3<<EOF
$packages
EOF

exit "$status"
