#!/bin/sh
# Builds a Coq development and compares the axioms that its theorems rest on with its list of allowed ones.
#
# usage: scripts/proofs.sh SOURCE FOLDER          builds the development of the folder SOURCE in FOLDER
#        scripts/proofs.sh SOURCE FOLDER check    has coqchk check the compiled files again, too
#
# SOURCE has the files, the list _CoqProject of those to compile, Assumptions.v (prints what the theorems rest on) and
# allowed-axioms.txt. Only what changed since the last build in FOLDER is compiled. Ends with 2 where Coq or a library is
# missing, with 1 where a file is not accepted or an axiom is not allowed.
set -eu
export LC_ALL=C # one order for sort and comm

source=$1
folder=$2

fail() {
    status=$1
    shift
    echo "proofs: $*" >&2
    exit "$status"
}

install='get it with: apt-get install coq libcoq-interval (elsewhere: opam install coq coq-interval)'
command -v coqc >/dev/null 2>&1 || fail 2 "coqc is missing; $install"
libraries=$(coqc -where)/user-contrib
for library in Coquelicot Flocq Interval; do
    [ -d "$libraries/$library" ] || fail 2 "the Coq library $library is missing; $install"
done

# A file that did not change keeps its time, so that make does not compile it again.
mkdir -p "$folder"
source=$(cd "$source" && pwd)
folder=$(cd "$folder" && pwd)
for file in "$source"/*.v "$source/_CoqProject"; do
    cmp -s "$file" "$folder/${file##*/}" || cp "$file" "$folder/"
done
for file in "$source"/*.v; do
    grep -qx "${file##*/}" "$source/_CoqProject" || fail 1 "${file##*/} is not listed in _CoqProject"
done

cd "$folder"
coq_makefile -f _CoqProject -o Makefile.coq
unset MAKEFLAGS MFLAGS MAKELEVEL
make -f Makefile.coq -s -j2 || fail 1 "Coq does not accept the development"

# Not through a pipe, which would lose coqc's exit status.
coqc -Q . Logitlab -w -ambiguous-paths Assumptions.v >assumptions.txt || fail 1 "the axioms could not be printed"
grep -q -e '^Axioms:' -e '^Closed under the global context' assumptions.txt || fail 1 "Assumptions.v prints no axioms"
awk '/^Axioms:/ { on = 1; next } on && /^[^ ]/ { print $1 }' assumptions.txt | sort >axioms.txt
count=$(wc -l <axioms.txt | tr -d ' ')
grep -v '^#' "$source/allowed-axioms.txt" | sort >allowed.txt
more=$(comm -23 axioms.txt allowed.txt | tr '\n' ' ')
[ -z "$more" ] || fail 1 "the theorems rest on what allowed-axioms.txt does not allow: $more"
less=$(comm -13 axioms.txt allowed.txt | tr '\n' ' ')
[ -z "$less" ] || fail 1 "allowed-axioms.txt allows what no theorem needs; take it out: $less"

if [ "${3:-}" = check ]; then
    # What computes with intervals on Coq's integers takes coqchk longer than all the rest: more than 100 s.
    left_out='Logitlab\.(Intervals|Table|Assumptions)'
    modules=$(sed -n 's/^\(.*\)\.v$/Logitlab.\1/p' _CoqProject | grep -v -x -E "$left_out")
    # shellcheck disable=SC2086 # one argument for each module
    coqchk -silent -Q . Logitlab $modules || fail 1 "coqchk does not accept the compiled files"
fi
echo "proofs: accepted; the theorems rest on $count axioms, all of them allowed"
